import AuditModel
import MeshModel

/// The gate for a terminal.
struct GateText {
  private static let lineLimit = 25

  private let report: GateReport

  init(_ report: GateReport) { self.report = report }

  func rendered() -> String {
    var lines = ["gate \(GateWords.headline(report)): \(report.base) -> \(report.head)"]
    lines += report.gaps.map { "  not assessed: \($0)" }
    for condition in report.conditions {
      lines.append("  \(mark(condition.state)) \(condition.name): \(condition.text)")
    }
    lines += access("opens", "Access that opens") + access("changes", "Access that changes")
    lines +=
      access("unknown", "Access that cannot be told") + access("closes", "Access that closes")
    lines += replay()
    lines += findings(.new, "New findings") + findings(.incomparable, "Findings without comparison")
    lines += findings(.resolved, "Resolved findings")
    lines += findings(.outOfSight, "Findings out of sight, not taken for resolved")
    if report.unchangedCount > 0 {
      lines += ["", "\(Count.of(report.unchangedCount, "finding")) unchanged"]
    }
    return TerminalText.safe(lines.joined(separator: "\n") + "\n")
  }

  private func mark(_ state: GateReport.Condition.State) -> String {
    switch state {
    case .clear: "ok  "
    case .met: "FAIL"
    case .notAssessed: "?   "
    }
  }

  private func section(_ title: String, _ items: [[String]]) -> [String] {
    guard !items.isEmpty else { return [] }
    var lines = ["", "\(title) (\(items.count))"]
    for item in items.prefix(Self.lineLimit) { lines += item }
    let rest = items.count - Self.lineLimit
    if rest > 0 { lines.append("  and \(rest) more") }
    return lines
  }

  private func access(_ kind: String, _ title: String) -> [String] {
    section(
      title,
      report.access(kind).map { line in
        var text = ["  \(GateWords.list(line.sources)) -> \(GateWords.list(line.destinations))"]
        text.append("    \(GateWords.operations(line))")
        text += line.causes.map { "    by \(GateWords.cause($0))" }
        return text
      })
  }

  private func replay() -> [String] {
    guard let traffic = report.traffic else {
      return ["", "Replay: no observed requests were given"]
    }
    var lines = ["", "Replay of \(GateWords.replay(traffic))"]
    for (effect, title) in [
      ("breaks", "would be refused"), ("opens", "would newly get through"),
      ("unknown", "cannot be told"), ("unexplained", "got through although both refuse it"),
    ] {
      let items = report.replay(effect)
      for line in items.prefix(Self.lineLimit) {
        lines.append(
          "  \(title): \(line.source) -> \(line.destination) \(line.operation), "
            + "\(Count.of(line.count, "request")), last \(line.lastSeen.text)")
        if effect == "unknown" { lines.append("    before \(line.before); after \(line.after)") }
        if let cause = line.cause { lines.append("    by \(GateWords.cause(cause))") }
      }
      let rest = items.count - Self.lineLimit
      if rest > 0 { lines.append("  \(title): \(rest) more") }
    }
    return lines
  }

  private func findings(_ standing: GateReport.FindingLine.Standing, _ title: String) -> [String] {
    section(
      title,
      report.findings(standing).map { finding in
        let place = finding.location.map { " at \($0)" } ?? ""
        let text = finding.message.isEmpty ? finding.title : finding.message
        return [
          "  \(finding.severity.rawValue) \(finding.ruleID) \(finding.subject)\(place)",
          "    \(text)",
        ]
      })
  }
}
