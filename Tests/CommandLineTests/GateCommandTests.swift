import Foundation
import Testing

/// `meshaudit gate` on `samples/gate-example` and in git work trees.
@Suite struct GateCommandTests {
  private static let example = [
    "gate", "--base", "samples/gate-example/base", "--head", "samples/gate-example/head",
    "samples/gate-example/logs", "--as-of", "2026-11-20T06:00:00Z", "--rule", "LP-004", "--rule",
    "IC-019",
  ]

  /// `UPDATE_GOLDEN=1` writes the expected files anew.
  @Test func everyOutputIsAsExpected() async throws {
    let scratch = try Scratch()
    let result = try await MeshAuditProgram.run(Self.example + ["--output", scratch.path])
    #expect(result.exitCode == 1, "\(result.errors)")
    #expect(result.output == (try scratch.text("gate.txt")))
    let folder = MeshAuditProgram.checkout + "/samples/gate-example/expected"
    let updates = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"
    for name in ["gate.txt", "gate.md", "gate.json", "gate.junit.xml", "gate.sarif"] {
      let url = URL(fileURLWithPath: "\(folder)/\(name)")
      if updates { try scratch.data(name).write(to: url) }
      #expect(try scratch.text(name) == String(contentsOf: url, encoding: .utf8), "\(name)")
    }
  }

  @Test func aFolderAgainstItselfPasses() async throws {
    for sample in ["samples/istio-agents", "samples/gate-example/head"] {
      let result = try await MeshAuditProgram.run(
        ["gate", "--base", sample, "--head", sample, "--format", "json"] + SmallMesh.asOf)
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(result.output.contains("\"access\": [],"))
      #expect(result.output.contains("\"findings\": [],"))
    }
  }

  @Test func conditionsDecideTheExitCode() async throws {
    for (condition, code) in [
      ("opens", 1), ("breaks-observed", 1), ("new-findings:critical", 0), ("none", 0),
      ("unknown", 0), ("new-unauthenticated", 1), ("closed", 64),
    ] {
      let result = try await MeshAuditProgram.run(Self.example + ["--fail-on", condition])
      #expect(Int(result.exitCode) == code, "\(condition): \(result.output)")
    }
  }

  /// A condition that was asked for and cannot be assessed is not green; by default it is left open.
  @Test func breaksWithoutLogsAreNotAssessed() async throws {
    let same = [
      "gate", "--base", "samples/gate-example/base", "--head", "samples/gate-example/base",
    ]
    let asked = try await MeshAuditProgram.run(same + ["--fail-on", "breaks-observed"])
    #expect(asked.exitCode == 2)
    #expect(try await MeshAuditProgram.run(same).exitCode == 0)
  }

  @Test func aRevisionIsReadOutOfGit() async throws {
    let scratch = try Scratch()
    try scratch.write("mesh/mesh.yaml", SmallMesh.manifests)
    let commit = """
      git init -q . && git add mesh && \
      git -c user.name=t -c user.email=t@example.org commit -q -m base
      """
    #expect(try await MeshAuditProgram.shell(commit, in: scratch.path).exitCode == 0)
    try scratch.write(
      "mesh/mesh.yaml", SmallMesh.manifests.replacingOccurrences(of: "[GET]", with: "[GET, POST]"))
    let gate = ["gate", "--base", "HEAD", "--head", "mesh", "--fail-on", "opens"]
    let result = try await MeshAuditProgram.run(gate, in: scratch.path)
    #expect(result.exitCode == 1, "\(result.errors)")
    #expect(result.output.hasPrefix("gate failed: HEAD:mesh -> mesh\n"))
    #expect(result.output.contains("POST /v1/*"))
    #expect(result.output.contains(" at mesh/mesh.yaml:"))
    let status = try await MeshAuditProgram.shell("git status --porcelain", in: scratch.path)
    #expect(status.output == " M mesh/mesh.yaml\n")

    let unknown = try await MeshAuditProgram.run(
      ["gate", "--base", "nowhere", "--head", "mesh"], in: scratch.path)
    #expect(unknown.exitCode == 64)
    #expect(unknown.errors.contains("there is no file, folder or revision \"nowhere\""))
    let noGit = try await MeshAuditProgram.run(
      gate, in: scratch.path, environment: ["PATH": "/nonexistent"])
    #expect(noGit.exitCode == 64)
    #expect(noGit.errors.contains("git is not installed"))
  }

  @Test func whatCannotBeReadIsNotGreen() async throws {
    let scratch = try Scratch()
    try scratch.write("base/mesh.yaml", SmallMesh.manifests)
    try scratch.write("head/mesh.yaml", SmallMesh.manifests)
    try scratch.write("head/broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: [\n")
    let result = try await MeshAuditProgram.run(
      ["gate", "--base", "base", "--head", "head"], in: scratch.path)
    #expect(result.exitCode == 2)
    #expect(result.output.contains("gate not fully assessed"))
  }
}

/// `meshaudit suggest`.
@Suite struct SuggestCommandTests {
  @Test func policiesAreWrittenAndProven() async throws {
    let scratch = try Scratch()
    let result = try await MeshAuditProgram.run([
      "suggest", "samples/gate-example/base", "samples/gate-example/logs", "--out", scratch.path,
    ])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.contains("proven by replay"))
    let text = try scratch.text("agents_retriever.yaml")
    #expect(text.contains("\"/v1/documents/{*}\""))
    #expect(text.contains("cluster.local/ns/agents/sa/planner"))
    #expect(!text.contains("\"/v1/documents/*\""))
  }
}
