import DocumentReader
import MeshModel

/// Reads `v1 Service`.
enum ServiceDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "", kind: "Service")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let addresses = spec.strings("clusterIPs").map(\.value)
    contents.inventory.kubernetes.services.append(
      Service(
        metadata: object.metadata,
        ports: spec.objects("ports").compactMap(port),
        selector: spec.stringMap("selector"),
        type: spec.string("type")?.value ?? "ClusterIP",
        clusterIPs: addresses.isEmpty
          ? spec.string("clusterIP").map { [$0.value] } ?? [] : addresses,
        externalName: spec.string("externalName")?.value))
  }

  private static func port(_ fields: FieldReader) -> ServicePort? {
    guard let number = fields.int("port") else { return nil }
    return ServicePort(
      name: fields.string("name")?.value, port: number.value,
      targetPort: fields.intOrString("targetPort")?.value,
      appProtocol: fields.string("appProtocol")?.value,
      transport: fields.string("protocol").flatMap { TransportProtocol(rawValue: $0.value) }
        ?? .tcp,
      nodePort: fields.int("nodePort")?.value, location: fields.location)
  }
}
