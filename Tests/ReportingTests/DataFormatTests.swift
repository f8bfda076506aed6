import AuditModel
import Foundation
import MeshModel
import Testing

@testable import Reporting

@Suite struct DataFormatTests {
  private static func json(_ format: ReportFormat) throws -> [String: Any] {
    let bytes = try format.render(SyntheticReport.report, options: try GoldenTests.options())
    return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  // MARK: findings.json

  @Test func findingsKeepTheirSchema() throws {
    let schema = try SchemaCheck(try GoldenTests.file("reports/schemas/findings.schema.json"))
    for report in [SyntheticReport.report, SyntheticReport.clean, SyntheticReport.empty] {
      let bytes = try ReportFormat.json.render(report, options: try GoldenTests.options())
      #expect(try schema.flaws(in: bytes) == [])
    }
    #expect(try !schema.flaws(in: Array(#"{"format":"meshaudit-findings/2"}"#.utf8)).isEmpty)
  }

  @Test func countsInJSONAgreeWithItsRows() throws {
    let document = try DataFormatTests.json(.json)
    let findings = document["findings"] as! [[String: Any]]
    let byStatus = (document["summary"] as! [String: Any])["byStatus"] as! [String: Int]
    for (status, count) in byStatus {
      #expect(findings.count { $0["status"] as? String == status } == count)
    }
    #expect(findings.count == SyntheticReport.report.findings.count)
  }

  @Test func hostileTextComesBackFromJSON() throws {
    let findings = try DataFormatTests.json(.json)["findings"] as! [[String: Any]]
    let subjects = findings.map { $0["subject"] as! String }
    for subject in SyntheticReport.hostileSubjects { #expect(subjects.contains(subject)) }
  }

  // MARK: SARIF

  @Test func sarifHoldsWhatCodeScanningNeeds() throws {
    let document = try DataFormatTests.json(.sarif)
    #expect(document["version"] as? String == "2.1.0")
    let run = (document["runs"] as! [[String: Any]])[0]
    let driver = (run["tool"] as! [String: Any])["driver"] as! [String: Any]
    let rules = driver["rules"] as! [[String: Any]]
    #expect(rules.count == SyntheticReport.report.rules.count)
    let results = run["results"] as! [[String: Any]]
    for result in results {
      let index = result["ruleIndex"] as! Int
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      let prints = result["partialFingerprints"] as! [String: String]
      #expect(prints["primaryLocationLineHash"]?.hasSuffix(":1") == true)
      if result["kind"] as? String != "fail" { #expect(result["level"] as? String == "none") }
    }
    #expect(results.count { $0["suppressions"] != nil } == 1)
    #expect(results.count { $0["kind"] as? String == "review" } == 1)
    let invocation = (run["invocations"] as! [[String: Any]])[0]
    #expect(invocation["executionSuccessful"] as? Bool == false)
    let notes = invocation["toolExecutionNotifications"] as! [[String: Any]]
    #expect(
      Set(notes.map { ($0["descriptor"] as! [String: String])["id"]! })
        == ["rule-error", "not-assessed", "no-file"])
  }

  @Test func sarifIsCut() throws {
    var report = SyntheticReport.report
    report.findings = (0..<6_000).map {
      Finding(
        ruleID: "LP-001", subject: "w/\($0)", status: .fail, severity: .high, message: "m",
        fingerprint: "fp1:\($0)")
    }
    let bytes = try ReportFormat.sarif.render(report, options: ReportOptions())
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.matches(of: #/"primaryLocationLineHash"/#).count == 5_000)
    #expect(text.contains("the 5000 most urgent of 6000 results are written"))
  }

  @Test(arguments: [
    ("mesh/a b.yaml", "mesh/a%20b.yaml"), ("/abs/é", "file:///abs/%C3%A9"),
    ("x:y#z?\u{1}", "x%3Ay%23z%3F%01"),
  ]) func pathsBecomeReferences(path: String, uri: String) {
    #expect(SARIFReport.uri(path) == uri)
  }

  // MARK: CSV

  /// RFC 4180, as strict as a reader can be.
  private static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var scalars = Array(text.unicodeScalars)[...]
    while let first = scalars.popFirst() {
      precondition(first == "\"")
      var cell = String.UnicodeScalarView()
      while let next = scalars.popFirst() {
        if next == "\"" {
          guard scalars.first == "\"" else { break }
          scalars.removeFirst()
        }
        cell.append(next)
      }
      row.append(String(cell))
      if scalars.popFirst() == "\r" {
        precondition(scalars.popFirst() == "\n")
        rows.append(row)
        row = []
      }
    }
    return rows
  }

  @Test func csvHasNoFormula() throws {
    let bytes = try ReportFormat.csv.render(SyntheticReport.report, options: ReportOptions())
    let rows = DataFormatTests.rows(String(decoding: bytes, as: UTF8.self))
    #expect(rows.count == SyntheticReport.report.findings.count + 1)
    #expect(rows[0] == CSVReport.columns)
    for row in rows {
      #expect(row.count == CSVReport.columns.count)
      for cell in row {
        let first = cell.unicodeScalars.first
        #expect(!(first.map { "=+-@\t\r\n\0".unicodeScalars.contains($0) } ?? false))
        #expect(!cell.unicodeScalars.contains(where: VisibleText.isHidden))
      }
    }
    #expect(rows.contains { $0[5].hasPrefix("'=HYPERLINK(") })
  }

  @Test(arguments: ["=1", " =1", "\u{A0}+1", "\u{FF1D}1", "\t=1", "-1", "@x", "\n=1"])
  func formulaGetsAnApostrophe(cell: String) {
    #expect(CSVReport.cell(cell).utf8.starts(with: "\"'".utf8))
  }

  // MARK: Markdown and terminal

  @Test func markdownHoldsNoForeignMarkup() throws {
    let bytes = try ReportFormat.markdown.render(SyntheticReport.report, options: ReportOptions())
    let text = String(decoding: bytes, as: UTF8.self)
    let hostile = Markdown.text("@team <b> www.x https://x | `c` \u{202E}")
    #expect(
      hostile
        == "&#64;team &#60;b&#62; www&#46;x https&#58;//x &#124; &#96;c&#96; &#92;u{202E}")
    #expect(Markdown.code("a`b|c\u{1B}") == "`a'b\\|c\\u{1B}`")
    // The table keeps its columns.
    for line in text.split(separator: "\n") where line.hasPrefix("| ") && line.contains("**") {
      #expect(line.replacing("\\|", with: "").count { $0 == "|" } == 5)
    }
    #expect(text.utf8.count < 4_000)
  }

  @Test func terminalIsKeptInItsLines() {
    var report = SyntheticReport.report
    report.rules[3].title = "\u{1B}]0;owned\u{7}\u{202E} " + String(repeating: "w", count: 200)
    for line in TerminalSummary(usesColour: false, width: 60).text(of: report)
      .split(separator: "\n")
    {
      #expect(line.unicodeScalars.count <= 60)
      #expect(!line.unicodeScalars.contains(where: VisibleText.isHidden))
    }
    let coloured = TerminalSummary(usesColour: true, width: 60).text(of: report)
    #expect(coloured.contains("\u{1B}[31mcritical"))
    #expect(
      coloured.replacing(#/\u{1B}\[\d+m/#, with: "").unicodeScalars.allSatisfy {
        $0 == "\n" || !VisibleText.isHidden($0)
      })
  }

  @Test func groupsThousands() {
    #expect(Count.of(1, "finding") == "1 finding")
    #expect(Count.of(1_234_567, "policy", plural: "policies") == "1,234,567 policies")
    #expect(Count.grouped(-1_000) == "-1,000")
  }
}
