import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

/// What becomes of ports of a Linkerd workload that nobody called.
@Suite struct UncalledPortTests {
  private static func server(_ name: String, _ port: Int, _ wire: String) -> String {
    """
    apiVersion: policy.linkerd.io/v1beta3
    kind: Server
    metadata: {name: \(name), namespace: agents}
    spec:
      podSelector: {matchLabels: {app: planner}}
      port: \(port)
      proxyProtocol: \(wire)
    ---
    apiVersion: policy.linkerd.io/v1alpha1
    kind: AuthorizationPolicy
    metadata: {name: \(name), namespace: agents}
    spec:
      targetRef: {group: policy.linkerd.io, kind: Server, name: \(name)}
      requiredAuthenticationRefs:
      - {kind: ServiceAccount, name: retriever}
    """
  }

  private static let documents = [
    """
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, annotations: {linkerd.io/inject: enabled}}
    """,
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: planner, namespace: agents}
    spec:
      selector: {matchLabels: {app: planner}}
      template:
        metadata: {labels: {app: planner}}
        spec:
          serviceAccountName: planner
          containers:
          - name: main
            image: "x:1"
            livenessProbe: {httpGet: {path: /live, port: 9090}}
            ports:
            - {name: http, containerPort: 8080}
            - {name: admin, containerPort: 9090}
            - {name: grpc, containerPort: 9000}
            - {name: redis, containerPort: 6379}
            - {name: other, containerPort: 7070}
    """,
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: retriever, namespace: agents}
    spec:
      selector: {matchLabels: {app: retriever}}
      template:
        metadata: {labels: {app: retriever}}
        spec:
          serviceAccountName: retriever
          containers: [{name: main, image: "x:1", ports: [{name: http, containerPort: 8080}]}]
    """,
    server("planner-http", 8080, "HTTP/1"), server("planner-admin", 9090, "HTTP/1"),
    server("planner-grpc", 9000, "gRPC"), server("planner-redis", 6379, "opaque"),
    """
    apiVersion: policy.linkerd.io/v1alpha1
    kind: HTTPLocalRateLimitPolicy
    metadata: {name: planner, namespace: agents}
    spec:
      targetRef: {group: policy.linkerd.io, kind: Server, name: planner-http}
      total: {requestsPerSecond: 100}
    """,
  ]

  private static let traffic = [
    (
      key: ObservedRequestKey(
        day: "2026-11-12", side: .server,
        source: ObservedParty(
          principal: "retriever.agents.serviceaccount.identity.linkerd.cluster.local",
          workload: WorkloadID(namespace: "agents", name: "retriever")),
        destination: ObservedParty(workload: WorkloadID(namespace: "agents", name: "planner")),
        port: 8080, protocolName: "http", method: "GET", pathTemplate: "/v1/plans",
        responseClass: "2xx", outcome: .allowed, deniedBy: nil, identitySource: .linkerd,
        isPathTrusted: true, isMTLS: true, format: "linkerd-json"), sum: RandomPlatform.sum
    )
  ]

  private func suggested() throws -> (policy: SuggestedPolicy, head: AccessModel) {
    let model = RandomPlatform.model(of: Self.documents)
    let suggestions = SuggestedPolicies(Self.traffic, model: model)
    #expect(suggestions.refusals.isEmpty)
    let head = try SuggestionProperties.check(
      suggestions, traffic: Self.traffic, model: model, seed: 0)
    return (try #require(suggestions.policies.first), head)
  }

  private func decision(_ port: Int, _ path: String, probe: Bool = false, in model: AccessModel)
    -> Decision
  {
    let source =
      probe
      ? AccessRequest.Source(ip: IPAddress("192.0.2.7"))
      : AccessRequest.Source(workload: WorkloadID(namespace: "agents", name: "retriever"))
    return model.decision(
      for: AccessRequest(
        source: source,
        destination: .init(
          workload: WorkloadID(namespace: "agents", name: "planner"), port: port,
          applicationProtocol: .http), http: .init(method: "GET", host: "planner", path: path))
    ).decision
  }

  @Test func thoseOfHTTPAreClosedAndKeepTheirProbes() throws {
    let head = try suggested().head
    #expect(decision(8080, "/v1/plans", in: head) == .allow)
    #expect(decision(9090, "/stop", in: head) == .deny)
    #expect(decision(9090, "/live", probe: true, in: head) == .allow)
    #expect(decision(9000, "/a.B/C", in: head) == .deny)
  }

  @Test func othersAreLeftAndNamed() throws {
    let policy = try suggested().policy
    #expect(
      policy.untouched == [
        "port 6379: Linkerd logs HTTP only, and its protocol is opaque",
        "port 7070: Linkerd logs HTTP only, and its protocol is detected",
      ])
    let text = SuggestionYAML.text(policy)
    #expect(text.contains("# Not called, and left as it is: port 6379"))
    #expect(text.contains("# No request to this port was observed: nobody is admitted.\n"))
    #expect(!text.contains("planner-redis"))
  }

  /// The rate limit goes by the name of the Server.
  @Test func serversKeepTheirNames() throws {
    guard case .servers(let servers) = try suggested().policy.form else {
      Issue.record("no Servers are suggested")
      return
    }
    #expect(servers.map(\.name) == ["planner-http", "planner-grpc", "planner-admin"])
  }
}
