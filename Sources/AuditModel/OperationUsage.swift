package import MeshModel

/// One operation that an ALLOW rule grants at a workload: a method on a path at a port.
package struct GrantedOperation: Sendable, Hashable {
  package var workload: WorkloadID
  package var policy: ResourceReference
  package var ruleIndex: Int
  package var port: Int
  /// Nil where the rule grants the port as a whole: it lists neither methods nor paths, or nothing there
  /// sees requests.
  package var method: String?
  /// As the policy writes it; nil for every path.
  package var path: String?

  package init(
    workload: WorkloadID, policy: ResourceReference, ruleIndex: Int, port: Int, method: String?,
    path: String?
  ) {
    self.workload = workload
    self.policy = policy
    self.ruleIndex = ruleIndex
    self.port = port
    self.method = method
    self.path = path
  }
}

/// What ALLOW rules grant, operation by operation, and which observed requests used it.
package struct OperationUsage: Sendable {
  /// Those of workloads whose own proxy was watched: of the others nothing can be said.
  package var granted: [GrantedOperation] = []
  /// For each observed request that a rule let through the places in `granted` that it used.
  package var uses: [ObservedRequestKey: [Int]] = [:]

  package init() {}
}

/// A rule that lets nothing through that another rule does not let through at the same workloads.
package struct RedundantRule: Sendable, Hashable {
  package var policy: ResourceReference
  package var ruleIndex: Int
  package var coveringPolicy: ResourceReference
  package var coveringRuleIndex: Int

  package init(
    policy: ResourceReference, ruleIndex: Int, coveringPolicy: ResourceReference,
    coveringRuleIndex: Int
  ) {
    self.policy = policy
    self.ruleIndex = ruleIndex
    self.coveringPolicy = coveringPolicy
    self.coveringRuleIndex = coveringRuleIndex
  }
}
