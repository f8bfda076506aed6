import AuditModel
import MeshModel
import Testing

@testable import RuleEngine

@Suite struct ConcurrentEvaluationTests {
  /// Rules that fail for different workloads, one that is broken, and one that judges by two of them.
  private static let catalog: RuleCatalog = {
    var changes: [String: String?] = [:]
    func add(_ number: Int, inherits: String = "", sql: String) {
      let id = "LP-9\(number)"
      let folder = "least-privilege/\(id)-test-rule"
      let parameters = "parameters:\n- {name: wanted, type: text, default: planner, doc: Name.}\n"
      changes["\(folder)/rule.yaml"] = TestRule.yaml
        .replacing("LP-900", with: id)
        .replacing(
          "parameters:\n- {name: wanted, type: text, default: planner, doc: Name that fails.}\n",
          with: inherits.isEmpty ? parameters : inherits)
      changes["\(folder)/check.sql"] = sql
      for kind in ["fail", "pass"] {
        changes["\(folder)/examples/\(kind)-one.yaml"] =
          kind == "fail" ? "kind: Deployment\nname: x  # expect: \(id)\n" : "kind: Deployment\n"
      }
    }
    for number in 10..<30 {
      let sql = TestRule.sql.replacing(
        "'workload \"' || name", with: "'\(number) workload \"' || name")
      add(number, sql: number == 17 ? "select nothing" : sql)
    }
    add(
      31, inherits: "inherits: [LP-912, LP-917]\n",
      sql: """
        select
          'system ' || json_extract(v.value, '$.ai_system') as subject,
          json_extract(v.value, '$.status') as status,
          json_extract(v.value, '$.message') as message,
          null as location_id,
          json_extract(v.value, '$.evidence') as evidence
        from json_each(:verdicts) v
        """)
    return TestRule.with(changes)
  }()

  private static let database = """
    insert into systems values ('ai-1', 'high'), ('ai-2', 'minimal');
    insert into members values ('ai-1', 2), ('ai-2', 3);
    """

  @Test(arguments: [1, 2, 3, 8]) func connectionsChangeNothing(limit: Int) async throws {
    #expect(Self.catalog.diagnostics.map(\.description) == [])
    #expect(Self.catalog.rules.count == 22)
    let database = try ScratchDatabase(Self.database)
    let settings = RuleEvaluation.Settings(
      asOf: asOf, parameters: ["LP-911": ["wanted": "browser"]])
    let expected = try RuleEvaluation.evaluate(
      Self.catalog, availableNeeds: [.manifests], runner: database.runner(), settings: settings,
      hash: testHash)
    let path = database.path
    let findings = try await RuleEvaluation.evaluate(
      Self.catalog, availableNeeds: [.manifests], settings: settings, limit: limit, hash: testHash
    ) { footprints throws(RuleEngineError) in
      try RuleRunner(databasePath: path, views: ScratchDatabase.views, footprints: footprints)
    }
    #expect(findings == expected)
    #expect(findings.contains { $0.status == .error && $0.ruleID == "LP-917" })
    #expect(findings.contains { $0.ruleID == "LP-931" && $0.subject == "system ai-1" })
    withExtendedLifetime(database) {}
  }

  /// A connection with the footprints of another refuses what that one refuses.
  @Test func footprintsGrantNoMore() throws {
    let database = try ScratchDatabase("")
    let first = try database.runner()
    let second = try RuleRunner(
      databasePath: database.path, views: ScratchDatabase.views, footprints: first.footprints)
    let sql = "select name from workload order by name"
    #expect(try second.rows(sql).rows.count == (try first.rows(sql).rows.count))
    for sql in [
      "select value from secrets", "select w.name from workloads w", "select count(*) from secrets",
    ] {
      #expect(throws: RuleEngineError.self) { try second.rows(sql) }
    }
  }

  @Test func connectionThatDoesNotOpenIsAnError() async throws {
    await #expect(throws: RuleEngineError.self) {
      try await RuleEvaluation.evaluate(
        Self.catalog, availableNeeds: [.manifests], settings: .init(asOf: asOf), limit: 2,
        hash: testHash
      ) { footprints throws(RuleEngineError) in
        try RuleRunner(
          databasePath: "/nowhere/at/all", views: ScratchDatabase.views, footprints: footprints)
      }
    }
  }
}
