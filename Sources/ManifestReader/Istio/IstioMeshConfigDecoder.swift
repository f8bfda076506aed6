import DocumentReader
import MeshModel

/// Reads MeshConfig: the key `mesh` of the ConfigMap `istio` or `istio-REV`, YAML inside YAML.
enum IstioMeshConfigDecoder {
  /// Called for every ConfigMap; others than Istio's are left alone.
  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let name = object.metadata.name
    guard name == "istio" || name.hasPrefix("istio-"),
      let entry = object.fields.node["data"]?.entries?.first(where: { $0.key == "mesh" }),
      let text = entry.value.scalar?.text
    else { return }
    let sink = object.fields.sink
    var nodes: [DocumentNode]
    let place = entry.value.location
    if text.contains("\n"), !place.path.hasSuffix(".json") {
      // A block scalar: its text starts on the line after the key, indented under it.
      nodes = YAMLDocuments.read(text, path: place.path, firstLine: place.line + 1, into: sink)
      nodes = nodes.map { $0.shifted(columns: entry.keyLocation.column + 1) }
    } else {
      nodes = YAMLDocuments.read(text, path: place.path, firstLine: place.line, into: sink)
    }
    guard let node = nodes.first else { return }
    var config = IstioMeshConfigReader.config(
      FieldReader(node, path: "data.mesh", sink: sink, parent: object.fields))
    config.source = .configMap
    config.revision = name == "istio" ? nil : String(name.dropFirst("istio-".count))
    config.controlPlaneNamespace = object.metadata.namespace
    contents.inventory.istio.meshConfigs.append(config)
  }
}

/// Reads `IstioOperator`: `spec.meshConfig`, or the same under `spec.values`.
enum IstioOperatorDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "install.istio.io", kind: "IstioOperator")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    guard
      let fields = object.spec.object("meshConfig")
        ?? object.spec.object("values")?.object("meshConfig")
    else { return }
    var config = IstioMeshConfigReader.config(fields)
    config.source = .installer
    config.revision = object.spec.string("revision").flatMap { $0.value.isEmpty ? nil : $0.value }
    config.controlPlaneNamespace = object.metadata.namespace
    contents.inventory.istio.meshConfigs.append(config)
  }
}

extension DocumentNode {
  /// The same value with all its places moved to the right.
  fileprivate func shifted(columns: Int) -> DocumentNode {
    var node = self
    node.location.column += columns
    switch content {
    case .scalar: break
    case .sequence(let items):
      node.content = .sequence(items.map { $0.shifted(columns: columns) })
    case .mapping(let entries):
      node.content = .mapping(
        entries.map { entry in
          var moved = entry
          moved.keyLocation.column += columns
          moved.value = entry.value.shifted(columns: columns)
          return moved
        })
    }
    return node
  }
}
