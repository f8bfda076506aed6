import AuditModel
import MeshModel
import Testing

@testable import RuleEngine

@Suite struct RuleEvaluationTests {
  private func evaluate(
    _ catalog: RuleCatalog = TestRule.catalog, needs: Set<InputNeed> = [.manifests],
    parameters: [String: JSONValue] = [:], severities: [String: Severity] = [:],
    database: String = ""
  ) throws -> [Finding] {
    try RuleEvaluation.evaluate(
      catalog, availableNeeds: needs, runner: ScratchDatabase(database).runner(),
      settings: .init(asOf: asOf, parameters: ["LP-900": parameters], severities: severities),
      hash: testHash)
  }

  private func catalog(sql: String) -> RuleCatalog {
    TestRule.with(["\(TestRule.folder)/check.sql": sql])
  }

  @Test func rowsBecomeFindingsWithPlaces() throws {
    let findings = try evaluate()
    #expect(findings.map(\.subject) == ["workload agents/planner", "workload tools/browser"])
    #expect(findings.map(\.status) == [.fail, .pass])
    #expect(findings[0].location == SourceLocation(path: "mesh/agents.yaml", line: 4, column: 9))
    #expect(findings[0].evidence["workload"] == "agents/planner")
    #expect(findings[0].fingerprint.hasPrefix("fp1:"))
    #expect(findings[0].fingerprint.utf8.count == 36)
  }

  @Test func ruleWithoutItsInputIsNotAssessed() throws {
    let findings = try evaluate(needs: [.certificates])
    #expect(findings.map(\.status) == [.notAssessed])
    #expect(findings[0].message == "not assessed, for want of input: manifests")
  }

  @Test func ruleWithoutRowsIsNotApplicable() throws {
    let findings = try evaluate(
      catalog(sql: TestRule.sql.replacing("from workload", with: "from workload where 0")))
    #expect(findings.map(\.status) == [.notApplicable])
  }

  @Test func parametersAndSeveritiesAreOverridden() throws {
    let findings = try evaluate(
      parameters: ["wanted": "browser"], severities: ["LP-900": .info])
    #expect(findings.first { $0.status == .fail }?.subject == "workload tools/browser")
    #expect(findings.allSatisfy { $0.severity == .info })
  }

  @Test(arguments: [
    ["unknown": JSONValue.int(1)], ["wanted": .int(3)],
  ]) func wrongParameterIsAnError(parameters: [String: JSONValue]) throws {
    #expect(try evaluate(parameters: parameters).map(\.status) == [.error])
  }

  /// Changes to the SQL that break the contract of rows.
  @Test(arguments: [
    ("as subject", "as item"), ("location_id,", ""), ("'fail'", "'alarm'"),
    ("json_object(", "json_array("), ("json_object(", "('{' || "),
    ("from workload", "from workloads"),
    ("location_id,", "name as location_id,"), ("location_id,", "location_id, name,"),
    ("location_id,", "location_id, 'urgent' as severity,"), (":wanted", ":other"),
    ("'workload \"' || name || '\"'", "null"), ("select", "selekt"),
    (
      "from workload",
      "from workload, (with recursive n (x) as (select 1 union all select x from n) select x from n)"
    ),
  ]) func brokenRuleIsAnError(old: String, new: String) throws {
    let findings = try evaluate(catalog(sql: TestRule.sql.replacing(old, with: new)))
    #expect(findings.map(\.status) == [.error])
    #expect(findings[0].message.hasPrefix("the rule could not be run: "))
  }

  @Test func rowsOfOneSubjectAreNumbered() throws {
    let sql = TestRule.sql.replacing(
      "namespace || '/' || name as subject", with: "'x/y' as subject")
    let findings = try evaluate(catalog(sql: sql))
    #expect(findings.map(\.discriminator).sorted() == ["", "#2"])
    #expect(Set(findings.map(\.fingerprint)).count == 2)
  }

  private static let register = """
    insert into systems values ('ai-1', 'high'), ('ai-2', 'minimal');
    insert into members values ('ai-1', 2), ('ai-2', 3);
    """

  @Test func mappedRuleIsRaisedOnHighRiskSystems() throws {
    let findings = try evaluate(database: Self.register)
    let planner = try #require(findings.first { $0.subject == "workload agents/planner" })
    #expect(planner.severity == .high)
    #expect(planner.systemIDs == ["ai-1"])
    let browser = try #require(findings.first { $0.subject == "workload tools/browser" })
    #expect(browser.severity == .medium)
    #expect(browser.systemIDs == ["ai-2"])
  }

  @Test func ruleThatTheActDoesNotNameIsNotRaised() throws {
    let findings = try evaluate(
      TestRule.with(["frameworks/eu-ai-act.yaml": nil as String?]), database: Self.register)
    #expect(findings.allSatisfy { $0.severity == .medium })
  }

  @Test func fingerprintLooksAtNoPlace() throws {
    let moved = try evaluate(database: "update places set path = 'other.yaml', line = 77;")
    #expect(try evaluate().map(\.fingerprint) == moved.map(\.fingerprint))
  }
}
