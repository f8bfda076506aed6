import Foundation
import Testing

/// `evaluate`, `access`, `explain`, `rules`, `register` and `evidence` from the outside.
@Suite struct CommandTests {
  static func request(_ id: String, caller: String, expect: String?) -> String {
    let expectation = expect.map { ",\"expect\":\"\($0)\"" } ?? ""
    return """
      {"id":"\(id)","source":{"principal":"spiffe://cluster.local/ns/agents/sa/\(caller)"},\
      "destination":{"workload":"agents/planner","port":8080,"protocol":"http"},\
      "request":{"method":"GET","path":"/v1/x"}\(expectation)}

      """
  }

  private func evaluate(_ requests: String, format: String = "jsonl") async throws
    -> MeshAuditProgram.Result
  {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("r.jsonl", requests)
    return try await MeshAuditProgram.run(
      ["evaluate", "mesh", "--requests", "r.jsonl", "--format", format], in: scratch.path)
  }

  @Test func decisionsAreOneObjectALine() async throws {
    let result = try await evaluate(
      Self.request("r1", caller: "caller", expect: "allow")
        + Self.request("r2", caller: "other", expect: nil))
    expectExit(0, result)
    let answers = try result.lines.map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    #expect(answers.map { $0["decision"] as? String } == ["allow", "deny"])
    #expect(answers[0]["decidedBy"] as? String == "ns[agents]-policy[planner]-rule[0]")
    #expect(answers[1]["decidedBy"] is NSNull)
    #expect((answers[0]["trace"] as? [Any])?.isEmpty == false)
  }

  @Test func mismatchExitsOneAndSaysBoth() async throws {
    let result = try await evaluate(
      Self.request("r1", caller: "other", expect: "allow"), format: "table")
    expectExit(1, result)
    expectSaid(
      "r.jsonl:1:1: error: request \"r1\": expected allow, decided deny", result.errors)
    expectSaid("MISMATCH", result.output)
  }

  @Test(arguments: [
    "{\"id\":\"r1\",\"source\":",
    "{\"id\":\"r1\",\"destination\":{\"workload\":\"a/b\"},\"expect\":\"maybe\"}",
    "", "[]", "hello: world\n", "\0\0", "{\"id\": 7}",
  ])
  func brokenRequestsExitTwo(text: String) async throws {
    let good = text.hasPrefix("{") ? Self.request("r0", caller: "caller", expect: "allow") : ""
    let result = try await evaluate(good + text)
    expectExit(2, result)
    expectSaid("r.jsonl", result.errors)
  }

  @Test func anIdentityWithoutSchemeIsAnErrorAndNotAMismatch() async throws {
    let text = Self.request("r1", caller: "caller", expect: "deny")
    let result = try await evaluate(text.replacingOccurrences(of: "spiffe://", with: ""))
    expectExit(2, result)
    expectSaid("principal is \"cluster.local/ns/agents/sa/caller\"", result.errors)
    expectSaid("write \"spiffe://cluster.local/ns/agents/sa/caller\"", result.errors)
  }

  @Test func policyTestsAsJUnit() async throws {
    let result = try await evaluate(
      Self.request("r1", caller: "caller", expect: "allow")
        + Self.request("r2", caller: "other", expect: "allow"), format: "junit")
    expectExit(1, result)
    expectSaid("<failure type=\"mismatch\"", result.output)
    expectSaid("tests=\"2\"", result.output)
  }

