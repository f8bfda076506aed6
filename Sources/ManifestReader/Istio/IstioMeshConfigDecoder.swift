import DocumentReader
import MeshModel

/// Reads MeshConfig: the key `mesh` of the ConfigMap `istio` or `istio-REV`, YAML inside YAML.
enum IstioMeshConfigDecoder {
  /// Called for every ConfigMap; others than Istio's are only remembered.
  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let name = object.metadata.name
    guard
      let entry = object.fields.node["data"]?.entries?.first(where: { $0.key == "mesh" }),
      entry.value.scalar != nil
    else { return }
    var text = MeshConfigText(
      name: name, namespace: object.metadata.namespace, entry: entry, configIndex: nil)
    if name == "istio" || name.hasPrefix("istio-"),
      let node = text.node(into: object.fields.sink)
    {
      var config = IstioMeshConfigReader.config(
        FieldReader(node, path: "data.mesh", sink: object.fields.sink, parent: object.fields))
      text.identify(&config)
      text.configIndex = contents.inventory.istio.meshConfigs.count
      contents.inventory.istio.meshConfigs.append(config)
    }
    contents.meshConfigTexts.append(text)
  }
}

/// The text of a ConfigMap's key `mesh`, kept until istiod tells which ConfigMaps it reads.
package struct MeshConfigText: Sendable {
  var name: String
  var namespace: String
  var entry: DocumentNode.Entry
  /// Its place in `IstioResources.meshConfigs`; nil for a ConfigMap that only istiod's settings name.
  var configIndex: Int?

  func node(into sink: DiagnosticSink) -> DocumentNode? {
    guard let text = entry.value.scalar?.text else { return nil }
    let place = entry.value.location
    guard text.contains("\n"), !place.path.hasSuffix(".json") else {
      return YAMLDocuments.read(text, path: place.path, firstLine: place.line, into: sink).first
    }
    // A block scalar: its text starts on the line after the key, indented under it.
    return YAMLDocuments.read(text, path: place.path, firstLine: place.line + 1, into: sink).first?
      .shifted(columns: entry.keyLocation.column + 1)
  }

  func identify(_ config: inout IstioMeshConfig) {
    config.source = .configMap
    config.revision = name == "istio" ? nil : String(name.dropFirst("istio-".count))
    config.controlPlaneNamespace = namespace
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
