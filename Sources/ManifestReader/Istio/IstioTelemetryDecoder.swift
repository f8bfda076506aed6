import DocumentReader
import MeshModel

/// Reads Istio `Telemetry`: access logging and tracing.
enum IstioTelemetryDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "telemetry.istio.io", kind: "Telemetry")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let logging = spec.objects("accessLogging").map { fields in
      let side = side(fields)
      let filter = fields.object("filter")?.string("expression")
      let entry = IstioTelemetry.AccessLogging(
        side: side, providers: providers(fields), isDisabled: fields.bool("disabled")?.value,
        filter: filter, location: fields.location)
      fields.reportUnknownFields()
      return entry
    }
    let tracing = spec.objects("tracing").map { fields in
      let side = side(fields)
      let entry = IstioTelemetry.Tracing(
        side: side, providers: providers(fields),
        isDisabled: fields.bool("disableSpanReporting")?.value,
        samplingPercentage: fields.raw("randomSamplingPercentage").flatMap {
          Double($0.scalar?.text ?? "")
        }, location: fields.location)
      fields.ignore(
        "customTags", "useRequestIdForTraceSampling", "enableIstioTags",
        "disableContextPropagation")
      fields.reportUnknownFields()
      return entry
    }
    let attachment = IstioAttachmentReader.attachment(spec)
    spec.ignore("metrics")
    spec.reportUnknownFields()
    contents.inventory.istio.telemetries.append(
      IstioTelemetry(
        metadata: object.metadata, attachment: attachment, accessLogging: logging,
        tracing: tracing))
  }

  private static func side(_ fields: FieldReader) -> IstioTelemetry.Side {
    guard let match = fields.object("match") else { return .both }
    defer { match.reportUnknownFields() }
    return match.word("mode", as: IstioTelemetry.Side.self)?.value ?? .both
  }

  private static func providers(_ fields: FieldReader) -> [Located<String>] {
    fields.objects("providers").compactMap { provider in
      defer { provider.reportUnknownFields() }
      return provider.string("name")
    }
  }
}
