import AccessAnalysis
import AuditModel
import MeshModel
import Reporting
import RuleEngine

/// Puts the two sides of a gate together as the one value that every output is rendered from.
struct GateReportBuilder {
  let options: GateOptions
  let origin: GateOrigin
  let base: GateSide
  let head: GateSide
  let catalog: RuleCatalog
  let changes: GateChanges
  let asOf: UTCTime

  /// Problems of inputs, for the terminal.
  var errors: [Diagnostic] {
    var seen: Set<Diagnostic> = []
    let all =
      base.read.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        diagnostic.location = diagnostic.location.map(origin.named)
        return diagnostic
      } + head.read.diagnostics
    return all.filter { $0.severity == .error && seen.insert($0).inserted }
  }

  func report() -> GateReport {
    let conditions = options.conditions
    let (access, replayLines) = (changes.access, changes.replay)
    let findings = GateFindings(self, conditions: conditions)
    let results = conditions.map {
      result($0, access: access, replay: replayLines, findings: findings.lines)
    }
    var gaps = self.gaps
    for condition in results where condition.state == .notAssessed && options.failOn != nil {
      gaps.append("\(condition.name): \(condition.text)")
    }
    let isFailed = results.contains { $0.state == .met }
    return GateReport(
      base: origin.revision.map { "\($0.name):\(options.head)" } ?? options.base,
      head: options.head, toolVersion: Version.current, asOf: asOf,
      outcome: gaps.isEmpty ? (isFailed ? .failed : .passed) : .incomplete, gaps: gaps.sorted(),
      conditions: results, access: access, replay: replayLines,
      traffic: changes.traffic, findings: findings.lines,
      unchangedCount: findings.unchangedCount,
      scan: GateScan(
        findings: findings.reported, rules: catalog.rules, inputs: head.read.inputs, asOf: asOf
      ).report)
  }

  // MARK: Conditions

  private func result(
    _ condition: GateCondition, access: [GateReport.AccessLine],
    replay: [GateReport.ReplayLine], findings: [GateReport.FindingLine]
  ) -> GateReport.Condition {
    let count: Int
    var text: String
    switch condition {
    case .opens:
      count = access.count { GateChanges.opens($0) }
      text = "\(GateReportBuilder.count(count, "change")) of access to approve"
    case .newUnauthenticated:
      count = access.count { GateChanges.opens($0) && $0.isUnauthenticated }
      text = "\(GateReportBuilder.count(count, "opening")) for callers without identity"
    case .unknown:
      count = access.count { $0.kind == "unknown" }
      text = "\(GateReportBuilder.count(count, "change")) of access cannot be told"
    case .breaksObserved:
      guard changes.traffic != nil else {
        return .init(
          name: condition.name, state: .notAssessed, count: 0,
          text: "no access logs and no database were given")
      }
      count = replay.lazy.filter { $0.effect == "breaks" }.map(\.count).reduce(0, +)
      text = "\(GateReportBuilder.count(count, "observed request")) would be refused"
    case .newFindings(let severity):
      count = findings.count {
        ($0.standing == .new || $0.standing == .incomparable) && $0.severity >= severity
      }
      text = "\(GateReportBuilder.count(count, "finding")) that the base does not have"
    }
    if count == 0 { text = "nothing" }
    return .init(
      name: condition.name, state: count > 0 ? .met : .clear, count: count, text: text)
  }

  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(count == 1 ? noun : noun + "s")"
  }

  /// What of the two sides could not be read or checked.
  private var gaps: [String] {
    var gaps: Set<String> = []
    for (side, inputs) in [("base", base.read.inputs), ("head", head.read.inputs)] {
      for input in inputs {
        let path = origin.named(SourceLocation(path: input.path)).path
        switch input.status {
        case .failed: gaps.insert("\(path) could not be read: \(input.reason ?? "no reason")")
        case .partial:
          gaps.insert("\(path) was read in part: \(input.reason ?? "some of it was rejected")")
        case .read, .known, .unrecognised: break
        }
      }
      if side == "head", !inputs.contains(where: { $0.status == .read || $0.status == .partial }) {
        gaps.insert("nothing of the head was recognised")
      }
    }
    let undetermined = head.access.workloads.filter(\.lacksNamespace)
    let namespaces = Dictionary(grouping: undetermined, by: \.workload.id.namespace)
    gaps.formUnion(AuditReport.missingNamespaces(namespaces.map { ($0.key, $0.value.count) }))
    for finding in head.findings + base.findings where finding.status == .error {
      gaps.insert("rule \(finding.ruleID) failed to run: \(finding.message)")
    }
    return Array(gaps)
  }
}
