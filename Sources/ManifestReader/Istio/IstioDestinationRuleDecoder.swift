import DocumentReader
import MeshModel

/// Reads Istio `DestinationRule`: the fields that say how clients secure a connection.
enum IstioDestinationRuleDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.networking("DestinationRule")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    guard let host = spec.string("host") else {
      spec.problem(
        "missing-host", "\(object.metadata.reference.text) has no host", at: spec.location,
        hint: "name the service that it is for")
      return
    }
    let subsets = spec.objects("subsets").map { fields in
      IstioDestinationRule.Subset(
        name: fields.string("name")?.value ?? "", labels: fields.stringMap("labels"),
        trafficPolicy: fields.object("trafficPolicy").map(trafficPolicy),
        location: fields.location)
    }
    contents.inventory.istio.destinationRules.append(
      IstioDestinationRule(
        metadata: object.metadata, host: host,
        trafficPolicy: spec.object("trafficPolicy").map(trafficPolicy), subsets: subsets,
        exportTo: spec.strings("exportTo").map(\.value),
        workloadSelector: IstioAttachmentReader.selector(spec, "workloadSelector")))
    spec.reportUnknownFields()
  }

  private static func trafficPolicy(_ fields: FieldReader) -> IstioDestinationRule.TrafficPolicy {
    let ports = fields.objects("portLevelSettings").compactMap { entry in
      (entry.object("port")?.int("number")).map {
        IstioDestinationRule.PortSettings(
          port: $0.value, tls: entry.object("tls").flatMap(tls), location: entry.location)
      }
    }
    return .init(tls: fields.object("tls").flatMap(tls), ports: ports)
  }

  private static func tls(_ fields: FieldReader) -> IstioDestinationRule.TLS? {
    let mode = fields.word("mode", as: IstioDestinationRule.TLSMode.self)
    if mode == nil, fields.raw("mode") != nil { return nil }
    let tls = IstioDestinationRule.TLS(
      // DISABLE is the zero value of the API's enum.
      mode: mode?.value ?? .disable, credentialName: fields.string("credentialName"),
      caCertificates: fields.string("caCertificates"),
      subjectAltNames: fields.strings("subjectAltNames"), sni: fields.string("sni"),
      skipsVerification: fields.bool("insecureSkipVerify")?.value ?? false,
      location: mode?.location ?? fields.location)
    fields.ignore("clientCertificate", "privateKey", "caCrl")
    fields.reportUnknownFields()
    return tls
  }
}
