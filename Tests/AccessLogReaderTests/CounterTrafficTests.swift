import MeshModel
import Testing

@testable import AccessLogReader

/// What counters add up to.
@Suite struct CounterTrafficTests {
  static let planner = WorkloadID(namespace: "agents", name: "planner")
  static let caller = WorkloadID(namespace: "agents", name: "caller")
  static let time = UTCTime(seconds: 1_732_428_000)

  static let directory: TrafficDirectory = {
    var directory = TrafficDirectory()
    directory.workloads = [planner, caller]
    directory.workloadsByPod["agents/planner-7d9f6c5b8-x2x4q"] = planner
    directory.workloadsByAddress["10.1.1.2"] = planner
    directory.workloadsByPrincipal["spiffe://cluster.local/ns/agents/sa/caller"] = [caller]
    directory.workloadsByPrincipal["caller.agents.serviceaccount.identity.linkerd.cluster.local"] =
      [caller]
    directory.serviceTargets[.init(namespace: "agents", name: "planner", port: 80)] = [
      .init(workload: planner, containerPort: 8080)
    ]
    return directory
  }()

  static func istio(_ more: String = "", value: String, time: String = "") -> String {
    "istio_requests_total{reporter=\"destination\",source_principal=\"spiffe://cluster.local/ns/"
      + "agents/sa/caller\",source_workload=\"caller\",source_workload_namespace=\"agents\","
      + "destination_workload=\"planner\",destination_workload_namespace=\"agents\","
      + "destination_service_name=\"planner\",destination_service_namespace=\"agents\","
      + "request_protocol=\"http\",response_code=\"200\",response_flags=\"-\","
      + "connection_security_policy=\"mutual_tls\"\(more)} \(value) \(time)\n"
  }

  static func matrix(_ values: [(Int, String)], pod: String = "p") -> CounterFile {
    let samples = values.map { "[\($0.0),\"\($0.1)\"]" }.joined(separator: ",")
    let text = """
      {"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":
      "istio_requests_total","pod":"\(pod)","reporter":"destination","destination_workload":"planner",
      "destination_workload_namespace":"agents","response_code":"200"},"values":[\(samples)]}]}}
      """
    return QueryAnswerReader.read(Array(text.utf8), path: "m.json")
  }

  static func text(_ text: String, path: String = "planner.prom") -> CounterFile {
    ExpositionReader.read(Array(text.utf8), path: path)
  }

  static func traffic(
    _ files: [(path: String, file: CounterFile)], states: [String: CounterTraffic.State] = [:],
    at time: UTCTime = time
  ) -> CounterTraffic {
    var traffic = CounterTraffic(directory: directory, states: states, scrapeTime: time)
    traffic.add(files)
    return traffic
  }

  static func total(_ traffic: CounterTraffic) -> Int {
    traffic.requests.values.reduce(0) { $0 + $1.count }
  }

  @Test func istioServersSideHasTheVerifiedCaller() throws {
    let traffic = Self.traffic([("planner.prom", Self.text(Self.istio(value: "42")))])
    let (key, sum) = try #require(traffic.requests.first)
    #expect(sum.count == 42)
    #expect(key.evidence == .counter)
    #expect(key.side == .server)
    #expect(key.source.principal == "spiffe://cluster.local/ns/agents/sa/caller")
    #expect(key.source.workload == Self.caller)
    #expect(key.identitySource == .counter)
    #expect(key.identitySource.isVerified)
    #expect(key.destination.workload == Self.planner)
    #expect(key.port == 8080)
    #expect(key.isMTLS == true)
    #expect(key.method == nil)
    #expect(key.pathTemplate == nil)
    #expect(key.responseClass == "2xx")
    #expect(key.day == "2024-11-24")
  }

  /// The name that a caller gives itself is not believed beside another identity.
  @Test func claimedWorkloadDoesNotPassAsSomebodyElse() throws {
    let text = Self.istio(value: "1").replacing(
      "source_workload=\"caller\"", with: "source_workload=\"planner\"")
    let key = try #require(Self.traffic([("a.prom", Self.text(text))]).requests.keys.first)
    #expect(key.source.workload == Self.caller)
    let bare = text.replacing("spiffe://cluster.local/ns/agents/sa/caller", with: "unknown")
      .replacing("mutual_tls", with: "none")
    let plain = try #require(Self.traffic([("a.prom", Self.text(bare))]).requests.keys.first)
    #expect(plain.source == ObservedParty())
    #expect(plain.identitySource == .none)
    #expect(plain.isMTLS == false)
  }

