import MeshModel
import Testing

@testable import LinkerdPolicy

/// Cases of upstream's own tests, re-expressed (linkerd2 policy-controller and policy-test,
/// linkerd2-proxy; edge-26.8.3 and v2.366.0).
///
/// Sources stand at each test.
@Suite struct LinkerdUpstreamTableTests: UpstreamCases {
  static let policies = [
    "all-unauthenticated", "all-authenticated", "cluster-unauthenticated",
    "cluster-authenticated", "deny", "audit",
  ]
  /// k8s/index/src/inbound/tests/annotation.rs: default_policy_annotated, …_invalid.
  @Test(arguments: policies, policies + ["bogus"])
  func defaultPolicyAnnotationWinsOverTheClusters(cluster defaultPolicy: String, pod: String) {
    let mesh = cluster(
      defaultPolicy: defaultPolicy,
      annotations: ["config.linkerd.io/default-inbound-policy": pod])
    let effective = pod == "bogus" ? defaultPolicy : pod
    let expectations: [(String?, String, Bool)] = [
      (
        nil, "192.0.2.7",
        ["all-unauthenticated", "cluster-unauthenticated", "audit"].contains(effective)
      ),
      (nil, "198.51.100.1", ["all-unauthenticated", "audit"].contains(effective)),
      (Self.dnsClient, "192.0.2.7", effective != "deny"),
      (
        Self.dnsClient, "198.51.100.1",
        ["all-unauthenticated", "all-authenticated", "audit"].contains(effective)
      ),
      (
        "spiffe://x/y", "192.0.2.7",
        ["all-unauthenticated", "cluster-unauthenticated", "audit"].contains(effective)
      ),
    ]
    for (principal, ip, isAllowed) in expectations {
      #expect(
        ask(mesh, port: 2222, as: principal, from: ip, isTCP: true)
          == (isAllowed ? "allow" : "deny no-grant"))
    }
  }

  /// annotation.rs: authenticated_annotated and opaque_annotated.
  @Test(arguments: policies)
  func identityAndOpaquePortsHoldForTheDefault(defaultPolicy: String) {
    let mesh = cluster(
      defaultPolicy: defaultPolicy,
      annotations: [
        "config.linkerd.io/proxy-require-identity-inbound-ports": "2222",
        "config.linkerd.io/opaque-ports": "2222",
      ])
    #expect(
      ask(mesh, port: 2222, isTCP: true) == (defaultPolicy == "audit" ? "allow" : "deny no-grant"))
    #expect(
      ask(mesh, port: 2222, as: Self.dnsClient)
        == (defaultPolicy == "deny" ? "deny no-grant" : "allow"))
    #expect(mesh.workloadPortFacts().first { $0.port == 2222 }?.protocolName == "opaque")
  }

  /// authorization_policy.rs: links_authorization_policy_with_mtls_name,
  /// authorization_targets_namespace, reset_*; without the authentications the policy is ignored.
  @Test(arguments: [
    "{group: policy.linkerd.io, kind: Server, name: srv-8080}", "{kind: Namespace, name: ns-0}",
    "{group: core, kind: Namespace, name: ns-0}",
  ])
  func missingAuthenticationClosesThePolicy(target: String) {
    let other = Self.mtls.replacing("name: mtls", with: "name: mtls, namespace: ns-1")
    let allow = policy(target: target, requires: "[\(Self.net), \(other)]")
    let before = cluster(policies: Self.server + allow)
    #expect(ask(before, as: "foo.bar", from: "10.1.1.1") == "deny no-grant")
    #expect(before.lints().contains { $0.id == "L01" })
    let after = cluster(
      policies: Self.server + allow + networks("10.0.0.0/8")
        + identities("identities: [foo.bar]", namespace: "ns-1"))
    #expect(ask(after, as: "foo.bar", from: "10.1.1.1") == "allow")
    #expect(ask(after, as: "foo.bar", from: "192.0.2.7") == "deny no-grant")
    #expect(ask(after, as: "foo.baz", from: "10.1.1.1") == "deny no-grant")
  }

  /// authorization_policy.rs: links_authorization_policy_with_service_account.
  @Test func serviceAccountReferenceIsAnExactIdentity() {
    let mesh = cluster(
      policies: Self.server + policy(requires: "[{kind: ServiceAccount, name: client}]"))
    #expect(ask(mesh, as: Self.dnsClient, from: "8.8.8.8") == "allow")
    #expect(ask(mesh, as: "x" + Self.dnsClient) == "deny no-grant")
  }

  /// policy-test/tests/e2e_authorization_policy.rs.
  @Test func endToEndCasesOfAuthorizationPolicy() {
    let meshed = Self.dnsClient
    let any = cluster(
      policies: Self.server + policy(requires: "[\(Self.mtls)]") + identities(#"identities: ["*"]"#)
    )
    #expect(ask(any, as: meshed) == "allow" && ask(any) == "deny no-grant")
    let namespace = cluster(
      policies: Self.server + policy(requires: "[\(Self.mtls)]")
        + identities("identityRefs: [{kind: Namespace, name: ns-0}]"))
    #expect(ask(namespace, as: meshed) == "allow" && ask(namespace) == "deny no-grant")
    let both = cluster(
      policies: Self.server + policy(requires: "[\(Self.mtls), \(Self.net)]")
        + identities(#"identities: ["*"]"#) + networks("192.0.2.7"))
    #expect(ask(both, as: meshed) == "allow" && ask(both) == "deny no-grant")
    #expect(ask(both, as: meshed, from: "192.0.2.8") == "deny no-grant")
    let either = cluster(
      policies: Self.server + policy("a", requires: "[\(Self.mtls)]")
        + policy("b", requires: "[\(Self.net)]") + identities(#"identities: ["*"]"#)
        + networks("192.0.2.7"))
    #expect(ask(either, as: meshed, from: "192.0.2.8") == "allow" && ask(either) == "allow")
    #expect(ask(either, from: "192.0.2.8") == "deny no-grant")
    let empty = cluster(policies: Self.server + policy(requires: "[]"))
    #expect(ask(empty) == "allow" && empty.lints().contains { $0.id == "L02" })
    let two = cluster(
      policies: Self.server
        + policy(requires: "[\(Self.mtls), {kind: ServiceAccount, name: client}]")
        + identities(#"identities: ["*"]"#))
    #expect(ask(two, as: meshed) == "deny no-grant" && two.lints().contains { $0.id == "L03" })
  }

  private func route(_ name: String, _ path: String, extra: String = "") -> String {
    """
    apiVersion: policy.linkerd.io/v1beta3
    kind: HTTPRoute
    metadata: {name: \(name), namespace: ns-0}
    spec:
      parentRefs: [{group: policy.linkerd.io, kind: Server, name: srv-8080}]
      rules: [{matches: [{path: {type: Exact, value: \(path)}}]\(extra)}]
    ---

    """
  }

  /// e2e_authorization_policy.rs: targets_route; authorization on the Server opens every route.
  @Test func endToEndCasesOfRoutes() {
    let base =
      Self.server + route("root", "/") + route("roux", "/roux")
      + policy(
        target: "{group: policy.linkerd.io, kind: HttpRoute, name: ROOT}",
        requires: "[\(Self.mtls)]")
      + identities(#"identities: ["*"]"#)
    let mesh = cluster(policies: base)
    #expect(ask(mesh, as: Self.dnsClient, "GET", "/") == "allow")
    #expect(ask(mesh, as: Self.dnsClient, "GET", "/noroute") == "deny no-route")
    #expect(ask(mesh, as: Self.dnsClient, "GET", "/roux") == "deny no-grant")
    #expect(ask(mesh, "GET", "/") == "deny no-grant")
    let wider = cluster(policies: base + policy("server", requires: "[\(Self.mtls)]"))
    #expect(ask(wider, as: Self.dnsClient, "GET", "/roux") == "allow")
    #expect(wider.lints().contains { $0.id == "L19" } && !mesh.lints().contains { $0.id == "L19" })
    let ignored = cluster(
      policies: Self.server
        + route("root", "/", extra: ", filters: [{type: URLRewrite, urlRewrite: {}}]"))
    #expect(ask(ignored, "GET", "/anything") == "deny no-grant")
    #expect(ignored.lints().contains { $0.id == "L17" })
  }

  /// workload.rs: probe_* and inbound_api.rs: default_http_routes.
  @Test func probesAreOpenUntilARouteIsAttached() {
    let probes = "readinessProbe: {httpGet: {port: http, path: \"/ready?full=1\"}}"
    let mesh = cluster(policies: Self.server, probes: probes)
    #expect(ask(mesh, from: "8.8.8.8", "GET", "/ready") == "allow")
    #expect(ask(mesh, from: "8.8.8.8", "POST", "/ready") == "deny no-grant")
    #expect(ask(mesh, from: "8.8.8.8", "GET", "/ready/x") == "deny no-grant")
    let routed = cluster(policies: Self.server + route("root", "/"), probes: probes)
    #expect(ask(routed, from: "8.8.8.8", "GET", "/ready") == "deny no-route")
    #expect(routed.lints().contains { $0.id == "L20" })
  }

  /// server_authorization.rs: links_server_authz_by_name and by_label; e2e_server_authorization.rs.
  @Test(arguments: [
    "{name: srv-8080}", "{selector: {matchLabels: {app: app-0}}}", "{selector: {}}",
  ])
  func serverAuthorizationFindsItsServers(server: String) {
    let mesh = cluster(
      policies: Self.server + serverAuthorization(server, #"{meshTLS: {identities: ["*"]}}"#))
    #expect(ask(mesh, as: Self.dnsClient) == "allow" && ask(mesh) == "deny no-grant")
    // Without networks the cluster's, not all.
    #expect(ask(mesh, as: Self.dnsClient, from: "8.8.8.8") == "deny no-grant")
    #expect(mesh.lints().contains { $0.id == "L29" } == server.contains("{}"))
    let open = cluster(
      policies: Self.server
        + serverAuthorization(server, "{unauthenticated: true, networks: [{cidr: 8.8.8.0/24}]}"))
    #expect(ask(open, from: "8.8.8.8") == "allow" && ask(open) == "deny no-grant")
    let nobody = cluster(policies: Self.server + serverAuthorization(server, "{meshTLS: {}}"))
    #expect(ask(nobody, as: Self.dnsClient) == "deny no-grant")
  }

  /// index/src/ports.rs: parse_portset.
  @Test(
    arguments: [
      ("", []), ("0", nil), ("1", [1]), ("1-3", [1, 2, 3]), ("4,1-2", [1, 2, 4]), ("2-1", nil),
      ("2-", nil),
      ("65537", nil), ("http", nil), (" 7 , 8 ", [7, 8]),
    ] as [(String, [Int]?)])
  func portListsReadLikeTheController(text: String, expected: [Int]?) {
    let list = LinkerdPortList(text)
    #expect((list.badToken == nil) == (expected != nil))
    #expect((1...10).filter(list.contains) == expected ?? [])
  }

  /// core/src/identity_match.rs: parse_star.
  @Test(
    arguments: [
      ("*", .suffix("")), ("*.example.com", .suffix(".example.com")),
      ("*.*.example.com", .suffix(".*.example.com")), ("x.example.com", .exact("x.example.com")),
      ("**.example.com", .exact("**.example.com")),
      ("foo.*.example.com", .exact("foo.*.example.com")),
    ] as [(String, LinkerdIdentityPattern)])
  func identityPatternsReadLikeTheController(text: String, expected: LinkerdIdentityPattern) {
    #expect(LinkerdIdentityPattern(text) == expected)
  }

  /// http/route/src/http/match/path.rs and host.rs.
  @Test(
    arguments: [
      ("/foo/", "/foo", 4), ("/foo", "/foo/", 4), ("/foo", "/foo/bar", 4), ("/foo", "/foobar", nil),
      ("/", "/anything", 1), ("/", "/", 1),
    ] as [(String, String, Int?)])
  func prefixesAreComparedBySegments(prefix: String, path: String, length: Int?) {
    var bare = prefix
    while bare.hasSuffix("/") { bare.removeLast() }
    #expect(InboundTextMatch.prefix(bare).matchedLength(ofPath: path) == length)
  }

  @Test(arguments: [
    ("example.com", "example.com", true), ("example.com", "EXAMPLE.com:80", true),
    ("example.com", "example.com.", true), ("example.com.", "example.com", false),
    ("*.example.com", "a.b.example.com", true), ("*.example.com", "example.com", false),
  ])
  func hostsAreComparedLikeTheProxy(host: String, authority: String, expected: Bool) {
    #expect((InboundHost(host).rank(InboundRequest.bareHost(authority)) != nil) == expected)
  }

  /// app/inbound/src/policy.rs: is_authorized_*.
  @Test(
    arguments: [
      (["a.ns"], [], "a.ns", true), (["a.ns"], [], "b.ns", false),
      (["spiffe://x/y"], [], "spiffe://x/y", true), (["spiffe://x/y"], [], "spiffe://x/z", false),
      ([], [".ns"], "a.ns", true), ([], [".ns"], "a.other", false),
      ([], [""], "spiffe://x/y", false),
      ([], ["y"], "spiffe://x/y", false), (["a", "b"], [], "b", true),
    ] as [([String], [String], String, Bool)])
  func identitiesAdmitLikeTheProxy(
    exact: [String], suffixes: [String], identity: String, expected: Bool
  ) {
    let identities = LinkerdGrant.Identities(exact: Set(exact), suffixes: suffixes)
    #expect(identities.admit(identity) == expected)
  }
}
