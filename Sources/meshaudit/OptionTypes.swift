import ArgumentParser
import AuditModel
import AuditPipeline
import MeshModel
import Reporting

extension ReportFormat: ExpressibleByArgument {}
extension ReportOptions.JUnitDialect: ExpressibleByArgument {}
extension ApplicationProtocol: ExpressibleByArgument {}
extension AddressTreatment: ExpressibleByArgument {}

/// A severity, or `none`.
struct GateArgument: ExpressibleByArgument {
  var severity: Severity?

  init(severity: Severity?) { self.severity = severity }

  init?(argument: String) {
    if argument == "none" {
      severity = nil
    } else if let severity = Severity(rawValue: argument) {
      self.severity = severity
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { severity?.rawValue ?? "none" }

  static var allValueStrings: [String] { Severity.allCases.map(\.rawValue) + ["none"] }
}

/// An RFC 3339 time or a day.
struct TimeArgument: ExpressibleByArgument {
  var time: UTCTime

  init?(argument: String) {
    guard let time = UTCTime(argument) else { return nil }
    self.time = time
  }
}

/// When progress is drawn.
enum ProgressArgument: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}

/// How tables are printed.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
  case csv
}
