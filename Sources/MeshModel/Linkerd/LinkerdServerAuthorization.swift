/// A Linkerd ServerAuthorization (`policy.linkerd.io/v1beta1`): clients that some Servers of its
/// namespace admit.
package struct LinkerdServerAuthorization: MeshResource {
  /// A service account that a policy names.
  package struct ServiceAccountReference: Hashable, Sendable {
    package var name: String
    /// Nil means the policy's own namespace.
    package var namespace: String?
    package var location: SourceLocation

    package init(name: String, namespace: String? = nil, location: SourceLocation) {
      self.name = name
      self.namespace = namespace
      self.location = location
    }
  }

  /// `client.meshTLS`.
  package struct MeshTLS: Sendable {
    package var isUnauthenticatedTLS: Bool
    package var identities: [Located<String>]
    package var serviceAccounts: [ServiceAccountReference]

    package init(
      isUnauthenticatedTLS: Bool = false, identities: [Located<String>] = [],
      serviceAccounts: [ServiceAccountReference] = []
    ) {
      self.isUnauthenticatedTLS = isUnauthenticatedTLS
      self.identities = identities
      self.serviceAccounts = serviceAccounts
    }
  }

  package var metadata: ResourceMetadata
  package var serverName: Located<String>?
  /// Over the labels of Servers.
  package var serverSelector: LabelSelector?
  /// Empty means the cluster's networks.
  package var networks: [AddressBlock]
  package var isUnauthenticated: Bool
  package var meshTLS: MeshTLS?
  /// Where `client` stands.
  package var clientLocation: SourceLocation

  package init(
    metadata: ResourceMetadata, serverName: Located<String>? = nil,
    serverSelector: LabelSelector? = nil, networks: [AddressBlock] = [],
    isUnauthenticated: Bool = false, meshTLS: MeshTLS? = nil, clientLocation: SourceLocation
  ) {
    self.metadata = metadata
    self.serverName = serverName
    self.serverSelector = serverSelector
    self.networks = networks
    self.isUnauthenticated = isUnauthenticated
    self.meshTLS = meshTLS
    self.clientLocation = clientLocation
  }
}
