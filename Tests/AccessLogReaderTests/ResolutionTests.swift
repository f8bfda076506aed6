import MeshModel
import Testing

@testable import AccessLogReader

/// Who called whom, as far as the evidence goes.
@Suite struct ResolutionTests {
  static let planner = WorkloadID(namespace: "agents", name: "planner")
  static let retriever = WorkloadID(namespace: "agents", name: "retriever")

  static var directory: TrafficDirectory {
    var directory = TrafficDirectory()
    directory.workloadsByAddress = ["10.0.0.24": planner, "10.0.0.9": retriever]
    directory.workloadsByPod = [
      "agents/planner-7d9f6c5b8-x2x4q": planner, "agents/retriever-0": retriever,
    ]
    directory.workloadsByPrincipal = [
      "spiffe://cluster.local/ns/agents/sa/planner": [planner],
      "planner.agents.serviceaccount.identity.linkerd.cluster.local": [planner],
    ]
    directory.serviceTargets = [
      TrafficDirectory.ServiceAddress(namespace: "agents", name: "retriever", port: 80): [
        TrafficDirectory.ServiceTarget(workload: retriever, containerPort: 8080)
      ]
    ]
    return directory
  }

  func only(_ text: String, owner: WorkloadID? = nil) throws -> ObservedRequestKey {
    let result = scan(text, directory: Self.directory, owner: owner)
    #expect(result.counts.read == result.counts.lines, "\(result.counts)")
    #expect(result.requests.count == 1)
    return try #require(result.requests.keys.first)
  }

  @Test func serverLineByAddresses() throws {
    let key = try only(HostileInputTests.honest)
    #expect(key.side == .server)
    #expect(key.source == ObservedParty(workload: Self.planner))
    #expect(key.destination == ObservedParty(workload: Self.retriever))
    #expect(key.port == 8080)
    #expect(key.identitySource == .address)
    #expect(key.isMTLS == true)
    #expect(key.outcome == .allowed)
    #expect(key.pathTemplate == "/v1/search")
    #expect(!key.isPathTrusted)
  }

  @Test func addressFromAHeaderIsNoEvidence() throws {
    let key = try only(HostileInputTests.honest.replacing("10.0.0.24:41000", with: "10.0.0.24:0"))
    #expect(key.source == ObservedParty())
    #expect(key.identitySource == .none)
  }

  @Test func clientLineByOwnerAndCluster() throws {
    let line = HostileInputTests.honest
      .replacing("inbound|8080||", with: "outbound|80||retriever.agents.svc.cluster.local")
      .replacing("outbound_.8080_._.retriever.agents.svc.cluster.local", with: "-")
    let key = try only(line, owner: Self.planner)
    #expect(key.side == .client)
    #expect(key.source.workload == Self.planner)
    #expect(key.identitySource == .ownProxy)
    #expect(key.destination.workload == Self.retriever)
    #expect(key.port == 8080)
  }

  @Test func deniedOnTCPIsInTheTerminationDetails() throws {
    let line =
      #"[2026-11-24T02:37:34.318Z] "- - -" 0 - - rbac_access_denied_matched_policy[ns[agents]-policy[deny-all]-rule[0]] "-" 0 0 1 - "-" "-" "-" "-" "-" inbound|9001|| - 10.0.0.9:9001 10.0.0.24:41000 outbound_.9001_._.retriever.agents.svc.cluster.local -"#
    let key = try only(line)
    #expect(key.outcome == .denied)
    #expect(key.deniedBy == "ns[agents]-policy[deny-all]-rule[0]")
    #expect(key.protocolName == "tcp")
    #expect(key.responseClass == "tcp")
  }

