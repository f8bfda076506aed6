/// A Linkerd EgressNetwork (`policy.linkerd.io/v1alpha1`): what leaves the cluster.
package struct LinkerdEgressNetwork: MeshResource {
  package var metadata: ResourceMetadata
  /// Nil means everything but the cluster's networks.
  package var networks: [AddressBlock]?
  /// `Allow` or `Deny`.
  package var trafficPolicy: Located<String>

  package init(
    metadata: ResourceMetadata, networks: [AddressBlock]? = nil, trafficPolicy: Located<String>
  ) {
    self.metadata = metadata
    self.networks = networks
    self.trafficPolicy = trafficPolicy
  }
}

/// A Linkerd ServiceProfile (`linkerd.io/v1alpha2`); its name is the service's DNS name.
package struct LinkerdServiceProfile: MeshResource {
  package struct Route: Hashable, Sendable {
    package var name: String
    package var method: String?
    package var pathRegex: String?
    package var isRetryable: Bool
    /// A Go duration such as `25ms`.
    package var timeout: String?
    package var location: SourceLocation

    package init(
      name: String, method: String? = nil, pathRegex: String? = nil, isRetryable: Bool = false,
      timeout: String? = nil, location: SourceLocation
    ) {
      self.name = name
      self.method = method
      self.pathRegex = pathRegex
      self.isRetryable = isRetryable
      self.timeout = timeout
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var routes: [Route]
  package var hasRetryBudget: Bool

  package init(metadata: ResourceMetadata, routes: [Route], hasRetryBudget: Bool = false) {
    self.metadata = metadata
    self.routes = routes
    self.hasRetryBudget = hasRetryBudget
  }
}

/// A Linkerd Link (`multicluster.linkerd.io`): another cluster whose services are mirrored here.
package struct LinkerdLink: MeshResource {
  package var metadata: ResourceMetadata
  package var targetClusterName: String
  package var targetClusterDomain: String?
  package var gatewayAddress: String?
  package var gatewayPort: Int?
  /// The identity that the other cluster's gateway shows: clients of a mirrored service arrive
  /// there under it.
  package var gatewayIdentity: Located<String>?
  /// Services mirrored through the gateway.
  package var selector: LabelSelector?
  /// Services mirrored without gateway (flat network).
  package var remoteDiscoverySelector: LabelSelector?
  package var federatedServiceSelector: LabelSelector?

  package init(
    metadata: ResourceMetadata, targetClusterName: String, targetClusterDomain: String? = nil,
    gatewayAddress: String? = nil, gatewayPort: Int? = nil,
    gatewayIdentity: Located<String>? = nil, selector: LabelSelector? = nil,
    remoteDiscoverySelector: LabelSelector? = nil, federatedServiceSelector: LabelSelector? = nil
  ) {
    self.metadata = metadata
    self.targetClusterName = targetClusterName
    self.targetClusterDomain = targetClusterDomain
    self.gatewayAddress = gatewayAddress
    self.gatewayPort = gatewayPort
    self.gatewayIdentity = gatewayIdentity
    self.selector = selector
    self.remoteDiscoverySelector = remoteDiscoverySelector
    self.federatedServiceSelector = federatedServiceSelector
  }
}

/// A Linkerd ExternalWorkload (`workload.linkerd.io`): a meshed process outside Kubernetes.
package struct LinkerdExternalWorkload: MeshResource {
  package struct Port: Hashable, Sendable {
    package var name: String?
    package var number: Int
    package var transport: TransportProtocol

    package init(name: String? = nil, number: Int, transport: TransportProtocol = .tcp) {
      self.name = name
      self.number = number
      self.transport = transport
    }
  }

  package var metadata: ResourceMetadata
  /// Its TLS identity, a Linkerd DNS name or a SPIFFE ID.
  package var identity: Located<String>?
  package var serverName: String?
  package var ports: [Port]
  package var addresses: [String]

  package init(
    metadata: ResourceMetadata, identity: Located<String>? = nil, serverName: String? = nil,
    ports: [Port] = [], addresses: [String] = []
  ) {
    self.metadata = metadata
    self.identity = identity
    self.serverName = serverName
    self.ports = ports
    self.addresses = addresses
  }
}
