/// How a peer shows itself to a destination: what policies can tell apart about a source.
package struct PeerProfile: Hashable, Sendable {
  /// Verified identity, a SPIFFE URI or a Linkerd DNS name; nil without one (plaintext).
  package var principal: String?
  /// The workload behind it, for layers that match pods and namespaces.
  package var workload: WorkloadID?
  /// An address outside the cluster, when there is no workload.
  package var ip: IPAddress?

  package init(principal: String?, workload: WorkloadID? = nil, ip: IPAddress? = nil) {
    self.principal = principal
    self.workload = workload
    self.ip = ip
  }
}

/// What a peer can do at one port of a workload, over all operations at once.
package struct Reach: Hashable, Sendable {
  package enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
    case allow
    /// Allowed for some operations or under some conditions only: `operations` lists them.
    case partial
    case deny
    case delegate
    case unknown
  }

  /// A set of operations: all of the lists hold at once, values of one list are alternatives, an
  /// empty list restricts nothing.
  ///
  /// `isExcluded` takes them away from what the others grant.
  package struct OperationSet: Hashable, Sendable {
    package var methods: [String]
    package var paths: [String]
    package var hosts: [String]
    /// Everything else that must hold, as text: `request.headers[x-agent-tier]=gold`.
    package var conditions: [String]
    package var isExcluded: Bool

    package init(
      methods: [String] = [], paths: [String] = [], hosts: [String] = [],
      conditions: [String] = [], isExcluded: Bool = false
    ) {
      self.methods = methods
      self.paths = paths
      self.hosts = hosts
      self.conditions = conditions
      self.isExcluded = isExcluded
    }
  }

  package var outcome: Outcome
  package var layer: PolicyLayer
  package var operations: [OperationSet]
  /// Ids (`PolicyFact.Rule.reportedID` or a default's name) of the rules that decide, sorted.
  package var decidedBy: [String]
  package var reason: String?

  package init(
    _ outcome: Outcome, layer: PolicyLayer, operations: [OperationSet] = [],
    decidedBy: [String] = [], reason: String? = nil
  ) {
    self.outcome = outcome
    self.layer = layer
    self.operations = operations
    self.decidedBy = decidedBy
    self.reason = reason
  }
}