  @Test func clientsSideIsTheClients() throws {
    let text = Self.istio(value: "3").replacing("\"destination\"", with: "\"source\"")
    let key = try #require(Self.traffic([("a.prom", Self.text(text))]).requests.keys.first)
    #expect(key.side == .client)
    #expect(key.identitySource == .ownProxy)
  }

  @Test(arguments: [
    ("response_code=\"403\"", ObservedRequestKey.Outcome.failed),
    ("response_code=\"0\"", .failed), ("response_code=\"503\"", .allowed),
    ("response_code=\"403\",response_flags=\"UAEX\"", .denied),
    ("response_code=\"503\",response_flags=\"UF,URX\"", .failed),
  ])
  func outcomeIsWhatACounterCanTell(labels: String, outcome: ObservedRequestKey.Outcome) throws {
    let text = Self.istio(value: "3")
      .replacing("response_code=\"200\",response_flags=\"-\"", with: labels)
    let key = try #require(Self.traffic([("a.prom", Self.text(text))]).requests.keys.first)
    #expect(key.outcome == outcome)
  }

  /// The first value is what was before; a smaller one is a proxy that started again.
  @Test func resetsAreAddedUp() {
    let file = Self.matrix([(1000, "10"), (2000, "15"), (3000, "4"), (4000, "4"), (5000, "6")])
    #expect(Self.total(Self.traffic([("m", file)])) == 5 + 4 + 2)
  }

  @Test func seriesThatCameUpWithinTheExportStartedAtZero() {
    let text = """
      {"status":"success","data":{"resultType":"matrix","result":[
      {"metric":{"__name__":"istio_requests_total","pod":"p","reporter":"destination","response_code":"200",
      "destination_workload":"planner","destination_workload_namespace":"agents"},"values":[[1,"9"],[2,"9"]]},
      {"metric":{"__name__":"istio_requests_total","pod":"p","reporter":"destination","response_code":"500",
      "destination_workload":"planner","destination_workload_namespace":"agents"},"values":[[2,"1"]]},
      {"metric":{"__name__":"istio_requests_total","pod":"q","reporter":"destination","response_code":"500",
      "destination_workload":"planner","destination_workload_namespace":"agents"},"values":[[2,"7"],[3,"7"]]}
      ]}}
      """
    let file = QueryAnswerReader.read(Array(text.utf8), path: "m.json")
    // The call to "p" is new; of "q" nobody knows what was before it was scraped first.
    #expect(Self.total(Self.traffic([("m", file)])) == 1)
  }

  @Test func nightAfterNightCountsTheDifference() {
    let first = Self.traffic([
      ("1/planner.prom", Self.text(Self.istio(value: "40"), path: "1/planner.prom"))
    ])
    #expect(Self.total(first) == 40)
    let second = Self.traffic(
      [("2/planner.prom", Self.text(Self.istio(value: "45"), path: "2/planner.prom"))],
      states: first.states, at: UTCTime(seconds: 1_732_514_400))
    #expect(Self.total(second) == 5)
    #expect(second.requests.keys.first?.day == "2024-11-25")
    let restarted = Self.traffic(
      [("3/planner.prom", Self.text(Self.istio(value: "3"), path: "3/planner.prom"))],
      states: second.states, at: UTCTime(seconds: 1_732_600_800))
    #expect(Self.total(restarted) == 3)
  }

