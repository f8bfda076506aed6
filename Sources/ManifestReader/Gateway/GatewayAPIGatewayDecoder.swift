import DocumentReader
import MeshModel

/// Reads `gateway.networking.k8s.io Gateway`.
enum GatewayAPIGatewayDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "gateway.networking.k8s.io", kind: "Gateway")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    spec.ignore("allowedListeners", "backendTLS", "defaultScope")
    let infrastructure = spec.object("infrastructure")
    var gateway = GatewayAPIGateway(
      metadata: object.metadata, gatewayClassName: spec.string("gatewayClassName"),
      listeners: spec.objects("listeners").compactMap(listener),
      infrastructureLabels: infrastructure?.stringMap("labels") ?? [:],
      infrastructureAnnotations: infrastructure?.stringMap("annotations") ?? [:],
      addresses: spec.objects("addresses").compactMap { $0.string("value")?.value })
    if let frontend = spec.object("tls")?.object("frontend") {
      gateway.clientValidation = validation(frontend.object("default"))
      for entry in frontend.objects("perPort") {
        guard let port = entry.int("port")?.value else { continue }
        gateway.clientValidationByPort[port] = .some(validation(entry.object("tls")))
      }
    }
    if gateway.gatewayClassName == nil {
      spec.problem(
        "missing-field", "\(object.metadata.reference.text) names no gateway class",
        at: spec.location, hint: "set \"gatewayClassName\", for example \"istio\"")
    }
    spec.reportUnknownFields()
    contents.inventory.gateway.gateways.append(gateway)
  }

  private static func listener(_ fields: FieldReader) -> GatewayAPIGateway.Listener? {
    guard let port = fields.int("port") else { return nil }
    return GatewayAPIGateway.Listener(
      name: fields.string("name")?.value ?? "", hostname: fields.string("hostname")?.value,
      port: port.value, protocolName: fields.string("protocol")?.value ?? "",
      tlsMode: fields.object("tls").map { $0.string("mode")?.value ?? "Terminate" },
      tlsOptions: fields.object("tls")?.stringMap("options") ?? [:],
      location: fields.location)
  }

  private static func validation(_ tls: FieldReader?) -> GatewayAPIGateway.ClientValidation? {
    guard let validation = tls?.object("validation") else { return nil }
    return validation.word("mode", as: GatewayAPIGateway.ClientValidation.self)?.value ?? .validOnly
  }
}
