import Foundation
import Testing

/// Counters and traces as inputs of an audit, beside logs of the same traffic.
@Suite struct ObservationTests {
  static func counter(_ value: Int, caller: String = "caller", code: String = "200") -> String {
    "istio_requests_total{reporter=\"destination\",source_principal=\"spiffe://cluster.local/ns/agents/"
      + "sa/\(caller)\",destination_workload=\"planner\",destination_workload_namespace=\"agents\","
      + "destination_service_name=\"planner\",destination_service_namespace=\"agents\","
      + "request_protocol=\"http\",response_code=\"\(code)\",response_flags=\"-\","
      + "connection_security_policy=\"mutual_tls\"} \(value)\n"
  }

  /// Lines of the log of planner's proxy with the caller's verified identity.
  static func verifiedLog(_ count: Int) -> String {
    (0..<count).map { index in
      let minute = String(format: "%02d", index % 60)
      return
        "{\"start_time\":\"2026-11-20T04:\(minute):00.000Z\",\"method\":\"GET\",\"path\":\"/v1/plans\","
        + "\"response_code\":200,\"response_code_details\":\"via_upstream\",\"upstream_cluster\":"
        + "\"inbound|8080||\",\"upstream_host\":\"10.1.1.2:8080\",\"downstream_peer_uri_san\":"
        + "\"spiffe://cluster.local/ns/agents/sa/caller\",\"downstream_local_uri_san\":"
        + "\"spiffe://cluster.local/ns/agents/sa/planner\",\"request_id\":\"r\(index)\"}\n"
    }.joined()
  }

  /// The format of `verifiedLog`.
  static let format = """
    {"start_time": "%START_TIME%", "method": "%REQ(:METHOD)%", "path": "%REQ(:PATH)%", \
    "response_code": "%RESPONSE_CODE%", "response_code_details": "%RESPONSE_CODE_DETAILS%", \
    "upstream_cluster": "%UPSTREAM_CLUSTER%", "upstream_host": "%UPSTREAM_HOST%", \
    "downstream_peer_uri_san": "%DOWNSTREAM_PEER_URI_SAN%", \
    "downstream_local_uri_san": "%DOWNSTREAM_LOCAL_URI_SAN%", "request_id": "%REQ(X-REQUEST-ID)%"}
    """

  private func audit(
    _ paths: [String], in scratch: Scratch, at time: String = "2026-11-20T06:00:00Z"
  )
    async throws -> MeshAuditProgram.Result
  {
    try await MeshAuditProgram.run(
      [
        "audit", "--as-of", time, "--output", "out", "--rule", "LP-052", "--database", "a.sqlite",
        "--log-format", Self.format,
      ] + paths, in: scratch.path)
  }