  /// Exports that overlap, in any order of files and over runs, count every increase once.
  @Test func overlappingExportsCountOnce() {
    let early = Self.matrix([(1000, "1"), (2000, "2"), (3000, "3")])
    let late = Self.matrix([(2000, "2"), (3000, "3"), (4000, "9")])
    let whole = Self.matrix([(1000, "1"), (2000, "2"), (3000, "3"), (4000, "9")])
    #expect(Self.total(Self.traffic([("w", whole)])) == 8)
    #expect(Self.total(Self.traffic([("b", late), ("a", early)])) == 8)
    #expect(Self.total(Self.traffic([("a", early), ("b", late), ("w", whole)])) == 8)
    let night = Self.traffic([("a", early)])
    #expect(Self.total(night) + Self.total(Self.traffic([("b", late)], states: night.states)) == 8)
    let stale = Self.traffic([("a", early)], states: night.states)
    #expect(Self.total(stale) == 0)
    #expect(
      stale.reason(of: "a") == "its samples are not newer than those that were counted before")
  }

  @Test func twoPodsAreTwoCounters() {
    let first = Self.matrix([(1000, "1"), (2000, "5")], pod: "p")
    let second = Self.matrix([(1000, "1"), (2000, "3")], pod: "q")
    #expect(Self.total(Self.traffic([("a", first), ("b", second)])) == 6)
  }

  static let linkerd = """
    inbound_http_authz_allow_total{target_addr="10.1.1.2:8080",target_ip="10.1.1.2",target_port="8080",\
    srv_kind="server",srv_name="http",authz_kind="authorizationpolicy",authz_name="a",tls="true",\
    client_id="caller.agents.serviceaccount.identity.linkerd.cluster.local"} 12
    inbound_http_authz_deny_total{target_addr="10.1.1.2:8080",target_port="8080",tls="no_identity",\
    no_tls_reason="no_tls_from_remote"} 2
    inbound_tcp_authz_deny_total{target_addr="10.1.1.2:5432",target_port="5432",tls="true",\
    client_id="caller.agents.serviceaccount.identity.linkerd.cluster.local"} 1
    response_total{direction="inbound",target_addr="10.1.1.2:8080",tls="true",client_id="caller.agents.\
    serviceaccount.identity.linkerd.cluster.local",status_code="200",classification="success"} 12
    response_total{direction="outbound",dst_namespace="agents",dst_deployment="caller",tls="true",\
    server_id="caller.agents.serviceaccount.identity.linkerd.cluster.local",status_code="200"} 4

    """

  @Test func linkerdsPolicyCountersAreCallsAndItsResponsesNoneBesides() throws {
    let traffic = Self.traffic([
      ("agents/planner-7d9f6c5b8-x2x4q.prom", Self.text(Self.linkerd, path: "planner.prom"))
    ])
    let server = traffic.requests.filter { $0.key.side == .server }
    #expect(server.values.reduce(0) { $0 + $1.count } == 15)
    let allowed = try #require(server.first { $0.key.outcome == .allowed })
    #expect(allowed.key.source.workload == Self.caller)
    #expect(allowed.key.identitySource == .counter)
    #expect(allowed.key.destination.workload == Self.planner)
    #expect(allowed.key.port == 8080)
    let denied = try #require(server.first { $0.key.outcome == .denied && $0.key.port == 8080 })
    #expect(denied.key.isMTLS == false)
    #expect(denied.key.source == ObservedParty())
    #expect(server.contains { $0.key.protocolName == "tcp" && $0.key.outcome == .denied })
    let client = try #require(traffic.requests.first { $0.key.side == .client })
    #expect(client.key.source.workload == Self.planner)
    #expect(client.key.destination.workload == Self.caller)
    #expect(client.value.count == 4)
  }

  @Test func responsesCountWherePolicyIsNotCounted() {
    let text =
      Self.linkerd.split(separator: "\n").filter { $0.hasPrefix("response_total") }
      .joined(separator: "\n") + "\n"
    let traffic = Self.traffic([("planner.prom", Self.text(text))])
    #expect(Self.total(traffic) == 16)
  }

  @Test func percentilesAreInterpolatedAndMemoryIsKept() throws {
    let text = """
      response_latency_ms_bucket{direction="inbound",le="10"} 50
      response_latency_ms_bucket{direction="inbound",le="20"} 100
      response_latency_ms_bucket{direction="inbound",le="+Inf"} 100
      process_resident_memory_bytes 1.5e7
      """
    let samples = MetricSamples.samples(
      of: [("planner.prom", Self.text(text))], directory: Self.directory, scrapeTime: Self.time)
    #expect(samples.map(\.metric) == ["process_resident_memory_bytes", "response_latency_ms"])
    #expect(samples[0].last == 15_000_000)
    #expect(samples[1].sampleCount == 100)
    #expect(samples[1].percentile50 == 10)
    #expect(samples[1].percentile95 == 19)
    #expect(samples[1].side == .server)
  }
}
