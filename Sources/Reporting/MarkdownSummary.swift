import AuditModel
import MeshModel

/// `summary.md`: the most important first, short enough for a comment on a pull request.
///
/// GitHub Flavored Markdown. Names from the mesh stand in code spans, where nothing is a mention, a link
/// or a tag; sentences are escaped.
struct MarkdownSummary {
  /// Rules in the table; the page has all.
  static let rowLimit = 10

  private let figures: ReportFigures
  private let options: ReportOptions

  init(_ figures: ReportFigures, options: ReportOptions) {
    self.figures = figures
    self.options = options
  }

  func rendered() -> [UInt8] {
    var lines = [
      "# \(Markdown.text(options.title)): \(VerdictText.headline(figures))", "",
      VerdictText.sentence(figures), "",
    ]
    lines += gaps
    lines += counts
    lines += urgent
    lines += unassessed
    lines += waived
    lines += footer
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private var gaps: [String] {
    let gaps = figures.verdict.gaps
    guard !gaps.isEmpty else { return [] }
    var lines = gaps.prefix(MarkdownSummary.rowLimit).map { "- \(Markdown.text($0))" }
    let rest = gaps.count - MarkdownSummary.rowLimit
    if rest > 0 { lines.append("- and \(Count.of(rest, "more reason"))") }
    return lines + [""]
  }

  private var counts: [String] {
    let severities = Severity.allCases.map { String(figures.failCounts[$0] ?? 0) }
    return [
      "| Critical | High | Medium | Low | Info | Waived | Rules assessed |",
      "|---:|---:|---:|---:|---:|---:|---:|",
      "| \(severities.joined(separator: " | ")) | \(figures.waivedCount) "
        + "| \(figures.assessedRuleCount) of \(figures.rules.count) |", "",
    ]
  }

  private var urgent: [String] {
    guard !figures.failGroups.isEmpty else { return [] }
    var lines = [
      "## Findings", "", "| Severity | Rule | Findings | First |", "|---|---|---:|---|",
    ]
    for group in figures.failGroups.prefix(MarkdownSummary.rowLimit) {
      let first = group.findings[0]
      let title = figures.rule(group.ruleID)?.title ?? ""
      let place = first.location.map { " at \(Markdown.code($0.description))" } ?? ""
      let new = group.findings.count { $0.isNew == true }
      let count = new > 0 ? "\(group.findings.count) (\(new) new)" : "\(group.findings.count)"
      lines.append(
        "| \(group.severity.rawValue) | **\(Markdown.text(group.ruleID))** "
          + "\(Markdown.text(title)) | \(count) | \(Markdown.code(first.subject))\(place) |")
    }
    let rest = figures.failGroups.count - MarkdownSummary.rowLimit
    if rest > 0 { lines.append(contentsOf: ["", "And \(rest) more in the report."]) }
    return lines + [""]
  }

  private var unassessed: [String] {
    guard !figures.unassessedRuleIDs.isEmpty else { return [] }
    var lines = ["## Not assessed", ""]
    for id in figures.unassessedRuleIDs.prefix(MarkdownSummary.rowLimit) {
      let reason =
        figures.findings(of: id).first { $0.status == .notAssessed || $0.status == .error }?
        .message ?? ""
      lines.append("- **\(Markdown.text(id))** \(Markdown.text(reason))")
    }
    let rest = figures.unassessedRuleIDs.count - MarkdownSummary.rowLimit
    if rest > 0 { lines.append("- and \(rest) more in the report") }
    return lines + [""]
  }

  private var waived: [String] {
    guard figures.waivedCount > 0 else { return [] }
    let ids = Set(figures.findings.lazy.filter { $0.status == .waived }.compactMap(\.waiverID))
    let list = ids.sorted().prefix(MarkdownSummary.rowLimit).map(Markdown.code)
    let more = ids.count > MarkdownSummary.rowLimit ? " …" : ""
    return [
      "\(Count.of(figures.waivedCount, "finding")) waived by \(list.joined(separator: ", "))\(more); "
        + "waived findings are counted in the report and do not fail the gate.", "",
    ]
  }

  private var footer: [String] {
    let run = figures.report.run
    return [
      "Run \(Markdown.code(run.id)) as of \(run.asOf.text), meshaudit "
        + "\(Markdown.text(run.toolVersion)). Absence of findings is not a statement of conformity."
    ]
  }
}
