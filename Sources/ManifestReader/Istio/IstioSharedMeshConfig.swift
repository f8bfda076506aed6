import DocumentReader
import MeshModel

/// A ConfigMap that istiod reads besides its own: `SHARED_MESH_CONFIG` names it, in istiod's
/// namespace, and istiod's own has precedence (Istio pilot/pkg/bootstrap/mesh.go
/// `getConfigurationSources`: "User configuration is applied first").
enum IstioSharedMeshConfig {
  static func merge(_ contents: ManifestContents, into inventory: inout MeshInventory) {
    for workload in inventory.workloads {
      for container in workload.template.containers {
        guard let name = container.environment["SHARED_MESH_CONFIG"] ?? nil, !name.isEmpty,
          let shared = contents.meshConfigTexts.first(where: {
            $0.name == name && $0.namespace == workload.id.namespace
          })
        else { continue }
        let revision = container.environment["REVISION"] ?? nil
        let own =
          revision.map { ["", "default"].contains($0) ? "istio" : "istio-\($0)" } ?? "istio"
        merge(shared, own: own, contents, into: &inventory)
      }
    }
  }

  private static func merge(
    _ shared: MeshConfigText, own: String, _ contents: ManifestContents,
    into inventory: inout MeshInventory
  ) {
    // Both texts were read before, or are unreadable to istiod as well: problems are known.
    let sink = DiagnosticSink()
    guard let base = shared.node(into: sink) else { return }
    let primary = contents.meshConfigTexts.first {
      $0.name == own && $0.namespace == shared.namespace
    }
    guard let primary, primary.name != shared.name, let index = primary.configIndex,
      let node = primary.node(into: sink)
    else {
      if shared.configIndex == nil { append(base, shared, into: &inventory) }
      return
    }
    var config = IstioMeshConfigReader.config(
      FieldReader(merged(base, node), path: "data.mesh", sink: sink))
    primary.identify(&config)
    inventory.istio.meshConfigs[index] = config
  }

  private static func append(
    _ node: DocumentNode, _ text: MeshConfigText, into inventory: inout MeshInventory
  ) {
    var config = IstioMeshConfigReader.config(
      FieldReader(node, path: "data.mesh", sink: DiagnosticSink()))
    config.source = .configMap
    config.controlPlaneNamespace = text.namespace
    inventory.istio.meshConfigs.append(config)
  }

  /// Istio pkg/config/mesh/mesh.go `ApplyMeshConfig`: fields override, but `defaultConfig` and its
  /// `proxyMetadata`, `defaultProviders`, `extensionProviders` by name and `trustDomainAliases`
  /// merge.
  static func merged(_ base: DocumentNode, _ over: DocumentNode) -> DocumentNode {
    overlay(base, over) { key, below, above in
      switch key {
      case "defaultConfig":
        overlay(below, above) { $0 == "proxyMetadata" ? overlay($1, $2) { $2 } : $2 }
      case "defaultProviders": overlay(below, above) { $2 }
      case "trustDomainAliases":
        DocumentNode(
          .sequence((below.items ?? []) + (above.items ?? [])), at: above.location)
      case "extensionProviders":
        DocumentNode(.sequence(providers(below, above)), at: above.location)
      default: above
      }
    }
  }

  private static func providers(_ below: DocumentNode, _ above: DocumentNode) -> [DocumentNode] {
    var result = below.items ?? []
    for provider in above.items ?? [] {
      let name = provider["name"]?.scalar?.text
      if let index = result.firstIndex(where: { $0["name"]?.scalar?.text == name }) {
        result[index] = provider
      } else {
        result.append(provider)
      }
    }
    return result
  }

  private static func overlay(
    _ base: DocumentNode, _ over: DocumentNode,
    _ both: (_ key: String, _ below: DocumentNode, _ above: DocumentNode) -> DocumentNode
  ) -> DocumentNode {
    guard var entries = base.entries, let above = over.entries else { return over }
    for entry in above {
      if let index = entries.firstIndex(where: { $0.key == entry.key }) {
        var entry = entry
        entry.value = both(entry.key, entries[index].value, entry.value)
        entries[index] = entry
      } else {
        entries.append(entry)
      }
    }
    return DocumentNode(.mapping(entries), at: over.location)
  }
}
