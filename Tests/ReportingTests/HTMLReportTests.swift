import AuditModel
import Foundation
import MeshModel
import Testing

@testable import Reporting

@Suite struct HTMLReportTests {
  static func page(
    _ report: AuditReport, _ change: (inout ReportOptions) -> Void = { _ in }
  ) throws -> [UInt8] {
    try ReportFormat.html.render(report, options: try GoldenTests.options(change))
  }

  static func text(_ report: AuditReport) throws -> String {
    String(decoding: try page(report), as: UTF8.self)
  }

  @Test func isWellFormedXML() throws {
    for report in [SyntheticReport.report, SyntheticReport.clean, SyntheticReport.empty] {
      let bytes = try HTMLReportTests.page(report)
      #expect(XMLDocument.flaw(in: bytes) == nil)
      let external = try HTMLReportTests.page(report) { $0.htmlAssets = .external }
      #expect(XMLDocument.flaw(in: external) == nil)
    }
  }

  /// Every tag and attribute name of a page.
  private static func markup(_ page: String) -> [String] {
    page.matches(of: #/<\/?[a-zA-Z][^>]*>/#).map { match in
      String(match.output).replacing(#/="[^"]*"/#, with: "=")
    }
  }

  /// A hostile name may change text and values, but no tag and no attribute.
  @Test func hostileNamesAddNoMarkup() throws {
    var benign = SyntheticReport.report
    for index in benign.findings.indices {
      if SyntheticReport.hostileSubjects.contains(benign.findings[index].subject) {
        benign.findings[index].subject = "workload good/name"
        benign.findings[index].message = "principal is wide"
        benign.findings[index].evidence = ["name": "name", "b": "td"]
      }
    }
    // Where a line may end goes with the text; such a tag has no attribute and no content.
    func markup(_ report: AuditReport) throws -> [String] {
      HTMLReportTests.markup(try HTMLReportTests.text(report)).filter { $0 != "<wbr/>" }
    }
    let expected = try markup(benign)
    let found = try markup(SyntheticReport.report)
    #expect(found == expected)
    let names = Set(
      found.flatMap { $0.matches(of: #/ ([a-zA-Z:-]+)=/#).map { String($0.output.1) } })
    #expect(!names.contains { $0.hasPrefix("on") || $0 == "style" || $0 == "src" })
    #expect(!found.contains { $0.hasPrefix("<script") || $0.hasPrefix("<img") })
  }

  @Test(
    arguments: [
      ("agents/planner", "agents/planner"), ("1.5 of 24", "1.5 of 24"),
      (
        "spiffe://prod.example/ns/agents/sa/planner",
        "spiffe://<wbr/>prod.<wbr/>example/<wbr/>ns/<wbr/>agents/<wbr/>sa/<wbr/>planner"
      ),
      (
        "at meshes/production/mesh.yaml now", "at meshes/<wbr/>production/<wbr/>mesh.<wbr/>yaml now"
      ),
      (
        "a/../../../../../etc/passwd/",
        "a/../../../../../<wbr/>etc/<wbr/>passwd/"
      ),
      ("aaaaaaaaaaaaaaaaaaaa/\u{338}b", "aaaaaaaaaaaaaaaaaaaa/\u{338}b"),
      ("<aaaaaaaaaaaaaaaaaaaaa/b>", "&lt;aaaaaaaaaaaaaaaaaaaaa/<wbr/>b&gt;"),
    ])
  func longNamesMayBreakAfterSlashesAndDots(_ text: String, _ expected: String) {
    var page = HTMLWriter()
    page.breakable(text)
    #expect(Array(String(decoding: page.bytes, as: UTF8.self).utf8) == Array(expected.utf8))
  }

  @Test func requestsNothingFromElsewhere() throws {
    let page = try HTMLReportTests.text(SyntheticReport.report)
    #expect(page.contains("default-src 'none'") || page.contains("default-src &#39;none&#39;"))
    // Only anchors point elsewhere, and only by https.
    for match in page.matches(of: #/<([a-z]+)[^>]* href="([^"#][^"]*)"/#) {
      #expect(match.output.1 == "a")
      #expect(match.output.2.hasPrefix("https://"))
    }
    #expect(!page.contains("href=\"javascript:"))
  }

  /// Findings beyond the cap, of rules and systems that the run does not list, too.
  private static var sprawling: AuditReport {
    var report = SyntheticReport.report
    report.findings += (0..<300).map {
      Finding(
        ruleID: $0 % 2 == 0 ? "LP-001" : "MA-W01", subject: "zz\($0)",
        status: $0 == 299 ? .notAssessed : .fail, severity: .high, message: "m",
        fingerprint: "fp1:zz\($0)", systemIDs: ["ai-099"], isNew: true)
    }
    for index in 0..<250 {
      report.findings.append(
        Finding(
          ruleID: "LP-001", subject: "a\(index)", status: .fail, severity: .high, message: "m",
          fingerprint: "fp1:a\(index)", isNew: false))
    }
    return report
  }

  @Test func everyInnerLinkHasItsTarget() throws {
    try HTMLReportTests.checkLinks(of: SyntheticReport.report)
    try HTMLReportTests.checkLinks(of: HTMLReportTests.sprawling)
  }

  private static func checkLinks(of report: AuditReport) throws {
    let page = try HTMLReportTests.text(report)
    let ids = page.matches(of: #/ id="([^"]*)"/#).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count)
    for match in page.matches(of: #/ href="#([^"]*)"/#) {
      #expect(ids.contains(String(match.output.1)), "\(match.output.1)")
    }
  }

  @Test func findingsAreAnchoredByFingerprint() throws {
    let page = try HTMLReportTests.text(SyntheticReport.report)
    for finding in SyntheticReport.report.findings
    where finding.status == .fail || finding.status == .waived {
      #expect(page.contains("id=\"\(HTMLAnchor.id(finding.fingerprint))\""))
    }
  }

  @Test func saysVerdictInItsOwnWords() throws {
    #expect(try HTMLReportTests.text(SyntheticReport.clean).contains("<strong>clean</strong>"))
    #expect(
      try HTMLReportTests.text(SyntheticReport.report)
        .contains("<strong>not fully assessed</strong>"))
    #expect(!(try HTMLReportTests.text(SyntheticReport.report)).lowercased().contains("compliant"))
  }

  @Test func showsDatesOfApplication() throws {
    let page = try HTMLReportTests.text(SyntheticReport.report)
    #expect(
      page.contains(
        "applies from <time datetime=\"2027-12-02\">2027-12-02</time> for annex-iii, not yet"))
  }

  @Test func capsRowsAndKeepsTotals() throws {
    var report = SyntheticReport.report
    report.findings = (0..<1_234).map { number in
      Finding(
        ruleID: "LP-001", subject: "workload n/\(number)", status: .fail, severity: .high,
        message: "open", fingerprint: "fp1:\(number)")
    }
    let page = try HTMLReportTests.text(report)
    #expect(page.contains("Showing 200 of 1,234 findings"))
    #expect(page.matches(of: #/<article /#).count == 200)
  }

  @Test func refusesAStyleSheetThatEndsItsElement() throws {
    for sheet in ["</style><script>", "a { background: url(https://x) }", "@import 'x';"] {
      #expect(throws: ReportingError(code: "style-sheet", message: "")) {
        try ReportFormat.html.render(
          SyntheticReport.report, options: ReportOptions(styleSheet: sheet))
      }
    }
  }

  @Test func escapesByByte() {
    var writer = HTMLWriter()
    writer.element("p", [.class("\"\u{301} onmouseover=x")], text: "<\u{338}&'`\u{202E}\u{0}")
    #expect(
      String(decoding: writer.bytes, as: UTF8.self).utf8.elementsEqual(
        ("<p class=\"&quot;\u{301} onmouseover=x\">&lt;\u{338}&amp;&#39;&#96;"
          + "\\u{202E}\\u{0}</p>").utf8))
  }

  @Test func namesAStyleByItsDigest() {
    #expect(StyleDigest.base64(of: []) == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
  }
}
