import MeshModel

/// The sentences that the outputs of a gate share.
enum GateWords {
  static func headline(_ report: GateReport) -> String {
    switch report.outcome {
    case .passed: "passed"
    case .failed: "failed"
    case .incomplete: "not fully assessed"
    }
  }

  /// A few names, then how many more.
  static func list(_ names: [String], limit: Int = 3, quoted: (String) -> String = { $0 })
    -> String
  {
    let shown = names.prefix(limit).map(quoted).joined(separator: ", ")
    let rest = names.count - limit
    return rest > 0 ? "\(shown) and \(Count.grouped(rest)) more" : shown
  }

  /// What opens or closes, in words.
  static func operations(_ line: GateReport.AccessLine, limit: Int = 4) -> String {
    func text(_ operations: [String]) -> String {
      operations.contains("anything") ? "anything" : list(operations, limit: limit)
    }
    switch (line.opened.isEmpty, line.closed.isEmpty) {
    case (false, true): return text(line.opened)
    case (true, false): return text(line.closed)
    case (false, false): return "opens \(text(line.opened)); closes \(text(line.closed))"
    case (true, true): return "\(line.before), then \(line.after)"
    }
  }

  static func cause(_ cause: GateReport.Cause) -> String {
    let place = cause.location ?? cause.baseLocation
    return "\(cause.text) \(cause.action)" + (place.map { " at \($0)" } ?? "")
  }

  static func counts(_ report: GateReport) -> String {
    let opens = report.access("opens").count
    let changes = report.access("changes").count
    let closes = report.access("closes").count
    let unknown = report.access("unknown").count
    var parts = ["\(opens) open", "\(closes) close"]
    if changes > 0 { parts.append("\(changes) change both ways") }
    if unknown > 0 { parts.append("\(unknown) cannot be told") }
    return parts.joined(separator: ", ")
  }

  static func replay(_ traffic: GateReport.Traffic) -> String {
    func count(_ effect: String) -> String { Count.grouped(traffic.counts[effect] ?? 0) }
    var text =
      "\(Count.of(traffic.requestCount, "observed request")) of \(Count.of(traffic.dayCount, "day"))"
    if let first = traffic.first, let last = traffic.last {
      text += " (\(first.dayText) to \(last.dayText))"
    }
    text += ": \(count("breaks")) would break, \(count("opens")) would newly get through, "
    text += "\(count("unknown")) cannot be told"
    if traffic.skippedCount > 0 {
      text += "; \(Count.grouped(traffic.skippedCount)) were not replayed, "
      text += "because no manifest describes their destination"
    }
    return text
  }
}
