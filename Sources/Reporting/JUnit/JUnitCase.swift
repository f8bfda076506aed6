import AuditModel
import MeshModel

/// One test case: what a rule came to for a subject.
struct JUnitCase {
  enum Outcome {
    case pass
    case failure(type: String, message: String)
    case error(type: String, message: String)
    case skipped(message: String)

    var isFailure: Bool { if case .failure = self { true } else { false } }
    var isError: Bool { if case .error = self { true } else { false } }
    var isSkipped: Bool { if case .skipped = self { true } else { false } }
  }

  /// `pack.RULE-ID`: Jenkins splits it at the last dot into package and class.
  var className: String
  /// The subject: the same from run to run, and only once under its class name, because GitLab counts
  /// only the first of equal names.
  var name: String
  var outcome: Outcome
  var finding: Finding?
  /// Evidence, place and remedy, for the text of a failure or error.
  var details = ""
  /// What a passing case has to say.
  var output: String?

  /// Azure DevOps cuts full names at 512 characters; readers long before.
  static let nameLimit = 200
  /// Evidence rows in the text; the page has more.
  static let rowLimit = 20

  static func cases(
    of rule: Rule, in figures: ReportFigures, passes: ReportOptions.JUnitPasses
  ) -> [JUnitCase] {
    let className = "\(rule.pack).\(rule.id)"
    return cases(
      figures.findings(of: rule.id), className: className, rule: rule, figures: figures,
      passes: passes)
  }

  /// Results under an id that is not among the selected rules, for example about waivers.
  static func cases(
    ofUnlistedRule id: String, in figures: ReportFigures, passes: ReportOptions.JUnitPasses
  ) -> [JUnitCase] {
    cases(
      figures.findings(of: id), className: "meshaudit.\(id)", rule: nil, figures: figures,
      passes: passes)
  }

  private static func cases(
    _ findings: [Finding], className: String, rule: Rule?, figures: ReportFigures,
    passes: ReportOptions.JUnitPasses
  ) -> [JUnitCase] {
    var cases: [JUnitCase] = []
    var names: Set<String> = []
    let ordered = findings.sorted {
      ($0.subject, $0.discriminator, $0.fingerprint) < (
        $1.subject, $1.discriminator, $1.fingerprint
      )
    }
    var passCount = 0
    for finding in ordered {
      guard let outcome = outcome(of: finding, figures: figures) else { continue }
      if finding.status == .pass {
        passCount += 1
        if passes != .all { continue }
      }
      let isOpen = finding.status == .fail || finding.status == .waived
      cases.append(
        JUnitCase(
          className: className, name: uniqueName(of: finding, among: &names), outcome: outcome,
          finding: finding,
          details: isOpen || finding.status == .error || finding.status == .notAssessed
            ? details(of: finding, rule: rule) : ""))
    }
    if passes == .summary, passCount > 0 {
      cases.append(
        JUnitCase(
          className: className, name: "(subjects that pass)", outcome: .pass,
          output: "\(passCount) of \(findings.count) subjects pass"))
    }
    if cases.isEmpty, passes != .none {
      let reason = findings.first { $0.status == .notApplicable }?.message ?? "no subject"
      cases.append(
        JUnitCase(
          className: className, name: "(rule)",
          outcome: .skipped(message: "not applicable: \(reason)")))
    }
    return cases
  }

  /// Nil for a subject that the rule does not apply to: it is no test.
  private static func outcome(of finding: Finding, figures: ReportFigures) -> Outcome? {
    switch finding.status {
    case .pass: .pass
    case .fail: .failure(type: finding.severity.rawValue, message: finding.message)
    case .waived:
      .skipped(
        message: figures.waiver(finding.waiverID).map {
          "waived \($0.id) until \($0.expires.dayText): \(finding.message)"
        } ?? "waived \(finding.waiverID ?? ""): \(finding.message)")
    case .notApplicable: nil
    case .notAssessed: .error(type: "missing-input", message: finding.message)
    case .error: .error(type: "rule-error", message: finding.message)
    }
  }

  private static func uniqueName(of finding: Finding, among names: inout Set<String>) -> String {
    var name = finding.subject
    if !finding.discriminator.isEmpty { name += " · " + finding.discriminator }
    // Clean before comparing: two names may differ only in what XML cannot hold.
    name = VisibleText.xml(name)
    if name.unicodeScalars.count > nameLimit || names.contains(name) || name.isEmpty {
      let mark = " [\(VisibleText.xml(String(finding.fingerprint.suffix(12))))]"
      let room = nameLimit - mark.unicodeScalars.count
      name = String(String.UnicodeScalarView(name.unicodeScalars.prefix(room))) + mark
    }
    let stem = name
    var number = 2
    while !names.insert(name).inserted {
      name = "\(stem) #\(number)"
      number += 1
    }
    return name
  }

  private static func details(of finding: Finding, rule: Rule?) -> String {
    var lines: [String] = []
    if let rule { lines.append("\(rule.id) \(rule.title)") }
    if let location = finding.location { lines.append("at \(location)") }
    if !finding.systemIDs.isEmpty {
      lines.append("AI systems: " + finding.systemIDs.joined(separator: ", "))
    }
    let rows = EvidenceLines.lines(of: finding.evidence)
    if !rows.isEmpty {
      lines.append("evidence:")
      lines += rows.prefix(rowLimit).map { "  \($0)" }
      if rows.count > rowLimit {
        lines.append("  +\(rows.count - rowLimit) more, see \(page(finding))")
      }
    }
    if finding.status == .fail, let rule { lines.append("remedy: \(rule.remediation)") }
    lines.append("see \(page(finding))")
    return lines.joined(separator: "\n")
  }

  private static func page(_ finding: Finding) -> String {
    "\(ReportFormat.html.fileName)#\(HTMLAnchor.id(finding.fingerprint))"
  }
}
