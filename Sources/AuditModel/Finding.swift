package import MeshModel

/// What became of one subject under one rule.
///
/// One vocabulary for every output; the mapping to JUnit, SARIF, OSCAL and the gate is in
/// `docs/reports.md`.
package enum FindingStatus: String, Codable, Hashable, Sendable, CaseIterable {
  /// Assessed, and nothing contradicts.
  case pass
  /// Evidence contradicts.
  case fail
  /// Fails, and a live waiver accepts it.
  case waived
  /// The rule has no subject here.
  case notApplicable = "not-applicable"
  /// The input that would decide is missing; never green.
  case notAssessed = "not-assessed"
  /// The rule itself failed to run.
  case error
}

/// The result of one rule for one subject.
package struct Finding: Codable, Sendable, Hashable {
  package var ruleID: String
  /// Stable name of what was checked: `workload agents/planner`.
  ///
  /// For `not-assessed` and `error` of a whole rule it is `(rule)`.
  package var subject: String
  /// Tells findings of one rule and subject apart; empty when there is only one.
  package var discriminator: String
  package var status: FindingStatus
  /// After raising for high-risk systems and overrides; the rule's own otherwise.
  package var severity: Severity
  package var message: String
  /// What the user can do here; empty when the rule's remediation says it all.
  package var location: SourceLocation?
  /// The rows that the status stands on; kept packed, so ask for it once.
  package var evidence: JSONValue {
    get { packedEvidence.value }
    set { packedEvidence = PackedJSON(newValue) }
  }
  private var packedEvidence: PackedJSON
  /// Hash of rule, subject and discriminator: survives moved files and changed lines.
  package var fingerprint: String
  package var waiverID: String?
  /// AI systems that the subject belongs to, sorted.
  package var systemIDs: [String]
  /// When this fingerprint first failed, over all runs.
  package var firstSeen: UTCTime?
  /// Whether the failure is new against the baseline; nil without a baseline.
  package var isNew: Bool?

  package init(
    ruleID: String, subject: String, discriminator: String = "", status: FindingStatus,
    severity: Severity, message: String, location: SourceLocation? = nil,
    evidence: JSONValue = .object([]), fingerprint: String, waiverID: String? = nil,
    systemIDs: [String] = [], firstSeen: UTCTime? = nil, isNew: Bool? = nil
  ) {
    self.ruleID = ruleID
    self.subject = subject
    self.discriminator = discriminator
    self.status = status
    self.severity = severity
    self.message = message
    self.location = location
    packedEvidence = PackedJSON(evidence)
    self.fingerprint = fingerprint
    self.waiverID = waiverID
    self.systemIDs = systemIDs
    self.firstSeen = firstSeen
    self.isNew = isNew
  }

  private enum CodingKeys: String, CodingKey {
    case ruleID, subject, discriminator, status, severity, message, location
    case packedEvidence = "evidence"
    case fingerprint, waiverID, systemIDs, firstSeen, isNew
  }

  /// The order of every output: most urgent first, then rule, subject and discriminator.
  package static func isBefore(_ left: Finding, _ right: Finding) -> Bool {
    (left.severity.rank, left.ruleID, left.subject, left.discriminator)
      < (right.severity.rank, right.ruleID, right.subject, right.discriminator)
  }
}
