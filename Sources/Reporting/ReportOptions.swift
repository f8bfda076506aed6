/// How a run is rendered; what is rendered is all in the report.
package struct ReportOptions: Sendable, Hashable {
  /// Whose reading of JUnit XML is written (`docs/reports.md`).
  package enum JUnitDialect: String, Sendable, Hashable, CaseIterable {
    /// File, line, properties and totals, as Jenkins, GitLab and GitHub actions read them.
    case common
    /// Only what both the Ant schema and Jenkins xUnit's `junit-10.xsd` allow.
    case strict
  }

  /// What becomes of subjects that pass.
  package enum JUnitPasses: String, Sendable, Hashable, CaseIterable {
    /// One test case each, so that pass rates are true.
    case all
    /// One test case per rule.
    case summary
    case none
  }

  /// Where the page's style sheet lies.
  package enum HTMLAssets: String, Sendable, Hashable, CaseIterable {
    /// In the page: one file that can be mailed and archived.
    case inline
    /// Beside the page, for servers that forbid inline styles, as Jenkins does for archived pages.
    case external
  }

  /// The file that the page links to with `HTMLAssets.external`.
  package static let styleSheetFileName = "report.css"

  /// CSS of the page: `report.css` of the report templates, or the user's own.
  package var styleSheet: String
  package var junitDialect: JUnitDialect
  package var junitPasses: JUnitPasses
  package var htmlAssets: HTMLAssets
  /// Heading of the page and of the summary.
  package var title: String
  /// Share of the rules that must be assessable, 0 to 1, as the exit code uses it.
  package var minimumCoverage: Double

  package init(
    styleSheet: String = "", junitDialect: JUnitDialect = .common,
    junitPasses: JUnitPasses = .all, htmlAssets: HTMLAssets = .inline,
    title: String = "Mesh audit", minimumCoverage: Double = 1
  ) {
    self.styleSheet = styleSheet
    self.junitDialect = junitDialect
    self.junitPasses = junitPasses
    self.htmlAssets = htmlAssets
    self.title = title
    self.minimumCoverage = minimumCoverage
  }
}
