import AccessAnalysis
import AuditModel
import MeshModel
import Reporting

/// What a change does to access and to observed requests: the difference of two access graphs, and a
/// replay under both sides.
struct GateChanges {
  private(set) var access: [GateReport.AccessLine] = []
  private(set) var replay: [GateReport.ReplayLine] = []
  /// Nil when no requests were given.
  private(set) var traffic: GateReport.Traffic?

  private let base: AccessModel
  private let origin: GateOrigin

  init(
    from base: GateSide, to head: GateSide, traffic: [ObservedTraffic]?, origin: GateOrigin,
    conditions: [GateCondition]
  ) {
    self.base = base.access
    self.origin = origin
    let diff = AccessDiff(
      from: base.access, graph: base.graph, to: head.access, graph: head.graph)
    access = diff.changes.map { line($0, conditions: conditions) }
    guard let traffic else { return }
    let replay = Replay(traffic, from: base.access, to: head.access)
    self.replay = replay.lines.map { line($0, changes: diff.changes, conditions: conditions) }
    self.traffic = GateChanges.summary(replay, of: traffic)
  }

  /// As rules see it.
  var facts: ConfigurationChange {
    func text(_ cause: GateReport.Cause?) -> String? { cause.map { "\($0.text) \($0.action)" } }
    return ConfigurationChange(
      access: access.map { line in
        ConfigurationChange.Access(
          kind: line.kind, sources: line.sources, destinations: line.destinations,
          isUnauthenticated: line.isUnauthenticated, opened: line.opened, closed: line.closed,
          before: line.before, after: line.after, cause: text(line.causes.first),
          location: line.causes.first?.location)
      },
      requests: replay.map { line in
        ConfigurationChange.Request(
          effect: line.effect, source: line.source, destination: line.destination,
          operation: line.operation, count: line.count, firstSeen: line.firstSeen,
          lastSeen: line.lastSeen, before: line.before, after: line.after,
          cause: text(line.cause), location: line.cause?.location)
      })
  }

  static func opens(_ line: GateReport.AccessLine) -> Bool {
    line.kind == "opens" || line.kind == "changes"
  }

  private func line(_ change: AccessDiff.Change, conditions: [GateCondition])
    -> GateReport.AccessLine
  {
    var line = GateReport.AccessLine(
      kind: change.kind.rawValue, sources: change.sources.map(\.name),
      destinations: change.destinations.map { "\($0.workload):\($0.port)" },
      isUnauthenticated: change.reachesTheUnknown,
      before: change.variesBySource ? "differs by caller" : GateChanges.text(change.base),
      after: change.variesBySource ? "differs by caller" : GateChanges.text(change.head),
      opened: change.opened.map(OperationText.text), closed: change.closed.map(OperationText.text),
      causes: change.causes.map(cause), isGated: false)
    line.isGated = conditions.contains { condition in
      switch condition {
      case .opens: GateChanges.opens(line)
      case .newUnauthenticated: GateChanges.opens(line) && line.isUnauthenticated
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
                  base.fact(of: workload)?.principal == line.source.principal
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
      before: GateChanges.text(line.base), after: GateChanges.text(line.head),
      cause: change?.causes.first.map(cause),
      isGated: line.effect == .breaks && conditions.contains(.breaksObserved))
  }

  private static func summary(_ replay: Replay, of traffic: [ObservedTraffic])
    -> GateReport.Traffic
  {
    let server = traffic.filter { $0.key.side == .server }
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
