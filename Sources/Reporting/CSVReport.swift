import AuditModel
import MeshModel

/// `findings.csv`: one line per result, for spreadsheets.
///
/// RFC 4180: CRLF, a header, and every cell quoted. A cell that a spreadsheet could take for a formula
/// gets an apostrophe in front (OWASP, CSV Injection; CWE-1236); programs read `findings.json`.
struct CSVReport {
  static let columns = [
    "rule", "title", "pack", "severity", "status", "subject", "discriminator", "message", "file",
    "line", "column", "ai_systems", "controls", "waiver", "waiver_expires", "first_seen", "is_new",
    "fingerprint", "evidence",
  ]

  private let figures: ReportFigures

  init(_ figures: ReportFigures) { self.figures = figures }

  func write(to output: ReportOutput) {
    var text = ""
    append(CSVReport.columns, to: &text)
    for finding in figures.findings {
      append(cells(of: finding), to: &text)
      output.writePiece(of: &text)
    }
    output.write(text)
  }

  private func cells(of finding: Finding) -> [String] {
    let rule = figures.rule(finding.ruleID)
    let line = finding.location.flatMap { $0.line > 0 ? $0 : nil }
    return [
      finding.ruleID, rule?.title ?? "", rule?.pack ?? "", finding.severity.rawValue,
      finding.status.rawValue, finding.subject, finding.discriminator, finding.message,
      finding.location?.path ?? "", line.map { String($0.line) } ?? "",
      line.map { String($0.column) } ?? "", finding.systemIDs.joined(separator: " "),
      figures.controls(of: finding.ruleID).joined(separator: "; "), finding.waiverID ?? "",
      figures.waiver(finding.waiverID)?.expires.dayText ?? "", finding.firstSeen?.text ?? "",
      finding.isNew.map { $0 ? "yes" : "no" } ?? "", finding.fingerprint,
      finding.evidence.members?.isEmpty == true ? "" : finding.evidence.canonicalText,
    ]
  }

  private func append(_ cells: [String], to text: inout String) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { text += "," }
      text += CSVReport.cell(cell)
    }
    text += "\r\n"
  }

  /// A cell with its quotes.
  static func cell(_ text: String) -> String {
    var cell = "\""
    if isFormula(text) { cell += "'" }
    let text = VisibleText.escaped(text)
    if text.utf8.contains(UInt8(ascii: "\"")) {
      // Scalar by scalar: a quote with a combining accent is still a quote to a CSV parser.
      for scalar in text.unicodeScalars {
        if scalar == "\"" { cell.unicodeScalars.append("\"") }
        cell.unicodeScalars.append(scalar)
      }
    } else {
      cell += text
    }
    cell += "\""
    return cell
  }

  /// Whether a spreadsheet could run it: behind spaces too, and by the full-width twins of the signs.
  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first(where: { $0 != " " && $0 != "\u{A0}" }) else {
      return false
    }
    switch first {
    case "=", "+", "-", "@", "\t", "\r", "\n", "\0", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}":
      return true
    default: return false
    }
  }
}
