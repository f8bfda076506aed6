import DocumentReader
import MeshModel

/// Reads the classic Istio `Gateway`.
enum IstioGatewayDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.networking("Gateway")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    contents.inventory.istio.gateways.append(
      IstioGateway(
        metadata: object.metadata, selector: spec.stringMap("selector"),
        servers: spec.objects("servers").compactMap(server)))
    spec.reportUnknownFields()
  }

  private static func server(_ fields: FieldReader) -> IstioGateway.Server? {
    guard let port = fields.object("port"), let number = port.int("number") else {
      fields.problem(
        "missing-port", "\(fields.path) has no port.number", at: fields.location,
        hint: "name the port that the gateway listens on")
      return nil
    }
    return IstioGateway.Server(
      port: number.value, portName: port.string("name")?.value,
      protocolName: port.string("protocol")?.value ?? "", hosts: fields.strings("hosts"),
      tls: fields.object("tls").map(tls), location: fields.location)
  }

  private static func tls(_ fields: FieldReader) -> IstioGateway.TLS {
    let names = fields.strings("credentialNames")
    return IstioGateway.TLS(
      mode: fields.word("mode", as: IstioGateway.TLSMode.self)?.value,
      redirectsToHTTPS: fields.bool("httpsRedirect")?.value ?? false,
      minimumProtocolVersion: fields.string("minProtocolVersion"),
      cipherSuites: fields.strings("cipherSuites").map(\.value),
      credentialNames: names.isEmpty ? fields.string("credentialName").map { [$0] } ?? [] : names,
      caCertificateCredentialName: fields.string("caCertCredentialName"),
      subjectAltNames: fields.strings("subjectAltNames").map(\.value), location: fields.location)
  }
}
