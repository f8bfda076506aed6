package import AuditModel
package import MeshModel

/// The options of `meshaudit audit` as a file, `meshaudit.yaml`.
///
/// What is absent is nil or empty; an option on the command line wins over it.
package struct RunConfiguration: Sendable {
  /// From which severity on failures make the run fail.
  package enum Gate: Sendable, Hashable {
    case none
    case severity(Severity)

    /// As it is written: a severity or `none`.
    package init?(_ text: String) {
      if text == "none" {
        self = .none
      } else if let severity = Severity(rawValue: text) {
        self = .severity(severity)
      } else {
        return nil
      }
    }
  }

  /// Which consumer the JUnit file is written for (docs/reports.md).
  package enum JUnitDialect: String, Sendable, Hashable, CaseIterable {
    case common
    case strict
  }

  package enum Progress: String, Sendable, Hashable, CaseIterable {
    case auto
    case always
    case never
  }

  /// What becomes of client addresses that no manifest knows (docs/configuration.md).
  package enum Addresses: String, Sendable, Hashable, CaseIterable {
    case omit
    case network
    case pseudonym
    case keep
  }

  /// What is set for one rule.
  package struct RuleSettings: Sendable, Hashable {
    package var severity: Severity?
    /// In the order of the file; the engine checks names and types against the rule.
    package var parameters: [Parameter]
    package var location: SourceLocation

    package struct Parameter: Sendable, Hashable {
      package var name: String
      package var value: JSONValue
      package var location: SourceLocation
    }
  }

  /// How long the database keeps what it holds.
  package struct Retention: Sendable, Hashable {
    /// Earlier runs that stay.
    package var runs: Int?
    /// Days of observed traffic that stay.
    package var trafficDays: Int?
  }

  /// Files and folders to read, relative to the folder of the configuration.
  package var paths: [Located<String>] = []
  package var asOf: UTCTime?
  package var failOn: Gate?
  /// Only these packs; empty means all.
  package var packs: [Located<String>] = []
  package var skipRules: [Located<String>] = []
  /// Settings by rule id.
  package var rules: [String: RuleSettings] = [:]
  /// A folder of rule packs that stands in for the built-in one.
  package var rulesDirectory: Located<String>?
  package var output: Located<String>?
  package var database: Located<String>?
  /// Report formats; empty means the default ones.
  package var formats: [Located<String>] = []
  package var cluster: String?
  package var istioVersion: Located<String>?
  package var linkerdVersion: Located<String>?
  /// Format string of the access logs, where no manifest declares it.
  package var logFormat: Located<String>?
  /// Names of facts by the headings of certificate inventories in CSV.
  package var certificateColumns: [String: String] = [:]
  package var addresses: Addresses?
  /// File with the key of pseudonyms; never the key itself.
  package var addressKey: Located<String>?
  /// Share of the selected rules that must be assessed, 0 to 1.
  package var minimumCoverage: Double?
  package var junitDialect: JUnitDialect?
  package var baseline: Located<String>?
  package var waivers: [Located<String>] = []
  package var register: Located<String>?
  /// File with the private key that signs the evidence; never the key itself.
  package var signingKey: Located<String>?
  package var keep = Retention()
  package var exitZero: Bool?
  package var quiet: Bool?
  package var progress: Progress?
  package var location: SourceLocation

  package init(location: SourceLocation) { self.location = location }
}
