import AuditModel
import MeshModel

/// Everything countable about a run, counted once.
///
/// All formats take their numbers from here, so that two pages of one run can never disagree.
struct ReportFigures {
  /// Failures of one rule at one severity.
  struct Group {
    var severity: Severity
    var ruleID: String
    var findings: [Finding]
  }

  let report: AuditReport
  let verdict: Verdict
  /// In `Finding.isBefore` order, whatever order the report came in.
  let findings: [Finding]
  let rules: [Rule]
  let failCounts: [Severity: Int]
  let statusCounts: [FindingStatus: Int]
  /// Rules that are not assessed or failed to run, sorted.
  let unassessedRuleIDs: [String]
  /// Failures by severity and rule, most urgent first.
  let failGroups: [Group]

  private let ruleByID: [String: Rule]
  private let waiverByID: [String: Waiver]
  private let findingsByRule: [String: [Finding]]
  private let controlsByRule: [String: [String]]

  init(_ report: AuditReport, minimumCoverage: Double) {
    self.report = report
    verdict = report.verdict(minimumCoverage: minimumCoverage)
    findings = ReportFigures.ordered(report.findings)
    rules = report.rules.sorted { $0.id < $1.id }
    failCounts = report.failCounts
    statusCounts = report.statusCounts
    findingsByRule = Dictionary(grouping: findings, by: \.ruleID)
    ruleByID = Dictionary(report.rules.map { ($0.id, $0) }) { first, _ in first }
    waiverByID = Dictionary(report.waivers.map { ($0.id, $0) }) { first, _ in first }
    unassessedRuleIDs = Set(
      findings.lazy.filter { $0.status == .notAssessed || $0.status == .error }.map(\.ruleID)
    ).sorted()
    var groups: [Group] = []
    for finding in findings where finding.status == .fail {
      if let last = groups.last, last.severity == finding.severity,
        last.ruleID == finding.ruleID
      {
        groups[groups.count - 1].findings.append(finding)
      } else {
        groups.append(
          Group(severity: finding.severity, ruleID: finding.ruleID, findings: [finding]))
      }
    }
    failGroups = groups
    var controls: [String: [String]] = [:]
    for framework in report.frameworks {
      for control in framework.controls {
        for mapping in control.mappings {
          controls[mapping.ruleID, default: []].append("\(framework.title) \(control.label)")
        }
      }
    }
    controlsByRule = controls
  }

  /// In the order of every output; the pipeline hands them over like that, and comparing once is cheap.
  private static func ordered(_ findings: [Finding]) -> [Finding] {
    func isBefore(_ left: Finding, _ right: Finding) -> Bool {
      Finding.isBefore(left, right)
        || (!Finding.isBefore(right, left) && left.fingerprint < right.fingerprint)
    }
    let isOrdered = zip(findings, findings.dropFirst()).allSatisfy { !isBefore($1, $0) }
    return isOrdered ? findings : findings.sorted(by: isBefore)
  }

  var failCount: Int { statusCounts[.fail] ?? 0 }
  var waivedCount: Int { statusCounts[.waived] ?? 0 }
  /// Selected rules whose question got an answer.
  var assessedRuleCount: Int { rules.count - unassessedRuleIDs.filter { rule($0) != nil }.count }
  /// Failures with waived ones among them: what the run would say had nobody waived anything.
  var failCountsWithoutWaivers: [Severity: Int] {
    findings.reduce(into: failCounts) { counts, finding in
      if finding.status == .waived { counts[finding.severity, default: 0] += 1 }
    }
  }
  /// Whether there was a baseline to compare with.
  var hasBaseline: Bool {
    findings.contains { $0.isNew != nil }
      || report.inputs.contains { $0.kind.hasPrefix("baseline") && $0.status != .failed }
  }
  var newCount: Int { findings.count { $0.status == .fail && $0.isNew == true } }
  var knownCount: Int { findings.count { $0.status == .fail && $0.isNew == false } }
  /// Whether `--as-of` set the clock: then no time of the run itself is printed, so that equal inputs
  /// give equal bytes.
  var isClockFixed: Bool { report.run.asOf != report.run.startedAt }

  func rule(_ id: String) -> Rule? { ruleByID[id] }
  func waiver(_ id: String?) -> Waiver? { id.flatMap { waiverByID[$0] } }
  func findings(of ruleID: String) -> [Finding] { findingsByRule[ruleID] ?? [] }
  func count(of ruleID: String, _ status: FindingStatus) -> Int {
    findings(of: ruleID).count { $0.status == status }
  }
  /// Controls that a rule bears on, as they are cited.
  func controls(of ruleID: String) -> [String] { controlsByRule[ruleID] ?? [] }

  /// Whole days from the run's moment to a waiver's end, negative when it is over.
  func daysLeft(of waiver: Waiver) -> Int {
    let seconds = waiver.expires.secondsSince(report.run.asOf)
    return Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
  }

  /// Share of the observed requests whose source had a verified identity, in percent rounded down; nil
  /// without traffic.
  var verifiedPercent: Int? {
    let scope = report.scope
    guard scope.observedRequestCount > 0 else { return nil }
    return Int(
      (Double(scope.verifiedRequestCount) / Double(scope.observedRequestCount) * 100)
        .rounded(.down))
  }
}
