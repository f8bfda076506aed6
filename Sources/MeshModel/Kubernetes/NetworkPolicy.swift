/// Which way a connection goes, seen from the pod that a policy selects.
package enum TrafficDirection: String, Hashable, Sendable, CaseIterable {
  case ingress
  case egress
}

/// A Kubernetes NetworkPolicy (`networking.k8s.io/v1`).
package struct NetworkPolicy: MeshResource {
  /// One alternative of `from` or `to`.
  ///
  /// Selectors that are both set hold at once; `ipBlock` stands alone. A peer without any of them
  /// matches nothing (the API server refuses it).
  package struct Peer: Hashable, Sendable {
    package var podSelector: LabelSelector?
    package var namespaceSelector: LabelSelector?
    package var ipBlock: AddressBlock?
    package var location: SourceLocation

    package init(
      podSelector: LabelSelector? = nil, namespaceSelector: LabelSelector? = nil,
      ipBlock: AddressBlock? = nil, location: SourceLocation
    ) {
      self.podSelector = podSelector
      self.namespaceSelector = namespaceSelector
      self.ipBlock = ipBlock
      self.location = location
    }
  }

  /// A port of a rule; without `port` all ports of the transport.
  package struct Port: Hashable, Sendable {
    package var transport: TransportProtocol
    package var port: PortReference?
    package var endPort: Int?
    package var location: SourceLocation

    package init(
      transport: TransportProtocol = .tcp, port: PortReference? = nil, endPort: Int? = nil,
      location: SourceLocation
    ) {
      self.transport = transport
      self.port = port
      self.endPort = endPort
      self.location = location
    }
  }

  /// Any of `peers` at any of `ports`; an empty list restricts nothing.
  package struct Rule: Hashable, Sendable {
    package var peers: [Peer]
    package var ports: [Port]
    package var location: SourceLocation

    package init(peers: [Peer] = [], ports: [Port] = [], location: SourceLocation) {
      self.peers = peers
      self.ports = ports
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  /// An empty selector picks every pod of the namespace.
  package var podSelector: LabelSelector
  package var ingress: [Rule]
  package var egress: [Rule]
  /// As written; empty when left out.
  package var policyTypes: [TrafficDirection]

  package init(
    metadata: ResourceMetadata, podSelector: LabelSelector, ingress: [Rule] = [],
    egress: [Rule] = [], policyTypes: [TrafficDirection] = []
  ) {
    self.metadata = metadata
    self.podSelector = podSelector
    self.ingress = ingress
    self.egress = egress
    self.policyTypes = policyTypes
  }

  /// The directions in which it isolates the pods that it selects.
  ///
  /// Left out or empty, `policyTypes` is Ingress, and Egress too when there is an egress rule
  /// (Kubernetes API reference, NetworkPolicySpec.policyTypes).
  package var directions: [TrafficDirection] {
    guard policyTypes.isEmpty else {
      return TrafficDirection.allCases.filter(policyTypes.contains)
    }
    return egress.isEmpty ? [.ingress] : [.ingress, .egress]
  }

  package func rules(_ direction: TrafficDirection) -> [Rule] {
    direction == .ingress ? ingress : egress
  }
}
