/// A reference from one Linkerd resource to another object.
package struct LinkerdReference: Hashable, Sendable {
  /// Empty means the core group.
  package var group: String
  package var kind: String
  package var name: String
  /// Nil means the referrer's own namespace.
  package var namespace: String?
  package var location: SourceLocation

  package init(
    group: String = "", kind: String, name: String, namespace: String? = nil,
    location: SourceLocation
  ) {
    self.group = group
    self.kind = kind
    self.name = name
    self.namespace = namespace
    self.location = location
  }

  /// Group and kind compare without regard to ASCII case; the core group is also written `core`
  /// (Linkerd policy-controller, k8s/api/src/policy/target_ref.rs).
  package func names(group: String, kind: String) -> Bool {
    let own = self.group.isEmpty ? "core" : self.group.lowercased()
    let other = group.isEmpty ? "core" : group.lowercased()
    return own == other && self.kind.lowercased() == kind.lowercased()
  }
}

/// A Linkerd AuthorizationPolicy (`policy.linkerd.io/v1alpha1`): who may reach its target.
package struct LinkerdAuthorizationPolicy: MeshResource {
  package var metadata: ResourceMetadata
  package var target: LinkerdReference
  /// All must hold; an empty list admits everybody.
  ///
  /// Nil when the required field is missing, which no API server accepts.
  package var authentications: [LinkerdReference]?
  /// Where `requiredAuthenticationRefs` stands.
  package var authenticationsLocation: SourceLocation

  package init(
    metadata: ResourceMetadata, target: LinkerdReference, authentications: [LinkerdReference]?,
    authenticationsLocation: SourceLocation
  ) {
    self.metadata = metadata
    self.target = target
    self.authentications = authentications
    self.authenticationsLocation = authenticationsLocation
  }
}

/// A Linkerd MeshTLSAuthentication (`policy.linkerd.io/v1alpha1`): identities, any of which will
/// do.
package struct LinkerdMeshTLSAuthentication: MeshResource {
  package var metadata: ResourceMetadata
  package var identities: [Located<String>]
  /// ServiceAccounts and Namespaces.
  package var identityReferences: [LinkerdReference]

  package init(
    metadata: ResourceMetadata, identities: [Located<String>] = [],
    identityReferences: [LinkerdReference] = []
  ) {
    self.metadata = metadata
    self.identities = identities
    self.identityReferences = identityReferences
  }
}

/// A Linkerd NetworkAuthentication (`policy.linkerd.io/v1alpha1`): client networks, any of which
/// will do.
package struct LinkerdNetworkAuthentication: MeshResource {
  package var metadata: ResourceMetadata
  package var networks: [AddressBlock]

  package init(metadata: ResourceMetadata, networks: [AddressBlock]) {
    self.metadata = metadata
    self.networks = networks
  }
}

/// A Linkerd HTTPLocalRateLimitPolicy (`policy.linkerd.io/v1alpha1`): limits for each replica.
package struct LinkerdRateLimitPolicy: MeshResource {
  /// A limit for some service accounts in place of the limit for each identity.
  package struct Override: Hashable, Sendable {
    package var requestsPerSecond: Int
    package var clients: [LinkerdReference]

    package init(requestsPerSecond: Int, clients: [LinkerdReference]) {
      self.requestsPerSecond = requestsPerSecond
      self.clients = clients
    }
  }

  package var metadata: ResourceMetadata
  package var target: LinkerdReference
  package var totalRequestsPerSecond: Int?
  package var identityRequestsPerSecond: Int?
  package var overrides: [Override]

  package init(
    metadata: ResourceMetadata, target: LinkerdReference, totalRequestsPerSecond: Int? = nil,
    identityRequestsPerSecond: Int? = nil, overrides: [Override] = []
  ) {
    self.metadata = metadata
    self.target = target
    self.totalRequestsPerSecond = totalRequestsPerSecond
    self.identityRequestsPerSecond = identityRequestsPerSecond
    self.overrides = overrides
  }
}
