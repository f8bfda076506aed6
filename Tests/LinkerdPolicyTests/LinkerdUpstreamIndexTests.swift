import MeshModel
import Testing

@testable import LinkerdPolicy

/// Cases of the policy controller's own unit tests, re-expressed: k8s/index/src/inbound/tests,
/// inbound/workload.rs, outbound/egress_network.rs, api/labels.rs and k8s/status/src/tests (linkerd2
/// edge-26.8.3).
@Suite struct LinkerdUpstreamIndexTests: UpstreamCases {
  /// tests.rs: pod_must_exist_for_lookup.
  @Test func aPodMustExist() {
    let record = cluster().decision(
      for: AccessRequest(
        source: .init(ip: IPAddress("192.0.2.7")),
        destination: .init(workload: .init(namespace: "ns-0", name: "gone"), port: 8080)))
    #expect(record.decision == .unknown && record.reason == "no manifest describes ns-0/gone")
  }

  /// authorization_policy.rs: authorization_policy_prevents_index_deletion.
  @Test func authorizationOfARouteOutlivesOtherObjects() {
    let own =
      Self.server + route("r", matches: "[{path: {value: /}}]")
      + policy(
        target: "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}",
        requires: "[\(Self.mtls)]") + identities(#"identities: ["*"]"#)
    let others =
      Self.server.replacing("srv-8080", with: "srv-2222").replacing(
        "port: http", with: "port: 2222")
      + networks("10.0.0.0/8")
    for text in [own + others, own] {
      #expect(ask(cluster(policies: text), as: Self.dnsClient) == "allow")
      #expect(ask(cluster(policies: text)) == "deny no-grant")
    }
  }

  /// http_routes.rs: routes_created_for_probes.
  @Test func probesOfEveryKindAreOpen() {
    let probes = """
      livenessProbe: {httpGet: {port: 5555, path: /live-1}}
              readinessProbe: {httpGet: {port: 5555, path: /ready-1}}
      """
    let mesh = cluster(probes: probes)
    for path in ["/live-1", "/ready-1"] {
      #expect(ask(mesh, port: 5555, from: "8.8.8.8", "GET", path) == "allow")
    }
    #expect(ask(mesh, port: 5555, "GET", "/live-2") == "deny no-grant")
    #expect(ask(mesh, port: 5555, "POST", "/live-1") == "deny no-grant")
    #expect(ask(mesh, port: 8080, "GET", "/live-1") == "deny no-grant")
  }

  /// grpc_routes.rs: server_with_default_route.
  @Test func aServerOfGRPCWithoutRouteHasADefaultRoute() {
    let server = Self.server.replacing("HTTP/1", with: "gRPC")
    #expect(ask(cluster(policies: server), "POST", "/a.B/C") == "deny no-grant")
    let open = cluster(policies: server + policy(requires: "[]"))
    let record = open.decision(
      for: AccessRequest(
        source: .init(ip: IPAddress("192.0.2.7")),
        destination: .init(
          workload: .init(namespace: "ns-0", name: "web"), port: 8080, applicationProtocol: .grpc),
        http: .init(method: "POST", host: "web", path: "/a.B/C")))
    #expect(
      record.decidedBy
        == "server:ns-0/srv-8080 route:default authz:authorizationpolicy:ns-0/allow")
  }

  /// ratelimit_policy.rs: ratelimit_policy_with_server.
  @Test func rateLimitsChangeNoDecision() {
    let limit = """
      apiVersion: policy.linkerd.io/v1alpha1
      kind: HTTPLocalRateLimitPolicy
      metadata: {name: limit, namespace: ns-0}
      spec:
        targetRef: {group: policy.linkerd.io, kind: Server, name: srv-8080}
        total: {requestsPerSecond: 1000}
        identity: {requestsPerSecond: 200}
        overrides: [{requestsPerSecond: 500, clientRefs: [{kind: ServiceAccount, name: client}]}]
      ---

      """
    let mesh = cluster(policies: Self.server + policy(requires: "[]") + limit)
    #expect(ask(mesh) == "allow" && !mesh.lints().contains { $0.id == "L30" })
    let policies = mesh.resources.rateLimitPolicies
    #expect(policies[0].overrides[0].clients.map(\.name) == ["client"])
  }

