/// Decoders of the Linkerd kinds.
enum LinkerdDecoders {
  static let all: [any ResourceDecoder.Type] = [
    LinkerdServerDecoder.self, LinkerdServerAuthorizationDecoder.self,
    LinkerdAuthorizationPolicyDecoder.self, LinkerdMeshTLSAuthenticationDecoder.self,
    LinkerdNetworkAuthenticationDecoder.self, LinkerdRateLimitPolicyDecoder.self,
    LinkerdEgressNetworkDecoder.self, LinkerdServiceProfileDecoder.self, LinkerdLinkDecoder.self,
    LinkerdExternalWorkloadDecoder.self,
  ]
}
