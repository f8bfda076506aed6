/// What an external authorizer (OPA) decided on calls of one kind, added up by day.
package struct ExternalDecision: Hashable, Sendable {
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case allow
    case deny
    /// The result is neither true nor false: no rule had an answer.
    case undefined
    /// Evaluation failed.
    case error
  }

  package struct Key: Hashable, Sendable {
    /// UTC day, `2026-11-24`.
    package var day: String
    /// Identity of the caller as the proxy told the authorizer; empty ones are nil.
    package var source: String?
    /// Identity of the called.
    package var destination: String?
    /// Address of the called, for what identities do not tell apart.
    package var destinationAddress: String?
    /// Set where address or identity name one workload of the inventory.
    package var destinationWorkload: WorkloadID?
    package var port: Int?
    package var method: String?
    /// Without query, identifiers replaced, as in observed requests.
    package var pathTemplate: String?
    /// The document that was asked for: `envoy/authz/allow`.
    package var policy: String
    /// Revisions of the bundles in force, `name=revision` joined with a comma.
    package var revision: String?
    package var outcome: Outcome

    package init(
      day: String, source: String? = nil, destination: String? = nil,
      destinationAddress: String? = nil, port: Int? = nil, method: String? = nil,
      pathTemplate: String? = nil, policy: String, revision: String? = nil, outcome: Outcome
    ) {
      self.day = day
      self.source = source
      self.destination = destination
      self.destinationAddress = destinationAddress
      self.port = port
      self.method = method
      self.pathTemplate = pathTemplate
      self.policy = policy
      self.revision = revision
      self.outcome = outcome
    }
  }

  package var key: Key
  package var count: Int
  package var firstSeen: UTCTime
  package var lastSeen: UTCTime
  /// What the policies of the inventory decide on such a call, and by which rule; nil where the called is
  /// not known.
  package var meshDecision: Decision?
  package var meshDecidedBy: String?

  package init(key: Key, count: Int, firstSeen: UTCTime, lastSeen: UTCTime) {
    self.key = key
    self.count = count
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
  }

  /// Adds up what agrees in its key once destinations are resolved, sorted by time and key.
  package static func merged(
    _ decisions: some Sequence<ExternalDecision>, directory: TrafficDirectory
  ) -> [ExternalDecision] {
    var sums: [Key: ExternalDecision] = [:]
    for decision in decisions {
      var decision = decision
      decision.key.destinationWorkload = workload(of: decision.key, in: directory)
      decision.key.destinationAddress = nil
      if var sum = sums[decision.key] {
        sum.count += decision.count
        sum.firstSeen = min(sum.firstSeen, decision.firstSeen)
        sum.lastSeen = max(sum.lastSeen, decision.lastSeen)
        sums[decision.key] = sum
      } else {
        sums[decision.key] = decision
      }
    }
    return sums.values.sorted { $0.order.lexicographicallyPrecedes($1.order) }
  }

  private static func workload(of key: Key, in directory: TrafficDirectory) -> WorkloadID? {
    if let address = key.destinationAddress, let found = directory.workloadsByAddress[address] {
      return found
    }
    guard let principal = key.destination, let found = directory.workloadsByPrincipal[principal]
    else { return nil }
    return found.count == 1 ? found[0] : nil
  }

  private var order: [String] {
    [
      key.day, key.source ?? "", key.destination ?? "",
      key.destinationWorkload?.description ?? "", String(key.port ?? 0), key.method ?? "",
      key.pathTemplate ?? "", key.policy, key.revision ?? "", key.outcome.rawValue,
    ]
  }
}