  /// server_authorization.rs: links_server_authz_by_label; other Servers have none.
  @Test func aServerAuthorizationLeavesOtherServersAlone() {
    let other = Self.server.replacing("srv-8080", with: "srv-2222")
      .replacing("app: app-0", with: "app: app-1").replacing("port: http", with: "port: 2222")
    for server in ["{name: srv-8080}", "{selector: {matchLabels: {app: app-0}}}"] {
      let mesh = cluster(
        policies: Self.server + other + serverAuthorization(server, "{unauthenticated: true}"))
      #expect(ask(mesh) == "allow" && ask(mesh, port: 2222) == "deny no-grant")
    }
  }

  private static let secondPod = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: bare, namespace: ns-0}
    spec:
      template:
        metadata: {labels: {app: web}, annotations: {linkerd.io/inject: enabled}}
        spec: {containers: [{name: app, ports: [{containerPort: 8080}]}]}
    ---

    """

  /// server.rs: links_named_server_port, links_unnamed_server_port, server_update_deselects_pod.
  @Test func aServerSelectsPodsThatHaveItsPort() {
    let open = policy(requires: "[]")
    let named = cluster(policies: Self.secondPod + Self.server + open)
    #expect(ask(named) == "allow" && ask(named, at: "bare") == "deny no-grant")
    #expect(named.lints().contains { $0.id == "L11" && $0.detail.contains("bare") } == false)
    let numbered = cluster(
      policies: Self.secondPod + Self.server.replacing("port: http", with: "port: 8080") + open)
    #expect(ask(numbered) == "allow" && ask(numbered, at: "bare") == "allow")
    let deselected = cluster(
      policies: Self.server.replacing("{app: web}", with: "{app: other}") + open)
    #expect(ask(deselected) == "deny no-grant")
  }

  /// k8s/api/src/labels.rs: test_matches.
  @Test(
    arguments: [
      ("{}", true), ("{matchLabels: {app: web}}", true),
      ("{matchLabels: {app: web, tier: front}}", false), ("{matchLabels: {app: other}}", false),
      ("{matchExpressions: [{key: app, operator: In, values: [web, api]}]}", true),
      ("{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}", false),
      ("{matchExpressions: [{key: tier, operator: NotIn, values: [front]}]}", true),
      (
        "{matchLabels: {app: web}, matchExpressions: [{key: app, operator: In, values: [api]}]}",
        false
      ),
      (
        "{matchLabels: {app: web}, matchExpressions: [{key: app, operator: In, values: [web]}]}",
        true
      ),
      ("{matchExpressions: [{key: app, operator: Exists}]}", true),
      ("{matchExpressions: [{key: tier, operator: DoesNotExist}]}", true),
    ])
  func selectorsMatchLikeTheController(selector: String, isSelected: Bool) {
    let server = Self.server.replacing("{matchLabels: {app: web}}", with: selector)
    let mesh = cluster(policies: server + policy(requires: "[]"))
    #expect(ask(mesh) == (isSelected ? "allow" : "deny no-grant"))
  }

  /// inbound/workload.rs: probe_multiple_paths, probe_ignores_udp,
  /// probe_only_references_within_container, probe_ports_optional, probe_with_params.
  @Test(
    arguments: [
      (
        "livenessProbe: {httpGet: {port: http, path: /a}}, readinessProbe: {httpGet: {port: 8080, path: /b}}",
        ["/a", "/b"]
      ),
      (
        "ports: [{name: dns, containerPort: 8080, protocol: UDP}], livenessProbe: {httpGet: {port: dns}}",
        []
      ),
      ("livenessProbe: {httpGet: {port: sidecar, path: /a}}", []),
      ("livenessProbe: {httpGet: {port: 8080}}", ["/"]),
      ("livenessProbe: {httpGet: {port: 8080, path: '/a?verbose=1'}}", ["/a"]),
      ("startupProbe: {httpGet: {port: 8080, path: /s}}", ["/s"]),
      ("livenessProbe: {tcpSocket: {port: 8080}}", []),
    ])
  func probesAreReadLikeTheController(container: String, open: [String]) {
    let ports = container.contains("ports:") ? "" : "ports: [{name: http, containerPort: 8080}], "
    let pod = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: probed, namespace: ns-0}
      spec:
        template:
          metadata: {labels: {app: probed}, annotations: {linkerd.io/inject: enabled}}
          spec:
            containers:
            - {name: app, \(ports)\(container)}
            - {name: other, ports: [{name: sidecar, containerPort: 8080}]}
      ---

      """
    let mesh = cluster(policies: pod)
    for path in ["/", "/a", "/b", "/s"] {
      #expect(
        ask(mesh, at: "probed", "GET", path) == (open.contains(path) ? "allow" : "deny no-grant"),
        "\(path)")
    }
  }

  /// inbound/workload.rs: tcp_ports_by_name, one name gives several ports.
  @Test func onePortNameMayBeSeveralPorts() {
    let pod = Self.secondPod.replacing(
      "[{name: app, ports: [{containerPort: 8080}]}]",
      with: """
        [{name: a, ports: [{name: http, containerPort: 8080}]},
        {name: b, ports: [{name: http, containerPort: 8081}, {name: http, containerPort: 8082, protocol: UDP}]}]
        """)
    let mesh = cluster(policies: pod + Self.server + policy(requires: "[]"))
    #expect(ask(mesh, at: "bare") == "allow" && ask(mesh, at: "bare", port: 8081) == "allow")
    #expect(ask(mesh, at: "bare", port: 8082) == "deny no-grant")
  }

  private func egress(
    _ name: String, _ cidr: String, _ policy: String, in namespace: String = "ns-0",
    created: String? = nil
  ) -> String {
    let time = created.map { ", creationTimestamp: \"\($0)\"" } ?? ""
    return """
      apiVersion: policy.linkerd.io/v1alpha1
      kind: EgressNetwork
      metadata: {name: \(name), namespace: \(namespace)\(time)}
      spec: {networks: [{cidr: \(cidr)}], trafficPolicy: \(policy)}
      ---

      """
  }

  private func leave(_ policies: String, to address: String = "203.0.113.9") -> DecisionRecord {
    cluster(policies: policies).decision(
      for: AccessRequest(
        source: .init(workload: .init(namespace: "ns-0", name: "web")),
        destination: .init(port: 443, ip: IPAddress(address))))
  }

  /// outbound/egress_network.rs: smallest CIDR, local before global, unrelated namespaces, older,
  /// alphabetical, except.
  @Test func theRightEgressNetworkIsAsked() {
    let wide = egress("wide", "203.0.0.0/8", "Deny")
    let narrow = egress("narrow", "203.0.113.0/24", "Allow")
    #expect(leave(wide).decidedBy == "egressnetwork:ns-0/wide")
    #expect(leave(wide + narrow).decidedBy == "egressnetwork:ns-0/narrow")
    let global = egress("global", "203.0.113.9/32", "Allow", in: "linkerd-egress")
    #expect(leave(global).decidedBy == "egressnetwork:linkerd-egress/global")
    #expect(leave(wide + global).decidedBy == "egressnetwork:ns-0/wide")
    #expect(leave(egress("other", "203.0.0.0/8", "Deny", in: "ns-1")).decidedBy == nil)
    let (old, young) = ("2024-01-01T00:00:00Z", "2024-06-01T00:00:00Z")
    for (first, second, winner) in [(old, young, "b"), (young, old, "a"), (old, old, "a")] {
      let tied =
        egress("b", "203.0.113.0/24", "Deny", created: first)
        + egress("a", "203.0.113.0/24", "Deny", created: second)
      #expect(leave(tied).decidedBy == "egressnetwork:ns-0/\(winner)")
    }
    let except = wide.replacing(
      "cidr: 203.0.0.0/8", with: "cidr: 203.0.0.0/8, except: [203.0.113.0/24]")
    #expect(leave(except).decidedBy == nil && leave(except).decision == .allow)
    #expect(leave(except, to: "203.0.1.1").decision == .deny)
    // Blocks of one size but for an exception: the exception makes it the smaller.
    let smaller = narrow.replacing(
      "cidr: 203.0.113.0/24", with: "cidr: 203.0.113.0/24, except: [203.0.113.128/25]")
    #expect(
      leave(egress("a", "203.0.113.0/24", "Deny") + smaller).decidedBy
        == "egressnetwork:ns-0/narrow")
  }

  /// k8s/status/src/tests/egress_network.rs: no networks, not overlapping, overlapping.
  @Test(
    arguments: [
      ("{trafficPolicy: Deny}", true),
      ("{trafficPolicy: Deny, networks: [{cidr: 203.0.0.0/8}]}", true),
      ("{trafficPolicy: Deny, networks: [{cidr: 192.0.2.0/28}]}", false),
      ("{trafficPolicy: Deny, networks: []}", false),
    ])
  func egressNetworksAreAcceptedOutsideTheCluster(spec: String, isAccepted: Bool) {
    let mesh = cluster(
      policies: """
        apiVersion: policy.linkerd.io/v1alpha1
        kind: EgressNetwork
        metadata: {name: e, namespace: ns-0}
        spec: \(spec)
        """)
    #expect(mesh.isAccepted(mesh.resources.egressNetworks[0]) == isAccepted)
  }

  private static let exact = "[{path: {type: Exact, value: /a}}]"

  /// k8s/status/src/tests/conflict.rs: a GRPCRoute turns HTTPRoutes of the same Server away, and no route
  /// turns a GRPCRoute away; TLSRoutes and TCPRoutes turn nothing away.
  @Test(
    arguments: [
      ("HTTPRoute", [], true), ("HTTPRoute", ["HTTPRoute"], true),
      ("HTTPRoute", ["GRPCRoute"], false), ("HTTPRoute", ["TLSRoute"], true),
      ("HTTPRoute", ["TCPRoute"], true), ("HTTPRoute", ["GRPCRoute", "TLSRoute"], false),
      ("GRPCRoute", [], true), ("GRPCRoute", ["GRPCRoute"], true),
      ("GRPCRoute", ["HTTPRoute"], true), ("GRPCRoute", ["TLSRoute", "TCPRoute"], true),
    ] as [(String, [String], Bool)])
  func routesAreAcceptedBesideOthers(kind: String, rivals: [String], isAccepted: Bool) {
    func matches(_ kind: String) -> String {
      kind == "GRPCRoute" ? "[{method: {service: a.B, method: C}}]" : Self.exact
    }
    let text =
      Self.server.replacing("HTTP/1", with: kind == "GRPCRoute" ? "gRPC" : "HTTP/1")
      + route("own", matches: matches(kind), kind: kind)
      + rivals.enumerated().map { route("rival-\($0)", matches: matches($1), kind: $1) }.joined()
    let mesh = cluster(policies: text)
    let rejection = mesh.routes.rejections.first { $0.key.name == "own" }
    #expect((rejection == nil) == isAccepted)
  }

  /// k8s/status/src/tests/ratelimit.rs: accepted, no matching target, one is there already.
  @Test func rateLimitsAreAcceptedOncePerServer() {
    func limit(_ name: String, _ server: String) -> String {
      """
      apiVersion: policy.linkerd.io/v1alpha1
      kind: HTTPLocalRateLimitPolicy
      metadata: {name: \(name), namespace: ns-0}
      spec:
        targetRef: {group: policy.linkerd.io, kind: Server, name: \(server)}
        total: {requestsPerSecond: 10}
      ---

      """
    }
    func found(_ text: String) -> [String] {
      cluster(policies: Self.server + text).lints().filter { $0.id == "L30" }.map(\.subject.name)
    }
    #expect(found(limit("a", "srv-8080")).isEmpty)
    #expect(found(limit("a", "gone")) == ["a"])
    #expect(found(limit("a", "srv-8080") + limit("b", "srv-8080")) == ["b"])
  }

  /// k8s/api/src/policy/target_ref.rs: canonical kinds; the group of core is empty or "core", case does
  /// not count.
  @Test(
    arguments: [
      ("", "Namespace", "core", "Namespace", true),
      ("core", "namespace", "core", "Namespace", true),
      ("policy.linkerd.io", "SERVER", "policy.linkerd.io", "Server", true),
      ("", "Server", "policy.linkerd.io", "Server", false),
    ])
  func referencesCompareCanonically(
    group: String, kind: String, wantedGroup: String, wantedKind: String, expected: Bool
  ) {
    let reference = LinkerdReference(
      group: group, kind: kind, name: "x", location: SourceLocation(path: ""))
    #expect(reference.names(group: wantedGroup, kind: wantedKind) == expected)
  }
}
