import AuditModel
import Foundation
import MeshModel
import Testing

@testable import Reporting

@Suite struct JUnitReportTests {
  private static func render(
    _ report: AuditReport, _ dialect: ReportOptions.JUnitDialect,
    _ passes: ReportOptions.JUnitPasses = .all
  ) throws -> [UInt8] {
    try ReportFormat.junit.render(
      report,
      options: try GoldenTests.options {
        $0.junitDialect = dialect
        $0.junitPasses = passes
      })
  }

  private static func text(
    _ report: AuditReport, _ passes: ReportOptions.JUnitPasses = .all
  ) throws -> String {
    String(decoding: try render(report, .common, passes), as: UTF8.self)
  }

  @Test func strictKeepsItsSchema() throws {
    let schema = try GoldenTests.file("reports/schemas/junit-strict.xsd")
    for report in [SyntheticReport.report, SyntheticReport.clean, SyntheticReport.empty] {
      for passes in ReportOptions.JUnitPasses.allCases {
        let bytes = try JUnitReportTests.render(report, .strict, passes)
        #expect(XMLDocument.flaw(in: bytes, schema: schema) == nil)
      }
    }
  }

  /// The schema is strict where the two schemas that it stands for are.
  @Test func schemaRefusesWhatReadersRefuse() throws {
    let schema = try GoldenTests.file("reports/schemas/junit-strict.xsd")
    let good = String(
      decoding: try JUnitReportTests.render(SyntheticReport.report, .strict), as: UTF8.self)
    for (from, to) in [
      ("<testsuites>", "<testsuites name=\"x\">"),
      ("T05:00:00\"", "T05:00:00Z\""),
      ("time=\"0.000\"", "time=\"4.9e-05\""),
      ("<testcase ", "<testcase file=\"x\" "),
      ("<system-err/>", ""),
      ("hostname=\"meshaudit\" ", ""),
      (" type=\"critical\"", ""),
      ("<skipped ", "<system-out/><skipped "),
    ] {
      let bad = good.replacing(from, with: to, maxReplacements: 1)
      #expect(bad != good, "\(from)")
      #expect(XMLDocument.flaw(in: Array(bad.utf8), schema: schema) != nil, "\(to)")
    }
  }

  @Test func commonIsWellFormedAndRicher() throws {
    let bytes = try JUnitReportTests.render(SyntheticReport.report, .common)
    #expect(XMLDocument.flaw(in: bytes) == nil)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("file=\"mesh/agents.yaml\" line=\"12\""))
    #expect(text.contains("<property name=\"severity\" value=\"critical\"/>"))
  }

  @Test func countsEqualElements() throws {
    for passes in ReportOptions.JUnitPasses.allCases {
      let text = try JUnitReportTests.text(SyntheticReport.report, passes)
      let root = try #require(
        text.firstMatch(
          of: #/<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/#))
      #expect(Int(root.output.1) == text.matches(of: #/<testcase /#).count)
      #expect(Int(root.output.2) == text.matches(of: #/<failure /#).count)
      #expect(Int(root.output.3) == text.matches(of: #/<error /#).count)
      #expect(Int(root.output.4) == text.matches(of: #/<skipped /#).count)
    }
  }

  @Test func mapsEveryStatus() throws {
    let text = try JUnitReportTests.text(SyntheticReport.report)
    #expect(text.contains("type=\"missing-input\""))
    #expect(text.contains("type=\"rule-error\""))
    #expect(text.contains("<skipped message=\"waived WV-2026-012 until 2026-12-31:"))
    // A subject that the rule does not apply to is no test; a rule without any other is one.
    #expect(!text.contains("name=\"system ai-017\""))
    #expect(text.contains("classname=\"ai-act.AI-018\" name=\"(rule)\""))
  }

  @Test func passesCanBeFolded() throws {
    #expect(
      try JUnitReportTests.text(SyntheticReport.report, .summary).contains("1 of 3 subjects pass"))
    #expect(
      !(try JUnitReportTests.text(SyntheticReport.report, .none)).contains("tools/browser"))
  }

  @Test func namesAreUniqueAndShort() throws {
    var report = SyntheticReport.report
    let long = String(repeating: "x", count: 300)
    report.findings = ["a", "a", long + "1", long + "2", "z\u{0}", "z\u{1}"].enumerated().map {
      Finding(
        ruleID: "LP-001", subject: $1, status: .fail, severity: .high, message: "m",
        fingerprint: "fp1:\($0)")
    }
    let text = try JUnitReportTests.text(report)
    let names = text.matches(of: #/classname="least-privilege\.LP-001" name="([^"]*)"/#).map {
      String($0.output.1)
    }
    #expect(names.count == 6)
    #expect(Set(names).count == 6)
    #expect(names.allSatisfy { $0.unicodeScalars.count <= 200 })
  }

  /// Every code point in a name still gives well-formed XML.
  @Test func survivesAllCodePoints() throws {
    var report = SyntheticReport.clean
    let scalars = stride(from: UInt32(0), through: 0x10FFFF, by: 1).lazy
      .filter { $0 < 0x3000 || $0 % 0x1000 > 0xFF0 || $0 % 0x1000 < 0x10 }
      .compactMap(Unicode.Scalar.init)
    var message = String.UnicodeScalarView()
    message.append(contentsOf: scalars)
    report.findings = [
      Finding(
        ruleID: "LP-001", subject: String(message.prefix(190)), status: .fail, severity: .high,
        message: String(message), fingerprint: "fp1:1")
    ]
    for format in [ReportFormat.junit, .html] {
      let bytes = try format.render(report, options: try GoldenTests.options())
      #expect(XMLDocument.flaw(in: bytes) == nil, "\(format)")
    }
  }
}
