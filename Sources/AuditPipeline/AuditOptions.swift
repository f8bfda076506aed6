package import AuditModel
package import MeshModel
package import Reporting

/// What `meshaudit audit` was asked to do: the command line over `meshaudit.yaml` over the defaults.
package struct AuditOptions: Sendable {
  package var paths: [String] = []
  /// Nil: the start of the run.
  package var asOf: UTCTime?
  /// Nil: no gate.
  package var failOn: Severity? = .high
  /// Only these packs; empty means all.
  package var packs: [String] = []
  /// Only these rules; empty means all of the packs.
  package var onlyRules: [String] = []
  package var skipRules: [String] = []
  package var ruleParameters: [String: [String: JSONValue]] = [:]
  package var severityOverrides: [String: Severity] = [:]
  package var rulesDirectory: String?
  /// Nil: nothing is written.
  package var output: String? = "meshaudit-report"
  /// Nil: a temporary database that goes with the run.
  package var database: String?
  package var formats: [ReportFormat] = ReportFormat.allCases
  package var cluster = ""
  package var istioVersion: String?
  package var linkerdVersion: String?
  package var logFormats: [String] = []
  /// Names of facts by the headings of certificate inventories in CSV.
  package var certificateColumns: [String: String] = [:]
  package var addresses = ClientAddresses()
  /// Share of the selected rules that must be assessed, 0 to 1.
  package var minimumCoverage = 1.0
  package var junitDialect: ReportOptions.JUnitDialect = .common
  package var baseline: String?
  package var signingKey: String?
  /// Earlier runs whose reports stay readable.
  package var keptReports = 30
  /// Days of traffic that stay, counted back from `asOf`; nil keeps all.
  package var keptTrafficDays: Int?
  /// The command line as it is kept in evidence.
  package var arguments: [String] = []

  package init() {}
}
