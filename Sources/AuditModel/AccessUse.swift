package import MeshModel

/// How what is granted compares with what was observed, and how far the decisions behind it agree with
/// those of the mesh.
package struct AccessUse: Codable, Sendable, Hashable {
  /// What ALLOW rules grant at one watched workload, and how much of it was used.
  package struct WorkloadLine: Codable, Sendable, Hashable {
    package var workload: String
    package var grantedCount: Int
    package var usedCount: Int
    package var requestCount: Int
    /// Of the requests, those on which the policies decide: without the others, use may go unseen.
    package var decidedCount: Int
    /// Days on which the workload's own proxy shows a request, in its log or its counters.
    package var dayCount: Int
    package var firstSeen: UTCTime
    package var lastSeen: UTCTime

    package init(
      workload: String, grantedCount: Int, usedCount: Int, requestCount: Int, decidedCount: Int,
      dayCount: Int, firstSeen: UTCTime, lastSeen: UTCTime
    ) {
      self.workload = workload
      self.grantedCount = grantedCount
      self.usedCount = usedCount
      self.requestCount = requestCount
      self.decidedCount = decidedCount
      self.dayCount = dayCount
      self.firstSeen = firstSeen
      self.lastSeen = lastSeen
    }
  }

  /// Requests that one proxy refused by one policy, and what the audited policies make of them.
  package struct RefusalLine: Codable, Sendable, Hashable {
    package var workload: String
    /// The policy that the proxy named; nil where no ALLOW policy matched.
    package var deniedBy: String?
    /// Refused by the audited policies as well, by the same rule where one is named.
    package var agreedCount: Int
    package var otherRuleCount: Int
    package var allowedCount: Int
    /// The log does not carry what would decide.
    package var undecidedCount: Int
    package var lastSeen: UTCTime

    package init(workload: String, deniedBy: String?, lastSeen: UTCTime) {
      self.workload = workload
      self.deniedBy = deniedBy
      self.lastSeen = lastSeen
      agreedCount = 0
      otherRuleCount = 0
      allowedCount = 0
      undecidedCount = 0
    }

    package var comparedCount: Int { agreedCount + otherRuleCount + allowedCount }
  }

  /// By workload.
  package var workloads: [WorkloadLine]
  /// Refusals since `refusalsSince`, by workload and policy.
  package var refusals: [RefusalLine]
  /// How far back refusals are compared with the policies of now.
  package var refusalsSince: UTCTime

  package init(
    workloads: [WorkloadLine], refusals: [RefusalLine], refusalsSince: UTCTime
  ) {
    self.workloads = workloads
    self.refusals = refusals
    self.refusalsSince = refusalsSince
  }

  package var agreedCount: Int { refusals.map(\.agreedCount).reduce(0, +) }
  package var comparedCount: Int { refusals.map(\.comparedCount).reduce(0, +) }
  package var undecidedCount: Int { refusals.map(\.undecidedCount).reduce(0, +) }

  /// Whole percent of the compared refusals on which both agree, rounded down so that 100 means all; nil
  /// when none could be compared.
  package var agreementPercent: Int? {
    comparedCount > 0 ? agreedCount * 100 / comparedCount : nil
  }
}
