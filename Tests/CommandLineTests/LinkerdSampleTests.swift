import Foundation
import Testing

/// The samples of Linkerd and of two meshes side by side: what their READMEs say is planted is found,
/// and nothing is found in the repaired twins.
@Suite struct LinkerdSampleTests {
  @Test(arguments: ["linkerd-agents", "mixed-mesh"])
  func plantedDefectsAreFound(sample: String) async throws {
    let audit = try await SampleAudit.run(sample)
    #expect([1, 2].contains(audit.result.exitCode))
    let readme = try String(
      contentsOfFile: MeshAuditProgram.checkout + "/samples/\(sample)/README.md", encoding: .utf8)
    var count = 0
    for line in readme.components(separatedBy: "\n") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard cells.count == 7, Int(cells[1]) != nil else { continue }
      count += 1
      #expect(
        audit.findings.contains { $0.rule == cells[2] && $0.subject == cells[3] && $0.isOpen },
        "row \(cells[1]): \(cells[2]) \(cells[3]) was not found")
    }
    #expect(count == (sample == "mixed-mesh" ? 8 : 32))
    #expect(!audit.findings.contains { $0.status == "error" })
  }

  @Test(arguments: ["linkerd-agents-clean", "mixed-mesh-clean"])
  func repairedTwinsAreClean(sample: String) async throws {
    let audit = try await SampleAudit.run(sample)
    expectExit(0, audit.result)
    let open = audit.findings.filter {
      $0.status != "pass" && $0.status != "not-applicable" && $0.severity != "info"
    }
    #expect(open.isEmpty, "\(open)")
  }

  /// What SPIRE issues, what the authorizer answered and which layer refuses can be asked for.
  @Test func factsOfTheMixedSampleAreQueryable() async throws {
    let scratch = try Scratch()
    let audit = try await MeshAuditProgram.run(
      [
        "audit", "samples/mixed-mesh", "--database", scratch.path + "/a.sqlite", "--output",
        scratch.path + "/out", "--format", "json",
      ] + SmallMesh.asOf, seconds: 120)
    expectExit(1, audit)
    #expect(
      try await MeshAuditProgram.rows(
        """
        select sum(request_count), sum(refused_count), sum(authorizer_allow_count),
          sum(authorizer_deny_count)
        from delegated_request
        """, in: scratch) == ["210|0|210|28"])
    #expect(
      try await MeshAuditProgram.rows(
        """
        select workload, spiffe_id from workload_registration where is_certain = 1 order by 1
        """, in: scratch) == [
          "agents/orchestrator|spiffe://mesh.mosaik.example/ns/agents/sa/orchestrator",
          "agents/planner|spiffe://mesh.mosaik.example/ns/agents/sa/planner",
        ])
    #expect(
      try await MeshAuditProgram.rows(
        """
        select source, port, wire_port, mesh_decision, network_decision
        from layer_disagreement where refused_by = 'network-policy'
        """, in: scratch) == ["agents/planner|8080|15008|allow|deny"])
  }
}
