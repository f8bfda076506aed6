import DocumentReader
import MeshModel

/// Reads Istio `Sidecar`.
enum IstioSidecarDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.networking("Sidecar")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let egress = spec.objects("egress").map { fields in
      IstioSidecar.Egress(
        port: fields.object("port")?.int("number")?.value, hosts: fields.strings("hosts"),
        location: fields.location)
    }
    var outboundMode: Located<IstioOutboundMode>?
    if let policy = spec.object("outboundTrafficPolicy") {
      let mode = policy.word("mode", as: IstioOutboundMode.self)
      policy.ignore("egressProxy")
      policy.reportUnknownFields()
      // REGISTRY_ONLY is the zero value of the API's enum: an empty object sets it.
      outboundMode = mode ?? Located(.registryOnly, at: policy.location)
    }
    contents.inventory.istio.sidecars.append(
      IstioSidecar(
        metadata: object.metadata,
        workloadSelector: IstioAttachmentReader.selector(
          spec, "workloadSelector", labels: "labels"),
        egress: egress, outboundMode: outboundMode))
    spec.ignore("ingress", "inboundConnectionPool")
    spec.reportUnknownFields()
  }
}