  @Test func requestsFromStandardInput() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let result = try await MeshAuditProgram.run(
      ["evaluate", "mesh", "--requests", "-", "--no-trace"], in: scratch.path,
      input: Self.request("r1", caller: "caller", expect: "allow"))
    expectExit(0, result)
    #expect(result.lines.count == 1)
  }

  @Test func accessSaysWhoMayCallWhat() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let result = try await MeshAuditProgram.run(
      ["access", "mesh", "--to", "agents/planner", "--format", "json"], in: scratch.path)
    expectExit(0, result)
    let rows =
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
    #expect(
      rows.contains {
        $0["source"] as? String == "agents/caller" && $0["access"] as? String == "partial"
      })
    #expect(!rows.contains { ($0["source"] as? String)?.hasPrefix("unauthenticated") == true })
    let dot = try await MeshAuditProgram.run(
      ["access", "mesh", "--format", "dot"], in: scratch.path)
    #expect(dot.output.hasPrefix("digraph access {"))
    let broken = try await MeshAuditProgram.run(["access", "mesh", "nosuch"], in: scratch.path)
    expectExit(2, broken)
  }

  @Test func explainTellsTheWayToADecision() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    for (from, verdict) in [
      ("agents/caller", "ALLOW, decided by ns[agents]-policy[planner]-rule[0]"),
      ("agents/planner", "DENY"), ("spiffe://cluster.local/ns/agents/sa/caller", "ALLOW"),
    ] {
      let result = try await MeshAuditProgram.run(
        [
          "explain", "mesh", "--from", from, "--to", "agents/planner", "--port", "8080", "--method",
          "GET", "--path", "/v1/x",
        ], in: scratch.path)
      expectExit(0, result)
      #expect(result.lines.last?.hasPrefix(verdict) == true, "\(result.output)")
      expectSaid("at mesh/mesh.yaml:38:1", result.output)
    }
    let missing = try await MeshAuditProgram.run(
      ["explain", "nosuch", "--to", "agents/planner"], in: scratch.path)
    expectExit(2, missing)
    expectSaid("\"nosuch\" was not read", missing.errors)
  }

  @Test func newRuleIsListedShownAndTested() async throws {
    let scratch = try Scratch()
    let made = try await MeshAuditProgram.run(
      ["rules", "new", "TM-001", "wild-thing", "--pack", "team", "--into", "mine"],
      in: scratch.path)
    expectExit(0, made)
    #expect(scratch.files("mine").count >= 4)
    for arguments in [
      ["rules", "test", "mine"], ["rules", "list", "--rules", "mine"],
      ["rules", "show", "TM-001", "--rules", "mine"],
    ] {
      let result = try await MeshAuditProgram.run(arguments, in: scratch.path)
      expectExit(0, result)
      if arguments[1] != "test" { expectSaid("TM-001", result.output) }
    }
    let again = try await MeshAuditProgram.run(
      ["rules", "new", "TM-001", "wild-thing", "--pack", "team", "--into", "mine"],
      in: scratch.path)
    expectExit(64, again)
    expectSaid("is there already", again.errors)
    // An example that fails is a failed test, and broken SQL says where.
    let sql = scratch.files("mine").first { $0.hasSuffix("check.sql") } ?? ""
    try scratch.write("mine/" + sql, "selekt 1")
    let broken = try await MeshAuditProgram.run(["rules", "test", "mine"], in: scratch.path)
    expectExit(1, broken)
    expectSaid("TM-001", broken.errors)
    let audit = try await MeshAuditProgram.run(
      [
        "audit", MeshAuditProgram.checkout + "/samples/istio-agents-clean", "--rules", "mine",
        "--output", "out",
      ], in: scratch.path)
    expectExit(2, audit)
    expectSaid("TM-001", audit.output)
  }

  @Test func registerIsCheckedWithAndWithoutManifests() async throws {
    let good = try await MeshAuditProgram.run(["register", "check", "samples/istio-agents"])
    expectExit(0, good)
    expectSaid("agents/llm-orchestrator", good.output)
    let alone = try await MeshAuditProgram.run(
      ["register", "check", "samples/istio-agents/register.yaml"])
    expectExit(0, alone)
    let scratch = try Scratch()
    try scratch.write("r.yaml", "register: 1\nsystems:\n- {id: a, riskClass: gigantic}\n")
    let bad = try await MeshAuditProgram.run(["register", "check", "r.yaml"], in: scratch.path)
    expectExit(2, bad)
    expectSaid("r.yaml:3:", bad.errors)
    expectSaid("gigantic", bad.errors)
  }

  @Test(arguments: ["p256", "ed25519"]) func evidenceIsSignedAndShowsTampering(algorithm: String)
    async throws
  {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    func run(_ line: String) async throws -> MeshAuditProgram.Result {
      try await MeshAuditProgram.run(
        line.split(separator: " ").map(String.init), in: scratch.path)
    }
    expectExit(0, try await run("evidence keygen --output key --algorithm \(algorithm)"))
    expectExit(0, try await run("evidence keygen --output other --algorithm \(algorithm)"))
    expectExit(64, try await run("evidence keygen --output key"))
    let mode = try FileManager.default.attributesOfItem(atPath: scratch.url("key.pem").path)
    #expect(mode[.posixPermissions] as? Int == 0o600)
    expectExit(0, try await run("audit mesh --rule LP-001 --output out --signing-key key.pem"))
    let verified = try await run("evidence verify out --key key.pub.pem")
    expectExit(0, verified)
    expectSaid("verified: run", verified.output)
    expectExit(0, try await run("evidence verify out"))
    expectExit(1, try await run("evidence verify out --key other.pub.pem"))

    let summary = try scratch.data("out/summary.md")
    try scratch.write("out/summary.md", summary + Data("x".utf8))
    let changed = try await run("evidence verify out --key key.pub.pem")
    expectExit(1, changed)
    expectSaid("\"summary.md\" has changed", changed.errors)
    try scratch.write("out/summary.md", summary)
    expectExit(0, try await run("evidence verify out --key key.pub.pem"))

    try scratch.write("out/planted.md", "x")
    let planted = try await run("evidence verify out --key key.pub.pem")
    expectSaid("planted.md", planted.errors)
    try FileManager.default.removeItem(at: scratch.url("out/planted.md"))

    let envelope = try scratch.text("out/run.intoto.jsonl")
    let payload = try #require(envelope.range(of: "\"payload\":\""))
    var characters = Array(envelope)
    let index = envelope.distance(from: envelope.startIndex, to: payload.upperBound) + 200
    characters[index] = characters[index] == "A" ? "B" : "A"
    try scratch.write("out/run.intoto.jsonl", String(characters))
    expectExit(1, try await run("evidence verify out --key key.pub.pem"))
    try scratch.write("out/run.intoto.jsonl", "no envelope\n")
    let garbage = try await run("evidence verify out --key key.pub.pem")
    expectExit(1, garbage)
    try FileManager.default.removeItem(at: scratch.url("out/run.intoto.jsonl"))
    expectExit(2, try await run("evidence verify out --key key.pub.pem"))
  }
}
