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
    var bytes: [UInt8] = []
    append(CSVReport.columns, to: &bytes)
    for finding in figures.findings {
      append(cells(of: finding), to: &bytes)
      output.writePiece(of: &bytes)
    }
    output.write(bytes)
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

  private func append(_ cells: [String], to bytes: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      CSVReport.append(cell, to: &bytes)
    }
    bytes += "\r\n".utf8
  }

  /// A cell with its quotes.
  static func cell(_ text: String) -> String {
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Byte by byte: a quote with a combining accent is still a quote to a CSV parser.
  private static func append(_ text: String, to bytes: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    bytes.append(quote)
    if isFormula(text) { bytes.append(UInt8(ascii: "'")) }
    var shown = VisibleText.escaped(text)
    shown.withUTF8 { text in
      var rest = text[...]
      while let place = rest.firstIndex(of: quote) {
        bytes += UnsafeBufferPointer(rebasing: rest[...place])
        bytes.append(quote)
        rest = rest[(place + 1)...]
      }
      bytes += UnsafeBufferPointer(rebasing: rest)
    }
    bytes.append(quote)
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