  @Test func counterIsTrafficOfAVerifiedCaller() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("mesh/planner.prom", Self.counter(42))
    expectExit(0, try await audit(["mesh"], in: scratch))
    #expect(
      try await MeshAuditProgram.rows(
        """
        select source_name, destination_name, port, evidence, is_identity_verified, request_count,
          decision, decision_reason
        from observed_request
        """, in: scratch) == [
          "caller|planner|8080|counter|1|42|unknown|a counter keeps neither method nor path, and the "
            + "policies look at them"
        ])
  }

  /// The counter of a caller whose lines are there repeats them; another caller's adds what they lack.
  @Test func sameCallsInLogAndCounterAreOnce() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("mesh/agents/planner.log", Self.verifiedLog(40))
    try scratch.write("mesh/planner.prom", Self.counter(40) + Self.counter(2, caller: "stranger"))
    // No policy lets the stranger in, and the mesh did: that is LP-052, on the word of a counter.
    expectExit(1, try await audit(["mesh"], in: scratch))
    #expect(
      try await MeshAuditProgram.rows(
        "select evidence, is_repeated, sum(request_count) from observed_request group by 1, 2",
        in: scratch) == ["counter|0|2", "counter|1|40", "log|0|40"])
    // Totals are by the evidence that saw more, and of grants what is not repeated.
    #expect(
      try await MeshAuditProgram.rows("select request_count from traffic_window", in: scratch)
        == ["42"])
    #expect(
      try await MeshAuditProgram.rows(
        "select request_count from grant_usage where request_count > 0", in: scratch) == ["40"])
    #expect(try scratch.text("out/findings.json").contains("\"observedRequests\": 42"))
  }

  @Test func sameScrapeTwiceIsOnceAndTheNextOneIsItsDifference() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("mesh/1/planner.prom", Self.counter(40))
    expectExit(0, try await audit(["mesh"], in: scratch))
    try scratch.write("mesh/copy.txt", Self.counter(40))
    try scratch.write("mesh/1/packed.prom.gz", try await SmallMesh.gzip(Self.counter(40)))
    expectExit(0, try await audit(["mesh"], in: scratch, at: "2026-11-20T07:00:00Z"))
    let sum = "select sum(request_count) from observed_request"
    #expect(try await MeshAuditProgram.rows(sum, in: scratch) == ["40"])
    #expect(
      try await MeshAuditProgram.rows(
        "select distinct status from input where kind like 'metrics:%'", in: scratch) == ["known"])
    // The folder is given again, with the older scrape still in it.
    try scratch.write("mesh/2/planner.prom", Self.counter(47))
    expectExit(0, try await audit(["mesh"], in: scratch, at: "2026-11-21T06:00:00Z"))
    #expect(try await MeshAuditProgram.rows(sum, in: scratch) == ["47"])
    #expect(
      try await MeshAuditProgram.rows(
        "select day, request_count from observed_request order by day", in: scratch)
        == ["2026-11-20|40", "2026-11-21|7"])
  }

  @Test func wrongMetricsAreNamedByFileAndLine() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("mesh/planner.prom", Self.counter(4) + "some words of a person\n")
    try scratch.write(
      "mesh/failed.json", #"{"status":"error","errorType":"bad_data","error":"parse error"}"#)
    try scratch.write(
      "mesh/sum.json",
      #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}}"#
    )
    let result = try await audit(["mesh"], in: scratch)
    expectExit(2, result)
    expectSaid("Prometheus answered with an error: \"parse error\"", result.errors)
    let report = try scratch.text("out/findings.json")
    expectSaid("the line is not in Prometheus' text format", report)
    expectSaid("\"path\": \"mesh/planner.prom\"", report)
    expectSaid("is a calculated one, not a counter", report)
  }

  static func trace(_ id: String) -> String {
    func span(_ number: Int, _ parent: Int, _ kind: Int, _ service: String) -> String {
      #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"#
        + #""\#(service)"}}]},"scopeSpans":[{"spans":[{"traceId":"\#(id)","spanId":"0\#(number)","#
        + #""parentSpanId":"\#(parent == 0 ? "" : "0\(parent)")","kind":\#(kind),"startTimeUnixNano":"#
        + #""176361480000000\#(number)000","attributes":[{"key":"http.method","value":{"stringValue":"GET"}},"#
        + #"{"key":"http.url","value":{"stringValue":"http://x/a/4711?token=geheim"}}]}]}]}]}"#
        + "\n"
    }
    return span(1, 0, 3, "ui.web") + span(2, 1, 2, "caller.agents") + span(3, 2, 3, "caller.agents")
      + span(4, 3, 2, "planner.agents")
  }

  @Test func tracesShowChainsAndCountOnce() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    try scratch.write("mesh/traces.jsonl", Self.trace("aa") + Self.trace("bb"))
    // Traces alone are no window in which anything could be judged.
    expectExit(2, try await audit(["mesh"], in: scratch))
    let chains =
      "select source, destination, replace(hops, '\"', ''), call_order, call_count from call_chain"
    let expected = [
      "ui.web|agents/planner|[ui.web,agents/caller,agents/planner]|2|2"
    ]
    #expect(try await MeshAuditProgram.rows(chains, in: scratch) == expected)
    // Another export with one trace that is new, and one that is not.
    try scratch.write("mesh/more.jsonl", Self.trace("bb") + Self.trace("cc"))
    expectExit(2, try await audit(["mesh"], in: scratch))
    #expect(
      try await MeshAuditProgram.rows("select sum(call_count) from call_chain", in: scratch) == [
        "3"
      ])
    let dump = try await MeshAuditProgram.shell(
      "cat a.sqlite out/* | grep -c geheim", in: scratch.path)
    #expect(dump.output == "0\n")
  }

  @Test func coverageTellsHoursAndGaps() async throws {
    let scratch = try Scratch()
    try SmallMesh.write(to: scratch)
    let night = Self.verifiedLog(3)
    try scratch.write(
      "mesh/agents/planner.log",
      night + night.replacingOccurrences(of: "T04:", with: "T05:")
        + night.replacingOccurrences(of: "20T04:", with: "19T22:"))
    expectExit(0, try await audit(["mesh"], in: scratch))
    #expect(
      try await MeshAuditProgram.rows(
        """
        select first_seen, last_seen, day_count, hour_count, span_hour_count, silent_hour_count,
          gap_count, longest_gap_hours
        from log_coverage
        """, in: scratch) == [
          "2026-11-19T22:00:00.000Z|2026-11-20T05:02:00.000Z|2|3|8|5|1|5"
        ])
    #expect(
      try await MeshAuditProgram.rows(
        "select last_line_hour, next_line_hour, hour_count from log_gap", in: scratch)
        == ["2026-11-19T22:00:00Z|2026-11-20T04:00:00Z|5"])
  }
}