  @Test(
    arguments: [
      ("403 - via_upstream", ObservedRequestKey.Outcome.allowed, nil),
      ("403 UAEX ext_authz_denied", .denied, "ext_authz_denied"),
      ("401 - jwt_authn_access_denied{Jwt_is_missing}", .denied, "jwt_authn_access_denied"),
      ("503 UF upstream_reset_before_response_started{connection_failure}", .failed, nil),
      ("0 NR filter_chain_not_found", .failed, nil), ("429 - direct_response", .allowed, nil),
    ] as [(String, ObservedRequestKey.Outcome, String?)])
  func outcomes(text: String, outcome: ObservedRequestKey.Outcome, policy: String?) throws {
    let key = try only(
      HostileInputTests.honest.replacing("200 - via_upstream", with: text))
    #expect(key.outcome == outcome)
    #expect(key.deniedBy == policy)
  }

  @Test func ztunnelNamesBothSides() throws {
    let text =
      "2024-08-21T15:32:05.754291Z\tinfo\taccess\tconnection complete\tsrc.addr=10.42.0.9:33772 src.workload=\"planner-7d9f6c5b8-x2x4q\" src.namespace=\"agents\" src.identity=\"spiffe://cluster.local/ns/agents/sa/planner\" dst.addr=10.42.0.5:15008 dst.hbone_addr=10.0.0.9:9080 dst.service=\"retriever.agents.svc.cluster.local\" dst.workload=\"retriever-0\" dst.namespace=\"agents\" dst.identity=\"spiffe://cluster.local/ns/agents/sa/retriever\" direction=\"inbound\" bytes_sent=84 bytes_recv=358 duration=\"15ms\""
    let json =
      #"{"level":"info","time":"2024-08-21T15:32:05.754291Z","scope":"access","message":"connection complete","src.addr":"10.42.0.9:57866","src.workload":"planner-7d9f6c5b8-x2x4q","src.namespace":"agents","src.identity":"spiffe://cluster.local/ns/agents/sa/planner","dst.addr":"10.42.0.5:15008","dst.hbone_addr":"10.0.0.9:9080","dst.service":"retriever.agents.svc.cluster.local","dst.workload":"retriever-0","dst.namespace":"agents","dst.identity":"spiffe://cluster.local/ns/agents/sa/retriever","direction":"inbound","bytes_sent":84,"bytes_recv":358,"duration":"15ms"}"#
    var fromText = try only(text)
    #expect(fromText.source.workload == Self.planner)
    #expect(fromText.source.principal == "spiffe://cluster.local/ns/agents/sa/planner")
    #expect(fromText.destination.workload == Self.retriever)
    #expect(fromText.port == 9080)
    #expect(fromText.identitySource == .ztunnel)
    #expect(fromText.isMTLS == true)
    fromText.format = "ztunnel-json"
    #expect(try only(json) == fromText)
    let spaces = try only(text.replacing("\t", with: " "))
    #expect(spaces.format == "ztunnel-text")
    let denied = try only(
      text
        + " error=\"connection closed due to policy rejection: explicitly denied by: agents/deny\"")
    #expect(denied.outcome == .denied)
    #expect(denied.deniedBy == "agents/deny")
    let failed = try only(text + " error=\"connection timed out\"")
    #expect(failed.outcome == .failed)
  }

  @Test(arguments: [
    "2026-11-24T02:37:34.318000001Z stdout F LINE", "2026-11-24T02:37:34.318000001Z LINE",
    "[pod/retriever-0/istio-proxy] LINE", "retriever-0 istio-proxy LINE",
    "agents retriever-0 istio-proxy 2026-11-24T02:37:34.318000001Z LINE",
    #"{"message":"JSON","nodeName":"n","namespace":"agents","podName":"retriever-0","containerName":"c"}"#,
    "[pod/retriever-0/istio-proxy] 2026-11-24T02:37:34.318000001Z LINE",
    #"{"log":"JSON\n","stream":"stdout","time":"2026-11-24T02:37:34.318Z"}"#,
    #"{"log":"JSON","kubernetes":{"pod_name":"retriever-0","namespace_name":"agents"}}"#,
    #"{"labels":{"pod":"retriever-0","namespace":"agents"},"line":"JSON","timestamp":"x"}"#,
    "2026-11-24T02:37:34.318000001Z stdout P [2026-11-24T02:37:34.318Z] \"GET \n2026-11-24T02:37:34.319Z stdout F REST",
  ])
  func wrappersChangeNothing(wrapper: String) throws {
    let line = HostileInputTests.honest
    let escaped = line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let text = wrapper.replacing("LINE", with: line).replacing("JSON", with: escaped)
      .replacing("REST", with: line.dropFirst("[2026-11-24T02:37:34.318Z] \"GET ".count))
    let result = scan(text, directory: Self.directory)
    #expect(result.counts.read == 1, "\(result.counts)")
    #expect(result.requests.keys.first == (try only(line)))
  }

