import DocumentReader
import MeshModel

/// Reads Istio `ServiceEntry`.
enum IstioServiceEntryDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.networking("ServiceEntry")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let ports = spec.objects("ports").compactMap { fields in
      fields.int("number").map {
        IstioServiceEntry.Port(
          number: $0.value, name: fields.string("name")?.value,
          protocolName: fields.string("protocol")?.value,
          targetPort: fields.int("targetPort")?.value)
      }
    }
    let endpoints = spec.objects("endpoints").map {
      IstioServiceEntry.Endpoint(
        address: $0.string("address")?.value ?? "", labels: $0.stringMap("labels"),
        serviceAccount: $0.string("serviceAccount")?.value)
    }
    contents.inventory.istio.serviceEntries.append(
      IstioServiceEntry(
        metadata: object.metadata, hosts: spec.strings("hosts"),
        addresses: spec.strings("addresses").map(\.value), ports: ports,
        meshLocation: spec.word("location", as: IstioServiceEntry.Location.self)?.value
          ?? .external,
        resolution: spec.string("resolution")?.value ?? "NONE", endpoints: endpoints,
        workloadSelector: IstioAttachmentReader.selector(
          spec, "workloadSelector", labels: "labels"),
        exportTo: spec.strings("exportTo").map(\.value),
        subjectAltNames: spec.strings("subjectAltNames").map(\.value)))
    spec.reportUnknownFields()
  }
}
