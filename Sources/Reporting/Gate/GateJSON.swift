import AuditModel
import MeshModel

/// `gate.json`: everything, versioned.
struct GateJSON {
  static let version = "meshaudit-gate/1"

  private let report: GateReport

  init(_ report: GateReport) { self.report = report }

  func rendered() -> [UInt8] {
    JSONText.bytes(of: [
      "version": .string(Self.version), "toolVersion": .string(report.toolVersion),
      "asOf": .time(report.asOf), "base": .string(report.base), "head": .string(report.head),
      "outcome": .string(report.outcome.rawValue), "exitCode": .number(Int(report.exitCode)),
      "gaps": .strings(report.gaps), "conditions": .array(report.conditions.map(condition)),
      "access": .array(report.access.map(access)), "replay": .array(report.replay.map(replay)),
      "traffic": report.traffic.map(traffic) ?? .null,
      "findings": .array(report.findings.map(finding)),
      "unchangedFindings": .number(report.unchangedCount),
    ])
  }

  private func condition(_ condition: GateReport.Condition) -> JSONValue {
    [
      "name": .string(condition.name), "state": .string(condition.state.rawValue),
      "count": .number(condition.count), "text": .string(condition.text),
    ]
  }

  private func access(_ line: GateReport.AccessLine) -> JSONValue {
    [
      "kind": .string(line.kind), "sources": .strings(line.sources),
      "destinations": .strings(line.destinations),
      "isUnauthenticated": .bool(line.isUnauthenticated), "before": .string(line.before),
      "after": .string(line.after), "opened": .strings(line.opened),
      "closed": .strings(line.closed), "causes": .array(line.causes.map(cause)),
      "isGated": .bool(line.isGated),
    ]
  }

  private func replay(_ line: GateReport.ReplayLine) -> JSONValue {
    [
      "effect": .string(line.effect), "source": .string(line.source),
      "destination": .string(line.destination), "operation": .string(line.operation),
      "requestCount": .number(line.count), "firstSeen": .time(line.firstSeen),
      "lastSeen": .time(line.lastSeen), "before": .string(line.before),
      "after": .string(line.after), "cause": line.cause.map(cause) ?? .null,
      "isGated": .bool(line.isGated),
    ]
  }

  private func finding(_ finding: GateReport.FindingLine) -> JSONValue {
    [
      "standing": .string(finding.standing.rawValue), "rule": .string(finding.ruleID),
      "subject": .string(finding.subject), "severity": .string(finding.severity.rawValue),
      "message": .string(finding.message), "location": location(finding.location),
      "fingerprint": .string(finding.fingerprint), "isGated": .bool(finding.isGated),
    ]
  }

  private func traffic(_ traffic: GateReport.Traffic) -> JSONValue {
    [
      "requestCount": .number(traffic.requestCount), "dayCount": .number(traffic.dayCount),
      "firstSeen": .time(traffic.first), "lastSeen": .time(traffic.last),
      "byEffect": .object(traffic.counts.map { .init($0.key, .number($0.value)) }),
      "notReplayed": .number(traffic.skippedCount),
    ]
  }

  private func cause(_ cause: GateReport.Cause) -> JSONValue {
    [
      "action": .string(cause.action), "text": .string(cause.text),
      "location": location(cause.location), "baseLocation": location(cause.baseLocation),
    ]
  }

  private func location(_ location: SourceLocation?) -> JSONValue {
    guard let location else { return .null }
    return [
      "path": .string(location.path), "line": .number(location.line),
      "column": .number(location.column),
    ]
  }
}
