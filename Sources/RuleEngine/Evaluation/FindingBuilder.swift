import AuditModel
import MeshModel

/// Collects the findings of one rule.
struct FindingBuilder {
  let rule: Rule
  let override: Severity?
  let scope: SystemScope
  let isRaised: Bool
  let hash: ([UInt8]) -> String
  private(set) var findings: [Finding] = []
  private var seen: [String: Int] = [:]

  init(
    rule: Rule, override: Severity?, scope: SystemScope, isRaised: Bool,
    hash: @escaping ([UInt8]) -> String
  ) {
    self.rule = rule
    self.override = override
    self.scope = scope
    self.isRaised = isRaised
    self.hash = hash
  }

  mutating func add(_ row: RuleRow, at location: SourceLocation?) {
    let systems = scope.systems(subject: row.subject, evidence: row.evidence)
    var severity = override ?? row.severity ?? rule.severity
    if override == nil, isRaised, scope.isHighRisk(systems) { severity = severity.raised }
    // Rows that a rule does not tell apart are numbered in its own order, so that none is lost.
    var discriminator = row.discriminator
    let count = seen["\(row.subject)\u{0}\(discriminator)", default: 0] + 1
    seen["\(row.subject)\u{0}\(discriminator)"] = count
    if count > 1 { discriminator += discriminator.isEmpty ? "#\(count)" : " #\(count)" }
    append(
      Finding(
        ruleID: rule.id, subject: row.subject, discriminator: discriminator,
        status: row.status.finding, severity: severity, message: row.message, location: location,
        evidence: row.evidence, fingerprint: "", systemIDs: systems))
  }

  /// A result of the rule as a whole.
  mutating func addWhole(_ status: FindingStatus, _ message: String) {
    append(
      Finding(
        ruleID: rule.id, subject: "(rule)", status: status, severity: override ?? rule.severity,
        message: message, fingerprint: ""))
  }

  private mutating func append(_ finding: Finding) {
    var finding = finding
    finding.fingerprint = Fingerprint.of(
      ruleID: finding.ruleID, subject: finding.subject, discriminator: finding.discriminator,
      hash: hash)
    findings.append(finding)
  }
}
