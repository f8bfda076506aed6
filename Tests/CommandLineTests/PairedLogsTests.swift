import Foundation
import Testing

/// Logs of both sidecars of the same requests, in Istio's default format, which has no identity.
@Suite struct PairedLogsTests {
  private static func line(
    _ index: Int, cluster: String, local: String, remote: String, upstream: String, from: String
  ) -> String {
    """
    {"start_time":"2026-11-20T04:00:0\(index).000Z","method":"GET","path":"/v1/plans","protocol":"HTTP/1.1",\
    "response_code":200,"response_code_details":"via_upstream","response_flags":"-","duration":3,\
    "request_id":"6527e04c-c378-47e2-b6b2-72d889a3dd2\(index)","upstream_cluster":"\(cluster)",\
    "downstream_local_address":"\(local)","downstream_remote_address":"\(remote)",\
    "upstream_host":"\(upstream)","upstream_local_address":"\(from)"}

    """
  }

  /// Of `count` requests, those of the caller's proxy.
  static func client(_ count: Int) -> String {
    (0..<count).map { index in
      line(
        index, cluster: "outbound|8080||planner.agents.svc.cluster.local",
        local: "10.96.0.2:8080", remote: "172.16.9.1:50000", upstream: "172.16.9.2:8080",
        from: "172.16.9.1:4100\(index)")
    }.joined()
  }

  static func server(_ count: Int) -> String {
    (0..<count).map { index in
      line(
        index, cluster: "inbound|8080||", local: "172.16.9.2:8080",
        remote: "172.16.9.1:4100\(index)",
        upstream: "172.16.9.2:8080", from: "127.0.0.6:40000")
    }.joined()
  }

  static let rows = """
    select side, source_name, destination_name, identity_source, request_count, paired_count
    from observed_request order by 1, 5
    """

  private func audit(_ paths: [String], in scratch: Scratch) async throws {
    let result = try await MeshAuditProgram.run(
      [
        "audit", "--as-of", "2026-11-20T06:00:00Z", "--output", "out", "--rule", "LP-052",
        "--database", "a.sqlite",
      ] + paths, in: scratch.path)
    expectExit(0, result)
  }

  @Test func theCalledsLinesHaveTheCallerOfTheOtherLog() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("mesh/agents/caller.log", Self.client(3))
    try scratch.write("mesh/agents/planner.log", Self.server(5))
    // Another copy is not counted, and so is no second line of its requests.
    try scratch.write("mesh/copy/agents/planner.log", Self.server(5))
    try await audit(["mesh"], in: scratch)
    #expect(
      try await MeshAuditProgram.rows(Self.rows, in: scratch) == [
        "client|caller|planner|own-proxy|3|3", "server||planner|none|2|0",
        "server|caller|planner|request-pair|3|3",
      ])
    #expect(
      try await MeshAuditProgram.rows(
        "select server_line_count, client_line_count, joined_count, server_only_count from pair_coverage",
        in: scratch) == ["5|3|3|2"])
  }

  @Test func summariesOfTheTwoNodesAreJoinedLikeTheirLogs() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("one/agents/caller.log", Self.client(3))
    try scratch.write("two/agents/planner.log", Self.server(5))
    for (folder, name) in [("one", "one.jsonl.gz"), ("two", "two.jsonl")] {
      let result = try await MeshAuditProgram.run(
        ["summarize", folder, "--manifests", "mesh", "--out", name], in: scratch.path)
      expectExit(0, result)
    }
    try await audit(["mesh", "one.jsonl.gz", "two.jsonl"], in: scratch)
    #expect(
      try await MeshAuditProgram.rows(Self.rows, in: scratch) == [
        "client|caller|planner|own-proxy|3|3", "server||planner|none|2|0",
        "server|caller|planner|request-pair|3|3",
      ])
  }

  @Test func summariesWithoutHalvesAreOneOption() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("logs/agents/caller.log", Self.client(3))
    let result = try await MeshAuditProgram.run(
      ["summarize", "logs", "--no-pairs", "--out", "a.jsonl"], in: scratch.path)
    expectExit(0, result)
    #expect(!(try scratch.text("a.jsonl").contains("halves")))
  }
}
