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

  /// What the verdict rests on, in one sentence or half of one: the most urgent failure, or why it is open.
  ///
  /// Nil where everything passes: what that means is the inheriting rule's to say.
  var message: String? {
    switch status {
    case .fail:
      let failing = failing.sorted(by: Finding.isBefore)
      let rest = failing.count > 1 ? " (and \(failing.count - 1) more)" : ""
      return failing.first.map { $0.message + rest }
    case .notAssessed:
      return open.min(by: Finding.isBefore).map {
        "not assessed for system \"\(systemID)\" by \($0.ruleID): \($0.message)"
      }
    case .pass: return nil
    default:
      return "nothing of system \"\(systemID)\" is a subject of the rules that this one rests on"
    }
  }

  /// `{ai_system, status, message, evidence, failing, open, passing}`.
  ///
  /// Findings are `{rule, subject, discriminator, severity, message, evidence}`, most urgent first;
  /// the verdict's own evidence names them: `{ai_system, failing, not_assessed, passing}`, the last a count.
  var json: JSONValue {
    let failing = failing.sorted(by: Finding.isBefore)
    let open = open.sorted(by: Finding.isBefore)
    let passing = passing.sorted(by: Finding.isBefore)
    return .object([
      .init("ai_system", .string(systemID)), .init("status", .string(status.rawValue)),
      .init("message", message.map(JSONValue.string) ?? .null),
      .init(
        "evidence",
        .object([
          .init("ai_system", .string(systemID)), .init("failing", Self.names(failing)),
          .init("not_assessed", Self.names(open)), .init("passing", .int(Int64(passing.count))),
        ])),
      .init("failing", Self.list(failing)), .init("open", Self.list(open)),
      .init("passing", Self.list(passing)),
    ])
  }

  private static func names(_ findings: [Finding]) -> JSONValue {
    .array(findings.map { .string("\($0.ruleID) \($0.subject)") })
  }

  private static func list(_ findings: [Finding]) -> JSONValue {
    .array(
      findings.map { finding in
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
}
