import Foundation
import Testing

/// `meshaudit suggest --merge`: what it prints is applied, and the gate says what became of access.
@Suite struct SuggestMergeTests {
  @Test(arguments: ["istio-agents", "linkerd-agents", "mixed-mesh"])
  func differenceAppliesAndBreaksNothing(sample: String) async throws {
    let scratch = try Scratch()
    let samples = MeshAuditProgram.checkout + "/samples"
    let copied = try await MeshAuditProgram.shell(
      """
      mkdir base && cp -r '\(samples)/\(sample)/manifests' base/mesh && cp -r base head
      cp -r '\(samples)/\(sample)/logs' logs
      test ! -e '\(samples)/\(sample)/pods.json' || cp '\(samples)/\(sample)/pods.json' logs/
      cd head && git init -q . && "$MESHAUDIT" suggest mesh ../logs --merge > ../suggestion.diff
      """, in: scratch.path)
    expectExit(0, copied)
    #expect(copied.errors.contains("proven by replay"))
    #expect(try scratch.text("suggestion.diff").hasPrefix("diff --git a/mesh/"))
    let applied = try await MeshAuditProgram.shell(
      "cd head && git apply ../suggestion.diff && git apply --check --reverse ../suggestion.diff",
      in: scratch.path)
    expectExit(0, applied)
    let gate = try await MeshAuditProgram.run(
      [
        "gate", "--base", "base/mesh", "--head", "head/mesh", "logs", "--fail-on",
        "opens,breaks-observed,unknown", "--format", "json", "--rule", "LP-001",
      ] + SmallMesh.asOf, in: scratch.path)
    expectExit(0, gate)
    // What the mixed mesh grants at the one workload that all is known of is used already.
    #expect(gate.output.contains("\"closes\"") == (sample != "mixed-mesh"))
  }

  @Test func manifestsOutsideTheFolderAreRefused() async throws {
    let scratch = try Scratch()
    let samples = MeshAuditProgram.checkout + "/samples/gate-example"
    let result = try await MeshAuditProgram.run(
      ["suggest", samples + "/base", samples + "/logs", "--merge"], in: scratch.path)
    expectExit(64, result)
    #expect(result.errors.contains("is not below this folder"))
  }
}
