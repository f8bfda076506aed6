package import AuditModel

/// A file that a run is rendered into.
///
/// One format, one renderer, one file below this folder.
package enum ReportFormat: String, Hashable, Sendable, CaseIterable {
  /// The officer's page.
  case html
  case junit
  /// Our own versioned format.
  case json
  case sarif
  case csv
  /// The short summary for a pull request.
  case markdown

  /// Its name in the output folder.
  package var fileName: String {
    switch self {
    case .html: "report.html"
    case .junit: "junit.xml"
    case .json: "findings.json"
    case .sarif: "findings.sarif"
    case .csv: "findings.csv"
    case .markdown: "summary.md"
    }
  }

  /// What it is for, for `--help`.
  package var summary: String {
    switch self {
    case .html: "page for reading, printing and signing"
    case .junit: "test results for CI servers"
    case .json: "everything, versioned, for programs"
    case .sarif: "code scanning alerts (SARIF 2.1.0)"
    case .csv: "one line per result, for spreadsheets"
    case .markdown: "short summary for a pull request"
    }
  }

  /// Renders a run in one piece, as `ReportRenderer` does in several.
  package func render(
    _ report: AuditReport, options: ReportOptions
  ) throws(ReportingError) -> [UInt8] {
    var bytes: [UInt8] = []
    try withoutActuallyEscaping({ (piece: [UInt8]) in bytes += piece }) {
      take throws(ReportingError) in
      try ReportRenderer(report, options: options).render(self, to: ReportOutput(take))
    }
    return bytes
  }

  /// The style sheet that `htmlAssets == .external` expects beside the page, as
  /// `ReportOptions.styleSheetFileName`.
  package static func styleSheet(
    for report: AuditReport, options: ReportOptions
  ) throws(ReportingError) -> [UInt8] {
    try Array(StyleSheet(options.styleSheet, run: report.run).text.utf8)
  }
}
