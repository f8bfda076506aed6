/// The Linkerd kinds, and the control plane's configuration.
package struct LinkerdResources: Sendable {
  package var servers: [LinkerdServer] = []
  package var serverAuthorizations: [LinkerdServerAuthorization] = []
  package var authorizationPolicies: [LinkerdAuthorizationPolicy] = []
  package var meshTLSAuthentications: [LinkerdMeshTLSAuthentication] = []
  package var networkAuthentications: [LinkerdNetworkAuthentication] = []
  package var rateLimitPolicies: [LinkerdRateLimitPolicy] = []
  package var egressNetworks: [LinkerdEgressNetwork] = []
  package var serviceProfiles: [LinkerdServiceProfile] = []
  package var links: [LinkerdLink] = []
  package var externalWorkloads: [LinkerdExternalWorkload] = []
  /// `ConfigMap linkerd-config`, one for each control plane.
  package var configurations: [LinkerdConfiguration] = []
  /// `ConfigMap linkerd-identity-trust-roots`, one for each control plane.
  package var trustBundles: [LinkerdTrustBundle] = []

  package init() {}
}

/// The trust bundle of a control plane, by digests that pods which know it may carry.
package struct LinkerdTrustBundle: Hashable, Sendable {
  package var configMap: ResourceReference
  /// SHA-256 in lower-case hex of its text, of the text without white space at its end, and of that with
  /// one newline; never empty.
  package var digests: [String]

  package init(configMap: ResourceReference, digests: [String]) {
    self.configMap = configMap
    self.digests = digests
  }
}
