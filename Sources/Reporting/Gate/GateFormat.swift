/// A file that a gate is rendered into.
package enum GateFormat: String, Hashable, Sendable, CaseIterable {
  /// For people at a terminal; the only one without a file.
  case text
  case junit
  case sarif
  /// The comment on a change.
  case markdown
  case json

  /// Its name in the output folder.
  package var fileName: String {
    switch self {
    case .text: "gate.txt"
    case .junit: "gate.junit.xml"
    case .sarif: "gate.sarif"
    case .markdown: "gate.md"
    case .json: "gate.json"
    }
  }

  /// Renders a gate; equal reports give equal bytes.
  package func render(_ report: GateReport) throws(ReportingError) -> [UInt8] {
    switch self {
    case .text: return Array(GateText(report).rendered().utf8)
    case .junit: return try GateJUnit(report).rendered()
    case .sarif: return try ReportFormat.sarif.render(report.scan, options: ReportOptions())
    case .markdown: return GateMarkdown(report).rendered()
    case .json: return GateJSON(report).rendered()
    }
  }
}
