/// An administrator's policy for the whole cluster: AdminNetworkPolicy, BaselineAdminNetworkPolicy
/// (`policy.networking.k8s.io/v1alpha1`) and ClusterNetworkPolicy (`v1alpha2`) in one form.
package struct AdminNetworkPolicy: MeshResource {
  /// Before or after the namespaces' own NetworkPolicies.
  package enum Tier: String, Hashable, Sendable {
    case admin
    case baseline
  }

  package enum Action: String, Hashable, Sendable {
    /// `Allow` of v1alpha1, `Accept` of v1alpha2.
    case accept
    case deny
    /// Leaves the decision to the tiers that follow.
    case pass
  }

  /// Pods by their namespace and their own labels.
  package struct PodsSelector: Hashable, Sendable {
    package var namespaces: LabelSelector
    package var pods: LabelSelector

    package init(namespaces: LabelSelector, pods: LabelSelector = LabelSelector()) {
      self.namespaces = namespaces
      self.pods = pods
    }
  }

  package enum Peer: Hashable, Sendable {
    case pods(PodsSelector)
    /// Egress only; matches pod addresses too.
    case networks([AddressRange])
    /// Kinds that an offline audit cannot resolve, and kinds that it does not know: `nodes`,
    /// `domainNames`, …
    case unresolved(String)
  }

  package enum Port: Hashable, Sendable {
    case number(TransportProtocol, Int)
    case range(TransportProtocol, ClosedRange<Int>)
    case all(TransportProtocol)
    case named(String)
  }

  /// The first rule that matches decides.
  package struct Rule: Hashable, Sendable {
    package var name: String?
    package var action: Action
    package var peers: [Peer]
    /// Nil restricts nothing.
    package var ports: [Port]?
    package var location: SourceLocation

    package init(
      name: String? = nil, action: Action, peers: [Peer], ports: [Port]? = nil,
      location: SourceLocation
    ) {
      self.name = name
      self.action = action
      self.peers = peers
      self.ports = ports
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var tier: Tier
  /// 0 to 1000, the lower first; always 0 for BaselineAdminNetworkPolicy.
  package var priority: Int
  package var subject: PodsSelector
  package var ingress: [Rule]
  package var egress: [Rule]

  package init(
    metadata: ResourceMetadata, tier: Tier, priority: Int, subject: PodsSelector,
    ingress: [Rule] = [], egress: [Rule] = []
  ) {
    self.metadata = metadata
    self.tier = tier
    self.priority = priority
    self.subject = subject
    self.ingress = ingress
    self.egress = egress
  }

  package func rules(_ direction: TrafficDirection) -> [Rule] {
    direction == .ingress ? ingress : egress
  }
}
