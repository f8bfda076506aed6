/// An Istio RequestAuthentication: which tokens are valid.
///
/// It requires none.
package struct IstioRequestAuthentication: MeshResource {
  package struct JWTRule: Hashable, Sendable {
    package var issuer: Located<String>
    package var audiences: [Located<String>]
    package var jwksURI: Located<String>?
    /// Whether keys are written in the manifest.
    package var hasInlineJWKS: Bool
    /// Whether the inline keys hold a private part; the keys themselves are not kept.
    package var hasPrivateKey: Bool
    package var fromHeaders: [Located<String>]
    /// Query parameters that carry the token.
    package var fromParameters: [Located<String>]
    package var fromCookies: [Located<String>]
    package var outputPayloadToHeader: Located<String>?
    /// Headers of `outputClaimToHeaders`.
    package var outputClaimHeaders: [Located<String>]
    package var forwardsOriginalToken: Bool
    package var spaceDelimitedClaims: [String]
    package var location: SourceLocation

    package init(
      issuer: Located<String>, audiences: [Located<String>] = [], jwksURI: Located<String>? = nil,
      hasInlineJWKS: Bool = false, hasPrivateKey: Bool = false,
      fromHeaders: [Located<String>] = [], fromParameters: [Located<String>] = [],
      fromCookies: [Located<String>] = [], outputPayloadToHeader: Located<String>? = nil,
      outputClaimHeaders: [Located<String>] = [], forwardsOriginalToken: Bool = false,
      spaceDelimitedClaims: [String] = [], location: SourceLocation
    ) {
      self.issuer = issuer
      self.audiences = audiences
      self.jwksURI = jwksURI
      self.hasInlineJWKS = hasInlineJWKS
      self.hasPrivateKey = hasPrivateKey
      self.fromHeaders = fromHeaders
      self.fromParameters = fromParameters
      self.fromCookies = fromCookies
      self.outputPayloadToHeader = outputPayloadToHeader
      self.outputClaimHeaders = outputClaimHeaders
      self.forwardsOriginalToken = forwardsOriginalToken
      self.spaceDelimitedClaims = spaceDelimitedClaims
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var attachment: IstioAttachment
  package var rules: [JWTRule]

  package init(
    metadata: ResourceMetadata, attachment: IstioAttachment = IstioAttachment(),
    rules: [JWTRule] = []
  ) {
    self.metadata = metadata
    self.attachment = attachment
    self.rules = rules
  }
}
