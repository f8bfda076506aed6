import DocumentReader
import MeshModel

/// Reads `v1 Pod`: a bare pod, or a running pod of a controller with its addresses.
enum PodDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "", kind: "Pod")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let status = object.fields.object("status")
    var addresses = status?.objects("podIPs").compactMap { $0.string("ip")?.value } ?? []
    if addresses.isEmpty, let address = status?.string("podIP") { addresses = [address.value] }
    contents.controllers.append(
      PodController(
        metadata: object.metadata,
        template: PodTemplateReader.template(
          metadata: object.fields.object("metadata"), spec: object.spec),
        owner: OwnerReader.owner(of: object),
        instance: PodInstance(
          name: object.metadata.name, addresses: addresses,
          startTime: status?.time("startTime"),
          uid: object.fields.object("metadata")?.string("uid")?.value,
          nodeName: object.spec.string("nodeName")?.value)))
  }
}
