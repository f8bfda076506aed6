import Testing

/// A slip in a question about access ends in a line that says what was meant.
@Suite struct AskedWronglyTests {
  static let questions: [(command: String, says: String)] = [
    ("access samples/istio-agents --from agents/plannr", "did you mean \"agents/planner\"?"),
    ("access samples/istio-agents --to tools/planner", "did you mean \"agents/planner\"?"),
    ("access samples/istio-agents --from unauthentcated", "did you mean \"unauthenticated\"?"),
    ("access samples/istio-agents --to outside", "there is no workload \"outside\""),
    ("explain samples/istio-agents --from planer --to tools/browser", "\"agents/planner\""),
    (
      "explain samples/istio-agents --from agents/planner --to tools/browser --port 80800",
      "ports are 1 to 65535"
    ),
    (
      "explain samples/istio-agents --to tools/browser --port 8080 --method GE(T",
      "\"GE(T\" is no HTTP method"
    ),
    (
      "explain samples/istio-agents --to tools/browser --port 8080 --path v1", "write \"/v1\""
    ),
    (
      "explain samples/istio-agents --from mesh.meridian.example/ns/agents/sa/planner --to planner",
      "write \"spiffe://mesh.meridian.example/ns/agents/sa/planner\""
    ),
    ("suggest samples/istio-agents --workload agents/plannr", "did you mean \"agents/planner\"?"),
    ("suggest samples/istio-agents --workload agent/", "there is no workload \"agent/\""),
  ]

  @Test(arguments: questions.indices) func isSaid(_ index: Int) async throws {
    let question = Self.questions[index]
    let result = try await MeshAuditProgram.run(
      question.command.split(separator: " ").map(String.init))
    expectExit(64, result)
    #expect(result.output.isEmpty)
    expectSaid(question.says, result.errors)
  }

  static let remarks: [(command: String, says: String)] = [
    ("--to tools/browser", "note: no port was named: it declares 8080 (http)"),
    ("--to browser --port 9999", "note: browser does not declare port 9999: it declares 8080"),
    ("--to tools/browser --port 8080 --method get", "\"get\" is not GET"),
  ]

  @Test(arguments: remarks.indices) func whatMayBeMeantOtherwiseIsRemarked(_ index: Int)
    async throws
  {
    let remark = Self.remarks[index]
    let result = try await MeshAuditProgram.run(
      ["explain", "samples/istio-agents", "--from", "agents/planner"]
        + remark.command.split(separator: " ").map(String.init))
    expectExit(0, result)
    expectSaid(remark.says, result.output)
  }

  @Test func aNameAloneIsEnoughAndTheWholeNameIsNoBeginning() async throws {
    let bare = try await MeshAuditProgram.run(
      ["access", "samples/istio-agents", "--to", "planner", "--format", "csv"])
    let whole = try await MeshAuditProgram.run(
      ["access", "samples/istio-agents", "--to", "agents/planner", "--format", "csv"])
    let namespace = try await MeshAuditProgram.run(
      ["access", "samples/istio-agents", "--to", "agents/", "--format", "csv"])
    #expect(bare.output == whole.output)
    #expect(namespace.output.count > whole.output.count)
  }

  @Test func anEmptyListSaysWhy() async throws {
    let tenants = try await MeshAuditProgram.run(
      ["access", "samples/mixed-mesh", "--only", "cross-tenant"])
    expectSaid("has the label meshaudit.dev/tenant", tenants.errors)
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let none = try await MeshAuditProgram.run(
      ["access", "mesh", "--from", "agents/planner", "--to", "caller"], in: scratch.path)
    expectSaid("--denied lists what is refused", none.errors)
  }
}