  @Test(arguments: [
    "2026-11-24T02:37:34.318000Z\tinfo\tEnvoy proxy is ready",
    "[2026-11-24 02:37:34.318][12][info][main] starting", #"{"level":"info","msg":"ready"}"#,
  ])
  func otherMessagesAreNotRejected(line: String) {
    let result = scan(line)
    #expect(result.counts.other == 1)
    #expect(result.counts.rejected == 0)
  }

  @Test(arguments: [
    "/var/log/pods/agents_planner-7d9f6c5b8-x2x4q_5b1f/istio-proxy/0.log",
    "/var/log/pods/agents_planner-7d9f6c5b8-zzzzz_5b1f/istio-proxy/0.log.20261124-010203.gz",
    "/var/log/containers/planner-7d9f6c5b8-x2x4q_agents_istio-proxy-abc.log",
    "logs/agents/planner-7d9f6c5b8-x2x4q.log.gz", "planner.log", "agents/planner.jsonl.1",
    "agents_planner.log",
  ])
  func ownerIsReadFromThePath(path: String) {
    #expect(AccessLogOwner.owner(of: path, in: Self.directory) == Self.planner)
  }

  @Test(arguments: ["access.log", "other/planner-x.log", "/var/log/pods/x_y_z/c/0.log", ""])
  func unknownPathsHaveNoOwner(path: String) {
    #expect(AccessLogOwner.owner(of: path, in: Self.directory) == nil)
  }

  @Test func coverageIsKeptPerWriter() throws {
    let result = scan(HostileInputTests.honest, directory: Self.directory)
    let coverage = try #require(result.coverage[Self.retriever])
    #expect(coverage.lineCount == 1)
    #expect(coverage.hourCount == 1)
  }

  @Test(arguments: [
    ("generated.istio-text.log.gz", AccessLogRecognition.format("istio-text")),
    ("generated.istio-json.log.gz", .format("istio-json")),
    ("generated.odd-cri.log.gz", .format("istio-text")),
    ("generated.linkerd-json.log.gz", .format("linkerd-json")),
    ("generated.linkerd-text.log.gz", .format("linkerd-apache")),
    ("client.envoy-default.log.gz", .format("envoy-text")),
    ("otlp.jsonl.gz", .format("otlp-json")), ("generated.truth.tsv", .none),
    ("README.md", .none),
  ])
  func filesAreRecognisedByContent(name: String, expected: AccessLogRecognition) throws {
    let bytes = try logBytes(name)
    let found = bytes.prefix(65_536).withUnsafeBytes {
      AccessLogRecognition(prefix: $0, isWhole: bytes.count <= 65_536)
    }
    #expect(found == expected)
  }

  @Test func otherDocumentsAreNoLogs() {
    for text in [
      "apiVersion: v1\nkind: Pod\n", #"{"apiVersion":"v1","kind":"List"}"#, "a,b\n1,2\n",
    ] {
      let found = Array(text.utf8).withUnsafeBytes {
        AccessLogRecognition(prefix: $0, isWhole: true)
      }
      #expect(found == .none)
    }
  }
}
