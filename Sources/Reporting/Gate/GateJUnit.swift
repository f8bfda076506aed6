import AuditModel
import MeshModel

/// The gate as test results: one case for each condition, for each line of access that opens or
/// changes, for each observed request that breaks, and for each new finding.
struct GateJUnit {
  private let report: GateReport

  init(_ report: GateReport) { self.report = report }

  func rendered() throws(ReportingError) -> [UInt8] {
    var cases = report.gaps.map { gap in
      JUnitSuite.Case(
        name: gap, className: "gate.assessed", file: nil, line: nil,
        outcome: .error(type: "not-assessed", message: gap))
    }
    cases += report.conditions.map { condition in
      JUnitSuite.Case(
        name: condition.name, className: "gate.condition", file: nil, line: nil,
        outcome: outcome(of: condition))
    }
    cases += report.access.filter { $0.kind != "closes" }.map(test)
    cases += report.replay.filter { $0.effect == "breaks" || $0.effect == "opens" }.map(test)
    cases += (report.findings(.new) + report.findings(.incomparable)).map(test)
    return try JUnitSuite(name: "meshaudit gate", cases: cases).rendered()
  }

  private func outcome(of condition: GateReport.Condition) -> JUnitSuite.Outcome {
    switch condition.state {
    case .clear: .passed
    case .met: .failure(type: condition.name, message: condition.text)
    case .notAssessed: .skipped(message: condition.text)
    }
  }

  /// A file as a whole has no line.
  private func line(of location: SourceLocation?) -> Int? {
    guard let location, location.line > 0 else { return nil }
    return location.line
  }

  private func test(_ line: GateReport.AccessLine) -> JUnitSuite.Case {
    let cause = line.causes.first
    let name =
      "\(line.kind): \(GateWords.list(line.sources)) -> \(GateWords.list(line.destinations))"
    let message =
      GateWords.operations(line) + (cause.map { ", by \(GateWords.cause($0))" } ?? "")
    return JUnitSuite.Case(
      name: name, className: "gate.access", file: cause?.location?.path,
      line: self.line(of: cause?.location),
      outcome: line.isGated ? .failure(type: line.kind, message: message) : .passed)
  }

  private func test(_ line: GateReport.ReplayLine) -> JUnitSuite.Case {
    let message =
      "\(Count.of(line.count, "request")), last \(line.lastSeen.text): \(line.before), then "
      + line.after + (line.cause.map { ", by \(GateWords.cause($0))" } ?? "")
    return JUnitSuite.Case(
      name: "\(line.effect): \(line.source) -> \(line.destination) \(line.operation)",
      className: "gate.replay", file: line.cause?.location?.path,
      line: self.line(of: line.cause?.location),
      outcome: line.isGated ? .failure(type: line.effect, message: message) : .passed)
  }

  private func test(_ finding: GateReport.FindingLine) -> JUnitSuite.Case {
    JUnitSuite.Case(
      name: "\(finding.ruleID) \(finding.subject)", className: "gate.finding",
      file: finding.location?.path, line: line(of: finding.location),
      outcome: finding.isGated
        ? .failure(type: finding.severity.rawValue, message: finding.message) : .passed)
  }
}
