import MeshModel
import Testing

@testable import LinkerdPolicy

/// Outcomes of upstream's end-to-end tests, re-expressed: policy-test/tests/e2e_*.rs and inbound_api.rs
/// (linkerd2 edge-26.8.3).
///
/// 200 is `allow`, 403 is `deny no-grant`, 404 is `deny no-route`; "blessed" is 192.0.2.7.
@Suite struct LinkerdUpstreamEndToEndTests: UpstreamCases {
  private static let denied = "deny no-grant"

  /// What a meshed and an unmeshed client get, each from the blessed address and from another.
  private func outcomes(_ policies: String, path: String = "/", isTCP: Bool = false) -> [String] {
    let mesh = cluster(policies: policies)
    return [Self.dnsClient, nil].flatMap { principal in
      ["192.0.2.7", "192.0.2.8"].map {
        ask(mesh, as: principal, from: $0, "GET", path, isTCP: isTCP)
      }
    }
  }

  private func rows(_ text: String) -> [String] {
    text.split(separator: " ").map { $0 == "200" ? "allow" : Self.denied }
  }

  /// e2e_authorization_policy.rs: meshtls, targets_namespace, meshtls_namespace, network, both, either,
  /// empty_authentications.
  @Test func authorizationPolicies() {
    let (all, blessed) = (identities(#"identities: ["*"]"#), networks("192.0.2.7"))
    let meshtls = policy(requires: "[\(Self.mtls)]") + all
    #expect(outcomes(Self.server + meshtls) == rows("200 200 403 403"))
    let namespace =
      policy(target: "{kind: Namespace, name: ns-0}", requires: "[\(Self.mtls)]") + all
    #expect(outcomes(Self.server + namespace) == rows("200 200 403 403"))
    let members =
      policy(requires: "[\(Self.mtls)]")
      + identities("identityRefs: [{kind: Namespace, name: ns-0}]")
    #expect(outcomes(Self.server + members) == rows("200 200 403 403"))
    let network = policy(requires: "[\(Self.net)]") + blessed
    #expect(outcomes(Self.server + network) == rows("200 403 200 403"))
    let both = policy(requires: "[\(Self.mtls), \(Self.net)]") + all + blessed
    #expect(outcomes(Self.server + both) == rows("200 403 403 403"))
    let either =
      policy("a", requires: "[\(Self.mtls)]") + policy("b", requires: "[\(Self.net)]") + all
      + blessed
    #expect(outcomes(Self.server + either) == rows("200 200 200 403"))
    #expect(outcomes(Self.server + policy(requires: "[]")) == rows("200 200 200 200"))
  }

  /// e2e_server_authorization.rs: meshtls, network, both, either; TCP alike.
  @Test(arguments: [false, true]) func serverAuthorizations(isTCP: Bool) {
    let server = isTCP ? Self.server.replacing("HTTP/1", with: "unknown") : Self.server
    let target = "{name: srv-8080}"
    let blessed = "networks: [{cidr: 192.0.2.7/32}]"
    func saz(_ client: String, _ name: String = "saz") -> String {
      serverAuthorization(target, client, name: name)
    }
    let mtls = #"meshTLS: {identities: ["*"]}"#
    let cases = [
      ("{\(mtls)}", "", "200 200 403 403"),
      ("{unauthenticated: true, \(blessed)}", "", "200 403 200 403"),
      ("{\(mtls), \(blessed)}", "", "200 403 403 403"),
      ("{\(mtls)}", "{unauthenticated: true, \(blessed)}", "200 200 200 403"),
    ]
    for (first, second, expected) in cases {
      let text = saz(first) + (second.isEmpty ? "" : saz(second, "other"))
      #expect(outcomes(server + text, isTCP: isTCP) == rows(expected), "\(first) \(second)")
    }
  }

  /// e2e_audit.rs: server_audit, ns_audit.
  @Test func auditAllows() {
    let server = { (policy: String) in
      Self.server.replacing("HTTP/1}", with: "HTTP/1, accessPolicy: \(policy)}")
    }
    #expect(outcomes(server("deny")) == rows("403 403 403 403"))
    #expect(outcomes(server("audit")) == rows("200 200 200 200"))
    // The injector copies the namespace's annotation to pods that are made after it.
    func namespace(_ policy: String) -> String {
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: ns-0
        annotations: {config.linkerd.io/default-inbound-policy: \(policy)}
      ---

      """
    }
    #expect(outcomes(namespace("cluster-authenticated")) == rows("200 200 403 403"))
    #expect(outcomes(namespace("audit")) == rows("200 200 200 200"))
  }

  private func egress(_ policy: String, _ route: String = "") -> DecisionRecord {
    let network = """
      apiVersion: policy.linkerd.io/v1alpha1
      kind: EgressNetwork
      metadata: {name: all, namespace: ns-0}
      spec: {trafficPolicy: \(policy)}
      ---

      """
    return cluster(policies: network + route).decision(
      for: AccessRequest(
        source: .init(workload: .init(namespace: "ns-0", name: "web")),
        destination: .init(
          port: 80, applicationProtocol: .http, ip: IPAddress("203.0.113.9")),
        http: .init(method: "GET", host: "postman-echo.com", path: "/get")))
  }

  /// e2e_egress_network.rs: Allow, Deny, and Deny with an HTTPRoute for one path.
  @Test func egressNetworks() {
    let route = { (path: String) in
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: r, namespace: ns-0}
      spec:
        parentRefs: [{group: policy.linkerd.io, kind: EgressNetwork, name: all, port: 80}]
        rules: [{matches: [{path: {type: Exact, value: \(path)}}]}]
      ---

      """
    }
    #expect(egress("Allow").decision == .allow && egress("Deny").decision == .deny)
    #expect(egress("Deny", route("/get")).decision == .allow)
    #expect(egress("Deny", route("/other")).decision == .deny)
  }

  /// inbound_api.rs: servers_ordered_by_creation; after the older is deleted the younger applies.
  @Test func theOlderServerApplies() {
    func server(_ name: String, _ year: Int, _ access: String) -> String {
      Self.server.replacing(
        "name: srv-8080, namespace: ns-0",
        with: "name: \(name), namespace: ns-0, creationTimestamp: \"\(year)-01-01T00:00:00Z\""
      ).replacing("HTTP/1}", with: "HTTP/1, accessPolicy: \(access)}")
    }
    let (older, younger) = (server("b", 2023, "deny"), server("a", 2024, "all-unauthenticated"))
    #expect(ask(cluster(policies: younger + older)) == Self.denied)
    #expect(ask(cluster(policies: younger)) == "allow")
  }

  /// inbound_api.rs: http_routes_ordered_by_creation.
  @Test func theOlderOfEqualRoutesDecides() {
    let matches = "[{path: {type: Exact, value: /}}]"
    for (first, second, expected) in [(2023, 2024, "allow"), (2024, 2023, Self.denied)] {
      let text =
        Self.server + networks("0.0.0.0/0") + opened("b")
        + route("b", matches: matches, created: "\(first)-01-01T00:00:00Z")
        + route("a", matches: matches, created: "\(second)-01-01T00:00:00Z")
      #expect(ask(cluster(policies: text)) == expected)
    }
  }

  private static let machine = """
    apiVersion: workload.linkerd.io/v1beta1
    kind: ExternalWorkload
    metadata: {name: vm, namespace: ns-0, labels: {app: vm}}
    spec:
      meshTLS: {identity: "spiffe://cluster.example.com/vm", serverName: vm.cluster.example.com}
      workloadIPs: [{ip: 198.51.100.4}]
      ports: [{name: http, port: 8080}]
    ---

    """

  /// inbound_api.rs: server_with_server_authorization, server_with_authorization_policy and
  /// server_with_audit_policy for an ExternalWorkload.
  @Test func serversOfExternalWorkloads() {
    let server = Self.server.replacing(
      "podSelector: {matchLabels: {app: web}}",
      with: "externalWorkloadSelector: {matchLabels: {app: vm}}")
    let all = identities(#"identities: ["*"]"#)
    for (text, meshed, unmeshed) in [
      (server, Self.denied, Self.denied),
      (
        server + serverAuthorization("{name: srv-8080}", #"{meshTLS: {identities: ["*"]}}"#),
        "allow", Self.denied
      ), (server + policy(requires: "[\(Self.mtls)]") + all, "allow", Self.denied),
      (server.replacing("HTTP/1}", with: "HTTP/1, accessPolicy: audit}"), "allow", "allow"),
      // A selector for pods finds no ExternalWorkload.
      (
        Self.server.replacing("{app: web}", with: "{app: vm}") + policy(requires: "[]"),
        Self.denied, Self.denied
      ),
    ] {
      let mesh = cluster(policies: Self.machine + text)
      #expect(ask(mesh, at: "vm", as: Self.dnsClient) == meshed)
      #expect(ask(mesh, at: "vm") == unmeshed)
    }
  }
}
