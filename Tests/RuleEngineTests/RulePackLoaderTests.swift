import AuditModel
import Foundation
import MeshModel
import Testing

@testable import RuleEngine

@Suite struct RulePackLoaderTests {
  @Test func wholeTreeLoads() throws {
    let catalog = TestRule.catalog
    #expect(catalog.diagnostics.map(\.description) == [])
    let rule = try #require(catalog.rule("lp-900"))
    #expect(rule.pack == "least-privilege")
    #expect(rule.needs == [.manifests])
    #expect(rule.parameters.map(\.defaultValue) == ["planner"])
    #expect(catalog.packs.map(\.title) == ["Least privilege"])
    #expect(catalog.examples["LP-900"]?.map(\.name) == ["fail-planner", "pass-browser"])
    #expect(catalog.controls(of: "LP-900").map(\.control.id) == ["art-15-5"])
  }

  /// What is broken, by what is changed, and the code that says so.
  static let defects: [(path: String, text: String?, code: String)] = [
    ("check.sql", nil, "missing-check"),
    ("rule.yaml", nil, "missing-rule-file"),
    ("rule.yaml", "", "empty-rule-file"),
    ("rule.yaml", TestRule.yaml + "\nseverty: high", "unknown-field"),
    ("rule.yaml", change("severity: medium", "severity: severe"), "unknown-value"),
    ("rule.yaml", change("severity: medium", ""), "missing-field"),
    ("rule.yaml", change("why: Because.", ""), "missing-field"),
    ("rule.yaml", change("needs: [manifests]", "needs: [manifest]"), "unknown-value"),
    ("rule.yaml", change("name: test-rule", "name: other-rule"), "wrong-folder"),
    ("rule.yaml", change("LP-900", "lp900"), "wrong-rule-id"),
    ("rule.yaml", change("should be", "is"), "wrong-title"),
    ("rule.yaml", change("default: planner", "default: 3"), "wrong-type"),
    ("rule.yaml", change("name: wanted", "name: as_of"), "wrong-parameter-name"),
    ("examples/fail-planner.yaml", nil, "missing-example"),
    ("examples/pass-browser.yaml", nil, "missing-example"),
    ("examples/fail-planner.yaml", "kind: Deployment", "wrong-expectation"),
    ("examples/other.yaml", "kind: Deployment", "wrong-example-name"),
    ("examples/fail-planner.expect.yaml", "rule: LP-900", "wrong-type"),
    ("examples/fail-planner.expect.yaml", "- {rule: LP-900}", "missing-field"),
  ]

  private static func change(_ text: String, _ other: String) -> String {
    guard let range = TestRule.yaml.firstRange(of: text) else { return "" }
    return TestRule.yaml.replacingCharacters(in: range, with: other)
  }

  @Test(arguments: defects.indices) func brokenRuleDoesNotLoad(index: Int) {
    let defect = Self.defects[index]
    let catalog = TestRule.with([
      "\(TestRule.folder)/\(defect.path)": defect.text,
      "frameworks/eu-ai-act.yaml": nil as String?,
    ])
    #expect(catalog.rules.isEmpty)
    #expect(catalog.diagnostics.map(\.code).contains(defect.code), "\(catalog.diagnostics)")
  }

  @Test func misspeltFieldComesWithHintAndPlace() throws {
    let catalog = TestRule.with(["\(TestRule.folder)/rule.yaml": TestRule.yaml + "\nseverty: high"])
    let diagnostic = try #require(catalog.diagnostics.first { $0.code == "unknown-field" })
    #expect(diagnostic.hint == "did you mean \"severity\"?")
    #expect(diagnostic.location?.line == 14)
  }

  @Test func secondRuleOfAnIdDoesNotLoad() {
    var changes: [String: String?] = [:]
    for (path, text) in TestRule.tree where path.hasPrefix(TestRule.folder) {
      changes["other-pack/" + path.dropFirst("least-privilege/".count)] = text
    }
    let catalog = TestRule.with(changes)
    #expect(catalog.rules.count == 1)
    #expect(catalog.diagnostics.map(\.code).contains("double-rule-id"))
  }

  @Test func mappingMustNameARule() {
    let catalog = TestRule.with(["\(TestRule.folder)/check.sql": nil as String?])
    #expect(catalog.diagnostics.map(\.code).contains("unknown-rule"))
    #expect(catalog.frameworks.first?.controls.first?.mappings.isEmpty == true)
  }

  @Test func scaffoldLoads() throws {
    let files = try #require(
      RuleScaffold.files(pack: "acme", id: "ACME-001", name: "missing-owner"))
    let catalog = RulePackLoader.load(files: files)
    #expect(catalog.rules.map(\.id) == ["ACME-001"])
    #expect(catalog.diagnostics.filter { $0.severity == .error } == [])
    #expect(RuleScaffold.files(pack: "acme", id: "acme", name: "x") == nil)
  }

  @Test func pageShowsSQLExamplesAndControls() throws {
    let catalog = TestRule.catalog
    let page = RuleDocumentation.markdown(try #require(catalog.rule("LP-900")), in: catalog)
    for part in [
      "# LP-900 test-rule", "from workload", "fail-planner", "pass-browser",
      "Article 15(5)", "2027-12-02 (annex-iii)", "| `wanted` | `\"planner\"` |",
    ] {
      #expect(page.contains(part), "\(part)")
    }
  }
}
