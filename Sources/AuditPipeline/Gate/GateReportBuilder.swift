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
  let traffic: [ObservedTraffic]?
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
    let conditions = options.failOn ?? GateCondition.standard
    let diff = AccessDiff(
      from: base.access, graph: base.graph, to: head.access, graph: head.graph)
    let access = diff.changes.map { line($0, conditions: conditions) }
    let replay = traffic.map { Replay($0, from: base.access, to: head.access) }
    let replayLines = (replay?.lines ?? []).map {
      line($0, changes: diff.changes, conditions: conditions)
    }
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
      traffic: replay.map(summary), findings: findings.lines,
      unchangedCount: findings.unchangedCount,
      scan: GateScan(
        access: access, replay: replayLines, findings: findings.reported, rules: catalog.rules,
        inputs: head.read.inputs, asOf: asOf
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
      count = access.count { GateReportBuilder.opens($0) }
      text = "\(GateReportBuilder.count(count, "change")) of access to approve"
    case .newUnauthenticated:
      count = access.count { GateReportBuilder.opens($0) && $0.isUnauthenticated }
      text = "\(GateReportBuilder.count(count, "opening")) for callers without identity"
    case .unknown:
      count = access.count { $0.kind == "unknown" }
      text = "\(GateReportBuilder.count(count, "change")) of access cannot be told"
    case .breaksObserved:
      guard traffic != nil else {
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

  static func opens(_ line: GateReport.AccessLine) -> Bool {
    line.kind == "opens" || line.kind == "changes"
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

  // MARK: Lines

  private func line(_ change: AccessDiff.Change, conditions: [GateCondition])
    -> GateReport.AccessLine
  {
    var line = GateReport.AccessLine(
      kind: change.kind.rawValue, sources: change.sources.map(\.name),
      destinations: change.destinations.map { "\($0.workload):\($0.port)" },
      isUnauthenticated: change.reachesTheUnknown,
      before: change.variesBySource ? "differs by caller" : GateReportBuilder.text(change.base),
      after: change.variesBySource ? "differs by caller" : GateReportBuilder.text(change.head),
      opened: change.opened.map(OperationText.text), closed: change.closed.map(OperationText.text),
      causes: change.causes.map(cause), isGated: false)
    line.isGated = conditions.contains { condition in
      switch condition {
      case .opens: GateReportBuilder.opens(line)
      case .newUnauthenticated: GateReportBuilder.opens(line) && line.isUnauthenticated
      case .unknown: line.kind == "unknown"
      case .breaksObserved, .newFindings: false
      }
    }
    return line
  }

  private func cause(_ cause: AccessDiff.Cause) -> GateReport.Cause {
    GateReport.Cause(
      action: cause.action.rawValue, text: cause.text,
      location: cause.location ?? cause.baseLocation.flatMap(origin.inHead),
      baseLocation: cause.baseLocation.map(origin.named))
  }

  private func line(
    _ line: Replay.Line, changes: [AccessDiff.Change], conditions: [GateCondition]
  ) -> GateReport.ReplayLine {
    // The change of access that covers the call names the changed line.
    let change = changes.first { change in
      change.destinations.contains { $0.workload == line.destination && $0.port == line.port }
        && change.sources.contains { source in
          switch source.kind {
          case .workload:
            source.workload == line.source.workload
              || (line.source.workload == nil
                && source.workload.map { workload in
                  base.access.fact(of: workload)?.principal == line.source.principal
                } ?? false && line.source.principal != nil)
          case .unauthenticated: line.source.principal == nil && line.source.workload == nil
          case .outside, .foreignTrustDomain: false
          }
        }
    }
    return GateReport.ReplayLine(
      effect: line.effect.rawValue, source: line.sourceName,
      destination: "\(line.destination):\(line.port)", operation: line.operation,
      count: line.count, firstSeen: line.firstSeen, lastSeen: line.lastSeen,
      before: GateReportBuilder.text(line.base), after: GateReportBuilder.text(line.head),
      cause: change?.causes.first.map(cause),
      isGated: line.effect == .breaks && conditions.contains(.breaksObserved))
  }

  private func summary(_ replay: Replay) -> GateReport.Traffic {
    let server = (traffic ?? []).filter { $0.key.side == .server }
    return GateReport.Traffic(
      requestCount: server.map(\.sum.count).reduce(0, +),
      dayCount: Set(server.map(\.key.day)).count, first: server.map(\.sum.firstSeen).min(),
      last: server.map(\.sum.lastSeen).max(),
      counts: Dictionary(
        uniqueKeysWithValues: replay.requestCounts.map { ($0.key.rawValue, $0.value) }),
      skippedCount: replay.skippedCount)
  }

  static func text(_ reach: Reach?) -> String {
    guard let reach else { return "not there" }
    switch reach.outcome {
    case .allow: return "allowed"
    case .deny: return "denied"
    case .partial: return reach.operations.map(OperationText.text).joined(separator: " or ")
    case .delegate: return "left to an external authorizer"
    case .unknown: return "unknown: \(reach.reason ?? "no reason")"
    }
  }

  static func text(_ record: DecisionRecord) -> String {
    var text = record.decision.rawValue
    if let id = record.decidedBy { text += " by \(id)" }
    if let reason = record.reason { text += ": \(reason)" }
    return text
  }
}
