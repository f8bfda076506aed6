package import AuditModel
import MeshModel

/// The summary that ends a run on standard output: verdict, counts, the most urgent rules, gaps.
///
/// Names are shown with controls and direction marks escaped, so that nothing in a log can move the
/// cursor, set a title or reorder a line.
package struct TerminalSummary: Sendable {
  /// Rules in the table.
  private static let rowLimit = 12
  /// Reasons below it.
  private static let gapLimit = 5

  private let usesColour: Bool
  private let width: Int

  /// `width` is the terminal's, in columns; longer lines are cut to it, but never below 40.
  package init(usesColour: Bool, width: Int) {
    self.usesColour = usesColour
    self.width = max(width, 40)
  }

  package func text(of report: AuditReport, minimumCoverage: Double = 1) -> String {
    let figures = ReportFigures(report, minimumCoverage: minimumCoverage)
    var lines = [
      [headline(figures)], [Span("  \(VerdictText.sentence(figures))")], [],
    ]
    lines += counts(figures) + inputs(figures)
    if !figures.failGroups.isEmpty { lines += [[]] + table(figures) }
    lines += gaps(figures)
    return lines.map(text).joined(separator: "\n") + "\n"
  }

  // MARK: Parts

  private func headline(_ figures: ReportFigures) -> Span {
    let colour: Colour =
      switch figures.verdict.outcome {
      case .clean: .green
      case .findings: .red
      case .incomplete: .magenta
      }
    return Span(VerdictText.headline(figures), colour)
  }

  private func counts(_ figures: ReportFigures) -> [[Span]] {
    var severities = [Span("findings   ")]
    for (index, severity) in Severity.allCases.enumerated() {
      let count = figures.failCounts[severity] ?? 0
      if index > 0 { severities.append(Span(", ")) }
      severities.append(
        Span("\(Count.grouped(count)) \(severity.rawValue)", count > 0 ? colour(severity) : nil))
    }
    if figures.waivedCount > 0 { severities.append(Span(", \(figures.waivedCount) waived")) }
    let scope = figures.report.scope
    return [
      severities,
      [Span("rules      \(figures.assessedRuleCount) of \(figures.rules.count) assessed")],
      [
        Span(
          "scope      \(Count.of(scope.workloadCount, "workload")), "
            + "\(Count.of(scope.policyCount, "policy", plural: "policies")), "
            + "\(Count.of(scope.certificateCount, "certificate")), "
            + Count.of(scope.observedRequestCount, "observed request"))
      ],
    ]
  }

  /// What was taken for what, and what was not recognised and why.
  private func inputs(_ figures: ReportFigures) -> [[Span]] {
    let inputs = figures.report.inputs
    let read = inputs.filter { $0.status != .unrecognised && $0.status != .failed }
    let kinds = Dictionary(grouping: read, by: \.kind).sorted { $0.key < $1.key }
    let taken = kinds.map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
    var lines = [[Span("inputs     \(taken.isEmpty ? "none" : taken)")]]
    let others = inputs.filter { $0.status == .unrecognised || $0.status == .failed }
    for input in others.prefix(TerminalSummary.gapLimit) {
      let what = input.status == .failed ? "not read" : "not recognised"
      lines.append([Span("           \(what): \(input.path): \(input.reason ?? "no reason")")])
    }
    let rest = others.count - TerminalSummary.gapLimit
    if rest > 0 { lines.append([Span("           and \(rest) more that were not read")]) }
    return lines
  }

  private func table(_ figures: ReportFigures) -> [[Span]] {
    let groups = figures.failGroups.prefix(TerminalSummary.rowLimit)
    let idWidth = max(4, groups.map(\.ruleID.unicodeScalars.count).max() ?? 0)
    var lines = [[Span("severity  \(padded("rule", idWidth))  count  title")]]
    for group in groups {
      let count = Count.grouped(group.findings.count)
      let space = String(repeating: " ", count: max(0, 5 - count.utf8.count))
      let title = figures.rule(group.ruleID)?.title ?? group.findings[0].message
      lines.append([
        Span(padded(group.severity.rawValue, 8), colour(group.severity)),
        Span("  \(padded(group.ruleID, idWidth))  \(space)\(count)  \(title)"),
      ])
    }
    let rest = figures.failGroups.count - groups.count
    if rest > 0 { lines.append([Span("and \(Count.of(rest, "more row")) in the report")]) }
    return lines
  }

  private func gaps(_ figures: ReportFigures) -> [[Span]] {
    guard !figures.verdict.gaps.isEmpty else { return [] }
    var lines = [[], [Span("not fully assessed because")]]
    lines += figures.verdict.gaps.prefix(TerminalSummary.gapLimit).map { [Span("  - \($0)")] }
    let rest = figures.verdict.gaps.count - TerminalSummary.gapLimit
    if rest > 0 { lines.append([Span("  - and \(Count.of(rest, "more reason"))")]) }
    return lines
  }

  // MARK: Lines

  /// ANSI colours of ECMA-48, section 8.3.117 (SGR).
  private enum Colour: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
  }

  private struct Span {
    var text: String
    var colour: Colour?

    init(_ text: String, _ colour: Colour? = nil) {
      self.text = text
      self.colour = colour
    }
  }

  private func colour(_ severity: Severity) -> Colour {
    switch severity {
    case .critical, .high: .red
    case .medium: .yellow
    case .low, .info: .blue
    }
  }

  private func padded(_ text: String, _ count: Int) -> String {
    text + String(repeating: " ", count: max(0, count - text.unicodeScalars.count))
  }

  /// A line no wider than the terminal; what is cut off ends in an ellipsis.
  private func text(of line: [Span]) -> String {
    let texts = line.map { VisibleText.escaped($0.text).unicodeScalars }
    let isCut = texts.reduce(0) { $0 + $1.count } > width
    var room = isCut ? width - 1 : width
    var result = ""
    for (span, text) in zip(line, texts) {
      let part = String(String.UnicodeScalarView(text.prefix(room)))
      room -= min(room, text.count)
      guard !part.isEmpty else { continue }
      if usesColour, let colour = span.colour {
        result += "\u{1B}[\(colour.rawValue)m\(part)\u{1B}[0m"
      } else {
        result += part
      }
    }
    return isCut ? result + "…" : result
  }
}
