package import AuditModel

/// Renders one run into any number of formats, from figures that are counted once.
///
/// Pure: no clock, no file, no environment, and equal reports give equal bytes. Everything that is printed is
/// derived from the report; hostile text in it is escaped, never refused.
package struct ReportRenderer {
  private let figures: ReportFigures
  private let options: ReportOptions

  package init(_ report: AuditReport, options: ReportOptions) {
    figures = ReportFigures(report, minimumCoverage: options.minimumCoverage)
    self.options = options
  }

  /// Hands the bytes of a format to `output`.
  ///
  /// Throws only when the options cannot be honoured or memory runs out.
  package func render(
    _ format: ReportFormat, to output: ReportOutput
  ) throws(ReportingError) {
    switch format {
    case .html: output.write(try OfficerPage(figures, options: options).rendered())
    case .junit: try JUnitReport(figures, options: options).write(to: output)
    case .json: FindingsJSON(figures).write(to: output)
    case .sarif: output.write(SARIFReport(figures).rendered())
    case .csv: CSVReport(figures).write(to: output)
    case .markdown: output.write(MarkdownSummary(figures, options: options).rendered())
    }
  }
}
