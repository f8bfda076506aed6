import AuditModel
import MeshModel

/// The gate as a comment on a change: short, what fails first.
///
/// GitHub Flavored Markdown, read by GitLab as well; names from the mesh stand in code spans.
struct GateMarkdown {
  private static let rowLimit = 10

  private let report: GateReport

  init(_ report: GateReport) { self.report = report }

  func rendered() -> [UInt8] {
    var lines = ["## Mesh gate: \(GateWords.headline(report))", ""]
    lines += report.gaps.prefix(Self.rowLimit).map { "- not assessed: \(Markdown.text($0))" }
    for condition in report.conditions where condition.state != .clear {
      let state = condition.state == .met ? "**fails**" : "not assessed"
      lines.append(
        "- \(Markdown.code(condition.name)) \(state): \(Markdown.text(condition.text))")
    }
    lines += ["", "Access: \(GateWords.counts(report))."]
    if let traffic = report.traffic {
      lines.append("Replay of \(Markdown.text(GateWords.replay(traffic))).")
    }
    lines += [""]
    lines += breaks + access("opens", "Opens") + access("changes", "Changes")
    lines += access("unknown", "Cannot be told") + findings
    if report.access.isEmpty, report.replay.isEmpty, report.findings.isEmpty {
      lines += ["Nothing changes for anybody.", ""]
    }
    lines += closed
    lines.append(
      "From \(Markdown.code(report.base)) to \(Markdown.code(report.head)), as of "
        + "\(report.asOf.text), meshaudit \(Markdown.text(report.toolVersion)).")
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func place(_ cause: GateReport.Cause?) -> String {
    guard let cause else { return "" }
    let location = (cause.location ?? cause.baseLocation).map {
      " " + Markdown.code($0.description)
    }
    return "\(Markdown.text(cause.text)) \(cause.action)\(location ?? "")"
  }

  private var breaks: [String] {
    let items = report.replay("breaks")
    guard !items.isEmpty else { return [] }
    var lines = [
      "### Observed requests that would break", "",
      "| Requests | Caller | Called | Operation | By |",
      "|---:|---|---|---|---|",
    ]
    for line in items.prefix(Self.rowLimit) {
      lines.append(
        "| \(Count.grouped(line.count)) | \(Markdown.code(line.source)) "
          + "| \(Markdown.code(line.destination)) | \(Markdown.code(line.operation)) "
          + "| \(place(line.cause)) |")
    }
    return lines + more(items.count) + [""]
  }

  private func access(_ kind: String, _ title: String) -> [String] {
    let items = report.access(kind)
    guard !items.isEmpty else { return [] }
    var lines = [
      "### \(title)", "", "| Caller | Called | What | By |", "|---|---|---|---|",
    ]
    for line in items.prefix(Self.rowLimit) {
      let note = line.isUnauthenticated ? " **without identity**" : ""
      lines.append(
        "| \(GateWords.list(line.sources, quoted: Markdown.code))\(note) "
          + "| \(GateWords.list(line.destinations, quoted: Markdown.code)) "
          + "| \(Markdown.text(GateWords.operations(line))) | \(place(line.causes.first)) |")
    }
    return lines + more(items.count) + [""]
  }

  private var findings: [String] {
    let items = report.findings(.new) + report.findings(.incomparable)
    guard !items.isEmpty else { return [] }
    var lines = ["### New findings", "", "| Severity | Rule | Finding |", "|---|---|---|"]
    for finding in items.prefix(Self.rowLimit) {
      let location = finding.location.map { " " + Markdown.code($0.description) } ?? ""
      let note = finding.standing == .incomparable ? " (the base could not be compared)" : ""
      lines.append(
        "| \(finding.severity.rawValue) | \(Markdown.text(finding.ruleID)) "
          + "| \(Markdown.text(finding.message))\(location)\(note) |")
    }
    return lines + more(items.count) + [""]
  }

  private var closed: [String] {
    let resolved = report.findings(.resolved).count
    let hidden = report.findings(.outOfSight).count
    var parts: [String] = []
    if resolved > 0 { parts.append("\(Count.of(resolved, "finding")) resolved") }
    if report.unchangedCount > 0 { parts.append("\(report.unchangedCount) unchanged") }
    if hidden > 0 { parts.append("\(hidden) out of sight and not taken for resolved") }
    return parts.isEmpty ? [] : [parts.joined(separator: ", ") + ".", ""]
  }

  private func more(_ count: Int) -> [String] {
    count > Self.rowLimit ? ["", "And \(Count.grouped(count - Self.rowLimit)) more."] : []
  }
}
