import DocumentReader
import MeshModel

/// Reads Istio `PeerAuthentication`.
enum IstioPeerAuthenticationDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.security("PeerAuthentication")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let selector = IstioAttachmentReader.selector(spec, "selector")
    let mtls = spec.object("mtls")
    let mode = mtls?.word("mode", as: IstioPeerAuthentication.Mode.self)
    mtls?.reportUnknownFields()
    let ports = portModes(spec)
    if !ports.isEmpty, selector?.isEmpty ?? true {
      spec.problem(
        "ports-without-selector",
        "\(object.metadata.reference.text) has portLevelMtls but selects no workload",
        at: ports[0].location, hint: "Istio refuses it; add a selector")
    }
    spec.reportUnknownFields()
    contents.inventory.istio.peerAuthentications.append(
      IstioPeerAuthentication(
        metadata: object.metadata, selector: selector, mode: mode?.value ?? .unset,
        modeLocation: mode?.location, portModes: ports))
  }

  private static func portModes(_ spec: FieldReader) -> [IstioPeerAuthentication.PortMode] {
    guard let ports = spec.object("portLevelMtls") else { return [] }
    var modes: [IstioPeerAuthentication.PortMode] = []
    for name in ports.names {
      let entry = ports.object(name)
      guard let number = Int(name), (1...65535).contains(number) else {
        ports.problem(
          "bad-port", "port \"\(name)\" of portLevelMtls is no number from 1 to 65535",
          at: entry?.location ?? ports.location, hint: "name the container port")
        continue
      }
      guard let entry else { continue }
      let mode = entry.word("mode", as: IstioPeerAuthentication.Mode.self)
      entry.reportUnknownFields()
      modes.append(
        .init(
          port: number, mode: mode?.value ?? .unset, location: mode?.location ?? entry.location))
    }
    return modes
  }
}
