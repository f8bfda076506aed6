import AuditModel
import Foundation
import MeshModel
import Testing

@testable import Reporting

/// Every format of the synthetic run, byte by byte; `UPDATE_GOLDEN=1` writes them anew.
@Suite struct GoldenTests {
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func file(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: root.appending(path: path)))
  }

  static func options(_ change: (inout ReportOptions) -> Void = { _ in }) throws -> ReportOptions {
    var options = ReportOptions(
      styleSheet: String(decoding: try file("reports/report.css"), as: UTF8.self))
    change(&options)
    return options
  }

  static func check(_ bytes: [UInt8], _ name: String) throws {
    let url = root.appending(path: "Tests/Data/reporting/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try Data(bytes).write(to: url)
      return
    }
    #expect(try Data(contentsOf: url) == Data(bytes), "\(name) has changed")
  }

  @Test(arguments: ReportFormat.allCases) func rendersAsBefore(format: ReportFormat) throws {
    let bytes = try format.render(SyntheticReport.report, options: try GoldenTests.options())
    try GoldenTests.check(bytes, format.fileName)
  }

  @Test func rendersOtherChoicesAsBefore() throws {
    let strict = try GoldenTests.options { $0.junitDialect = .strict }
    try GoldenTests.check(
      try ReportFormat.junit.render(SyntheticReport.report, options: strict), "junit-strict.xml")
    let plain = try GoldenTests.options { $0.htmlAssets = .external }
    try GoldenTests.check(
      try ReportFormat.html.render(SyntheticReport.clean, options: plain), "clean-external.html")
    try GoldenTests.check(
      Array(
        TerminalSummary(usesColour: true, width: 100).text(of: SyntheticReport.report).utf8),
      "summary.txt")
  }

  @Test(arguments: ReportFormat.allCases) func equalRunsGiveEqualBytes(format: ReportFormat) throws
  {
    var shuffled = SyntheticReport.report
    shuffled.findings.reverse()
    shuffled.rules.reverse()
    shuffled.run.sequence += 1
    shuffled.run.startedAt = shuffled.run.startedAt.adding(days: 3)
    shuffled.run.finishedAt = shuffled.run.startedAt
    let options = try GoldenTests.options()
    #expect(
      try format.render(SyntheticReport.report, options: options)
        == format.render(shuffled, options: options))
  }

  @Test(arguments: ReportFormat.allCases) func emptyRunRenders(format: ReportFormat) throws {
    let bytes = try format.render(SyntheticReport.empty, options: try GoldenTests.options())
    #expect(!bytes.isEmpty)
    #expect(!String(decoding: bytes, as: UTF8.self).contains("compliant"))
  }
}
