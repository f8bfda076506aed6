import AuditModel
import MeshModel
import Testing

@testable import RuleEngine

@Suite struct RuleExampleTests {
  private let example = RuleExample(
    ruleID: "LP-900", name: "fail-x", outcome: .fail, files: [],
    expectations: [.init(ruleID: "LP-900", file: "mesh.yaml", line: 3, subject: nil)])

  private func at(_ line: Int, _ path: String = "mesh.yaml") -> Finding {
    finding("workload a/b", location: SourceLocation(path: path, line: line, column: 1))
  }

  @Test func expectedFailureMatchesByPlace() {
    #expect(example.check(findings: [at(3)]) == [])
    #expect(example.check(findings: [at(3, "/tmp/x/mesh.yaml")]) == [])
    #expect(example.check(findings: [at(4)]).count == 2, "one missing, one unexpected")
    #expect(example.check(findings: [at(3, "other-mesh.yaml")]).count == 2)
    #expect(example.check(findings: [at(3), at(9)]).count == 1)
  }

  @Test func failuresOfOtherRulesAreNotCounted() {
    #expect(example.check(findings: [at(3), finding("workload a/b", rule: "LP-001")]) == [])
  }

  @Test func passMustBeAssessed() {
    var pass = example
    pass.outcome = .pass
    pass.expectations = []
    #expect(pass.check(findings: [finding("workload a/b", .pass)]) == [])
    #expect(pass.check(findings: [finding("(rule)", .notApplicable)]).count == 1)
    #expect(pass.check(findings: [finding("(rule)", .notAssessed)]).count == 2)
    #expect(pass.check(findings: [finding("workload a/b")]).count == 2)
  }

  @Test func whatCannotBeJudgedMustSaySo() {
    var open = example
    open.outcome = .notAssessed
    open.expectations = []
    #expect(open.check(findings: [finding("workload a/b", .notAssessed)]) == [])
    #expect(open.check(findings: [finding("workload a/b", .pass)]).count == 1)
    #expect(open.check(findings: [finding("workload a/b", .error)]).count == 2)
  }

  @Test(arguments: [
    ("a: b  # expect: LP-001", ["LP-001"]),
    ("a # b # expect: LP-001, LP-004", ["LP-001", "LP-004"]),
    ("# expect:LP-001\r", ["LP-001"]),
  ]) func commentNamesTheRules(line: String, ids: [String]) {
    #expect(RuleExampleReader.expectedIDs(line[...]) == ids)
  }

  @Test func lineWithoutMarkExpectsNothing() {
    #expect(RuleExampleReader.expectedIDs("a: b # expected") == nil)
  }

  @Test func foldersAndSidecarsAreRead() throws {
    let catalog = TestRule.with([
      "\(TestRule.folder)/examples/fail-folder/mesh.yaml": "kind: Deployment",
      "\(TestRule.folder)/examples/fail-folder/logs/a.json": "{}",
      "\(TestRule.folder)/examples/fail-folder/expect.yaml":
        "- {rule: LP-900, subject: workload agents/planner}\n- {rule: LP-900, file: logs/a.json, line: 1}",
    ])
    #expect(catalog.diagnostics.map(\.description) == [])
    let example = try #require(catalog.examples["LP-900"]?.first { $0.name == "fail-folder" })
    #expect(example.files.map(\.path) == ["logs/a.json", "mesh.yaml"])
    #expect(example.expectations.count == 2)
  }

  @Test func foldersOfRunsAreAuditsOneAfterTheOther() throws {
    let folder = "\(TestRule.folder)/examples/fail-runs"
    let catalog = TestRule.with([
      "\(folder)/run-2026-11-20/mesh.yaml": "kind: Deployment\nx: 1  # expect: LP-900",
      "\(folder)/run-2026-08-01/mesh.yaml": "kind: Deployment  # expect: LP-900",
      "\(folder)/run-2026-08-01/logs/a.json": "{}",
    ])
    #expect(catalog.diagnostics.map(\.description) == [])
    let example = try #require(catalog.examples["LP-900"]?.first { $0.name == "fail-runs" })
    #expect(example.files.map(\.path) == ["mesh.yaml"])
    #expect(example.expectations.map(\.line) == [2])
    #expect(example.earlierRuns.map(\.asOf.text) == ["2026-08-01T06:00:00Z"])
    #expect(example.earlierRuns.map { $0.files.map(\.path) } == [["logs/a.json", "mesh.yaml"]])
  }
}
