import Foundation
import Testing

@testable import Reporting

/// SARIF as it is written against `sarif-2.1.0-profile.schema.json`, a restriction of the standard's schema;
/// `make check-sarif` holds the same files against that one.
@Suite struct SARIFSchemaTests {
  private func schema() throws -> SchemaCheck {
    try SchemaCheck(try GoldenTests.file("reports/schemas/sarif-2.1.0-profile.schema.json"))
  }

  @Test func reportsKeepTheSchema() throws {
    for report in [SyntheticReport.report, SyntheticReport.clean, SyntheticReport.empty] {
      let bytes = try ReportFormat.sarif.render(report, options: try GoldenTests.options())
      #expect(try schema().flaws(in: bytes) == [])
    }
  }

  @Test func theGateKeepsTheSchema() throws {
    let bytes = try GoldenTests.file("samples/gate-example/expected/gate.sarif")
    #expect(try schema().flaws(in: bytes) == [])
  }

  /// Code scanning shows a result at the first line of its place, and none without a place (GitHub Docs,
  /// "SARIF support for code scanning").
  @Test func whatTheGateFindsStandsAtALineOfTheHead() throws {
    let bytes = try GoldenTests.file("samples/gate-example/expected/gate.sarif")
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    let run = try #require((document["runs"] as? [[String: Any]])?.first)
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count > 4)
    for result in results {
      let location = try #require((result["locations"] as? [[String: Any]])?.first)
      let physical = try #require(location["physicalLocation"] as? [String: Any])
      let artifact = try #require(physical["artifactLocation"] as? [String: Any])
      let uri = try #require(artifact["uri"] as? String)
      #expect(uri.hasPrefix("samples/gate-example/head/"))
      #expect((physical["region"] as? [String: Any])?["startLine"] as? Int ?? 0 > 0)
    }
  }

  @Test(
    arguments: [
      ("\"version\": \"2.1.0\"", "\"version\": \"2.2.0\""),
      ("\"kind\": \"fail\"", "\"kind\": \"bad\""),
      ("\"startLine\": 42", "\"startLine\": 0"),
      ("\"columnKind\"", "\"columnSort\""),
    ] as [(String, String)])
  func whatBreaksTheStandardIsSeen(good: String, bad: String) throws {
    let text = String(
      decoding: try GoldenTests.file("samples/gate-example/expected/gate.sarif"), as: UTF8.self)
    let broken = text.replacingOccurrences(of: good, with: bad)
    #expect(broken != text)
    #expect(try !schema().flaws(in: Array(broken.utf8)).isEmpty)
  }
}
