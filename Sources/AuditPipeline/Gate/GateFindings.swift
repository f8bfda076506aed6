import AuditModel
import MeshModel
import Reporting
import RuleEngine

/// The findings of both sides beside each other.
struct GateFindings {
  /// New, incomparable, resolved, out of sight; most urgent first.
  private(set) var lines: [GateReport.FindingLine] = []
  private(set) var unchangedCount = 0
  /// The failures of the head that are new or incomparable, and those of the change itself.
  private(set) var reported: [Finding] = []

  init(_ builder: GateReportBuilder, conditions: [GateCondition]) {
    // What the change itself does is shown as access and as requests, not once more as findings.
    let isOfChange = { (finding: Finding) in GateRules.ofChange.contains(finding.ruleID) }
    let head = builder.head.findings.filter { !isOfChange($0) }
    reported = builder.head.findings.filter { isOfChange($0) && $0.status == .fail }.map {
      finding in
      var finding = finding
      finding.isNew = true
      return finding
    }
    let comparison = BaselineComparison(
      baseline: Baseline(
        findings: builder.base.findings.filter { !isOfChange($0) }, scope: builder.base.scope),
      findings: head, scope: builder.head.scope)
    let rules = builder.catalog.rules + WaiverRules.all
    let titles = Dictionary(rules.map { ($0.id, $0.title) }) { first, _ in first }
    let floor = conditions.compactMap { condition in
      if case .newFindings(let severity) = condition { severity } else { nil }
    }.min()
    unchangedCount = comparison.unchanged.count
    func add(
      _ finding: Finding, _ standing: GateReport.FindingLine.Standing, at place: SourceLocation?
    ) {
      let isOpen = standing == .new || standing == .incomparable
      lines.append(
        GateReport.FindingLine(
          standing: standing, ruleID: finding.ruleID, title: titles[finding.ruleID] ?? "",
          subject: finding.subject, severity: finding.severity, message: finding.message,
          location: place, fingerprint: finding.fingerprint,
          isGated: isOpen && floor.map { finding.severity >= $0 } ?? false))
    }
    for finding in head where finding.status == .fail {
      if comparison.new.contains(finding.fingerprint) {
        add(finding, .new, at: finding.location)
      } else if comparison.incomparable.contains(finding.fingerprint) {
        add(finding, .incomparable, at: finding.location)
      } else {
        continue
      }
      var reported = finding
      reported.isNew = true
      self.reported.append(reported)
    }
    let before = Dictionary(builder.base.findings.map { ($0.fingerprint, $0) }) { first, _ in first
    }
    for (entries, standing) in [
      (comparison.resolved, GateReport.FindingLine.Standing.resolved),
      (comparison.outOfSight, .outOfSight),
    ] {
      let old = entries.compactMap { before[$0.fingerprint] }.sorted(by: Finding.isBefore)
      for finding in old where finding.status == .fail {
        add(finding, standing, at: finding.location.map(builder.origin.named))
      }
    }
  }
}
