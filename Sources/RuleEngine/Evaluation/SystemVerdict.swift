import AuditModel
import MeshModel

/// What inherited rules come to for one AI system.
///
/// One failure is a failure; without one, anything that could not be judged leaves the whole open; a system
/// that nothing speaks of is no subject.
struct SystemVerdict {
  let systemID: String
  private(set) var failing: [Finding] = []
  private(set) var open: [Finding] = []
  private(set) var passing: [Finding] = []

  init(systemID: String) { self.systemID = systemID }

  var status: RuleRow.Status {
    if !failing.isEmpty { return .fail }
    if !open.isEmpty { return .notAssessed }
    return passing.isEmpty ? .notApplicable : .pass
  }

  mutating func add(_ finding: Finding) {
    switch finding.status {
    case .fail, .waived: failing.append(finding)
    case .notAssessed, .error: open.append(finding)
    case .pass: passing.append(finding)
    case .notApplicable: break
    }
  }

  /// One for each of `systemIDs`, in their order.
  ///
  /// A rule that could not be assessed at all is open for every system.
  static func verdicts(on systemIDs: [String], from findings: [Finding]) -> [SystemVerdict] {
    var verdicts = Dictionary(
      systemIDs.map { ($0, SystemVerdict(systemID: $0)) }, uniquingKeysWith: { first, _ in first })
    for finding in findings {
      let isOfRule = finding.subject == "(rule)" && finding.status != .notApplicable
      for id in isOfRule ? systemIDs : finding.systemIDs { verdicts[id]?.add(finding) }
    }
    return systemIDs.compactMap { verdicts[$0] }
  }

  /// `{ai_system, status, failing, open, passing}`; findings are
  /// `{rule, subject, discriminator, severity, message, evidence}`, most urgent first.
  var json: JSONValue {
    func list(_ findings: [Finding]) -> JSONValue {
      .array(
        findings.sorted(by: Finding.isBefore).map { finding in
          .object([
            .init("rule", .string(finding.ruleID)),
            .init("subject", .string(finding.subject)),
            .init("discriminator", .string(finding.discriminator)),
            .init("severity", .string(finding.severity.rawValue)),
            .init("message", .string(finding.message)),
            .init("evidence", finding.evidence),
          ])
        })
    }
    return .object([
      .init("ai_system", .string(systemID)), .init("status", .string(status.rawValue)),
      .init("failing", list(failing)), .init("open", list(open)), .init("passing", list(passing)),
    ])
  }
}
