import Foundation
import Testing

/// Rules on use through the whole pipeline, where examples cannot show it: what is not assessed is no pass.
@Suite struct UseRuleTests {
  private static let rules = MeshAuditProgram.checkout + "/rules/least-privilege"
  private static let unused = rules + "/LP-050-unused-edge/examples/fail-never-called"
  private static let first = rules + "/LP-054-new-edge/examples/fail-first-call"

  /// Status and message of each result of a rule.
  private func results(of rule: String, _ scratch: Scratch, _ arguments: [String]) async throws
    -> [String]
  {
    _ = try await MeshAuditProgram.run(
      ["audit"] + arguments + ["--rule", rule, "--output", "out"], in: scratch.path)
    let report = try JSONSerialization.jsonObject(with: try scratch.data("out/findings.json"))
    let findings = try #require((report as? [String: Any])?["findings"] as? [[String: Any]])
    return findings.map { "\($0["status"] ?? "") \($0["subject"] ?? ""): \($0["message"] ?? "")" }
  }

  private static func lines(of example: String) throws -> [String] {
    try String(contentsOfFile: "\(example)/logs/agents_planner.log", encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  // MARK: LP-050

  @Test func anEdgeIsUnusedWhereTheLogCoversTheWindow() async throws {
    let scratch = try Scratch()
    let results = try await results(of: "LP-050", scratch, [Self.unused] + SmallMesh.asOf)
    #expect(results.contains { $0.hasPrefix("fail edge agents/retriever -> agents/planner") })
  }

  @Test func threeDaysOfLogJudgeNothing() async throws {
    let scratch = try Scratch()
    let mesh = try String(contentsOfFile: "\(Self.unused)/mesh.yaml", encoding: .utf8)
    try scratch.write("in/mesh.yaml", mesh)
    let lines = try Self.lines(of: Self.unused).prefix(3).joined(separator: "\n") + "\n"
    try scratch.write("in/agents_planner.log", lines)
    let results = try await results(of: "LP-050", scratch, ["in"] + SmallMesh.asOf)
    #expect(
      results.contains {
        $0.hasPrefix("not-assessed edge agents/retriever") && $0.contains("3 of 7")
      },
      "\(results)")
  }

  /// A call whose caller the log does not name may have been the retriever's.
  @Test func callersThatAreNotLoggedJudgeNothing() async throws {
    let scratch = try Scratch()
    let mesh = try String(contentsOfFile: "\(Self.unused)/mesh.yaml", encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("source_principal") }.joined(separator: "\n")
    try scratch.write("in/mesh.yaml", mesh)
    let principal = #""source_principal":"spiffe://cluster.local/ns/agents/sa/orchestrator","#
    let lines = try Self.lines(of: Self.unused).map {
      $0.replacingOccurrences(of: principal, with: "")
    }
    try scratch.write("in/agents_planner.log", lines.joined(separator: "\n") + "\n")
    let results = try await results(of: "LP-050", scratch, ["in"] + SmallMesh.asOf)
    #expect(
      results.contains {
        $0.hasPrefix("not-assessed edge agents/retriever") && $0.contains("caller is not known")
      }, "\(results)")
  }

  /// The window is that of the rule: a log that ended before it covers none of it.
  @Test func aLogBeforeTheWindowCoversNothing() async throws {
    let scratch = try Scratch()
    let later = ["--as-of", "2027-02-01T06:00:00Z"]
    let results = try await results(of: "LP-050", scratch, [Self.unused] + later)
    #expect(
      results.contains {
        $0.hasPrefix("not-assessed edge agents/retriever") && $0.contains("no log of")
      }, "\(results)")
  }

  // MARK: LP-054

  @Test func aCallIsNewAgainstTheBaseline() async throws {
    let scratch = try Scratch()
    for (moment, status) in [("2026-11-19T09:30:00Z", "fail"), ("2026-11-19T12:00:00Z", "pass")] {
      _ = try await MeshAuditProgram.run(
        [
          "audit", Self.first, "--rule", "LP-054", "--as-of", moment, "--output", "accepted",
        ], in: scratch.path)
      let results = try await results(
        of: "LP-054", scratch,
        [Self.first, "--baseline", "accepted/findings.json"] + SmallMesh.asOf)
      let edge = try #require(results.first { $0.contains("agents/retriever -> agents/planner") })
      #expect(edge.hasPrefix(status), "\(moment): \(edge)")
      if status == "fail" { #expect(edge.contains("up to the baseline of 2026-11-19")) }
    }
  }
}
