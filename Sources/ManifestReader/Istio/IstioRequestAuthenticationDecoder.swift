import DocumentReader
import MeshModel

/// Reads Istio `RequestAuthentication`.
///
/// Inline keys are looked at, never kept.
enum IstioRequestAuthenticationDecoder: ResourceDecoder {
  static let kinds = [IstioDecoders.security("RequestAuthentication")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    let spec = object.spec
    let attachment = IstioAttachmentReader.attachment(spec)
    let rules = spec.objects("jwtRules").map(rule)
    spec.reportUnknownFields()
    contents.inventory.istio.requestAuthentications.append(
      IstioRequestAuthentication(metadata: object.metadata, attachment: attachment, rules: rules))
  }

  private static func rule(_ fields: FieldReader) -> IstioRequestAuthentication.JWTRule {
    let issuer = fields.string("issuer")
    if issuer == nil || issuer?.value.isEmpty == true {
      fields.problem(
        "missing-issuer", "\(fields.path) has no issuer", at: fields.location,
        hint: "name the issuer that signs the tokens")
    }
    let keys = fields.string("jwks")?.value
    let headers = fields.objects("fromHeaders").compactMap { header in
      header.ignore("prefix")
      defer { header.reportUnknownFields() }
      return header.string("name")
    }
    let claimHeaders = fields.objects("outputClaimToHeaders").compactMap { header in
      header.ignore("claim")
      defer { header.reportUnknownFields() }
      return header.string("header")
    }
    let rule = IstioRequestAuthentication.JWTRule(
      issuer: issuer ?? Located("", at: fields.location),
      audiences: fields.strings("audiences"),
      jwksURI: fields.string("jwksUri") ?? fields.string("jwks_uri"),
      hasInlineJWKS: keys != nil,
      hasPrivateKey: keys.map(holdsPrivateKey) ?? false,
      fromHeaders: headers, fromParameters: fields.strings("fromParams"),
      fromCookies: fields.strings("fromCookies"),
      outputPayloadToHeader: fields.string("outputPayloadToHeader"),
      outputClaimHeaders: claimHeaders,
      forwardsOriginalToken: fields.bool("forwardOriginalToken")?.value ?? false,
      spaceDelimitedClaims: fields.strings("spaceDelimitedClaims").map(\.value),
      location: fields.location)
    fields.ignore("timeout")
    fields.reportUnknownFields()
    return rule
  }

  /// RFC 7518 sections 6.2.2, 6.3.2 and 6.4: `d` is a private exponent or scalar, `k` a shared
  /// secret.
  private static func holdsPrivateKey(_ text: String) -> Bool {
    let nodes = JSONDocuments.read(text, path: "jwks", into: DiagnosticSink())
    let keys = nodes.flatMap { $0["keys"]?.items ?? [$0] }
    return keys.contains { $0["d"] != nil || $0["k"] != nil }
  }
}
