import DocumentReader
import MeshModel

/// Reads `v1 ConfigMap`.
///
/// What a known key means (`istio`, `linkerd-config`) is read by the mesh's own decoders, which the
/// text is handed to.
enum ConfigMapDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "", kind: "ConfigMap")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    var data: [String: Located<String>] = [:]
    if let fields = object.fields.object("data") {
      for name in fields.names { data[name] = fields.string(name) }
    }
    contents.inventory.kubernetes.configMaps.append(
      ConfigMap(metadata: object.metadata, data: data))
    contents.inventory.kubernetes.logSinks += LogCollectorReader.sinks(
      of: data, metadata: object.metadata)
    IstioMeshConfigDecoder.decode(object, into: &contents)
    contents.inventory.certificates.spireControllers += SPIREControllerReader.configurations(
      data: data)
    if let configuration = LinkerdConfigurationReader.configuration(
      metadata: object.metadata, data: data, sink: object.fields.sink)
    {
      contents.inventory.linkerd.configurations.append(configuration)
    }
  }
}
