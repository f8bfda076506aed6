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

  package init() {}
}
