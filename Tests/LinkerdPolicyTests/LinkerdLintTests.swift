import MeshModel
import Testing

@testable import LinkerdPolicy

/// A defect for each lint, and a cluster without one.
@Suite struct LinkerdLintTests: ClusterText {
  private static func injected(_ name: String, _ notes: String, in namespace: String = "agents")
    -> String
  {
    deployment(
      name, in: namespace, notes: notes, pod: "containers: [{name: app}, {name: linkerd-proxy}]")
  }

  private static let frozen = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: cold, annotations: {config.linkerd.io/default-inbound-policy: deny}}
    ---

    """

  private static let config = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: linkerd-config, namespace: linkerd}
    data:
      values: |
        clusterNetworks: 0.0.0.0/0,::/0
        identityTrustDomain: cluster.local
    ---

    """

  static func lintCases() -> [(String, String)] {
    let web = deployment("web")
    let allow = { (refs: String) in
      linkerd(
        "AuthorizationPolicy", "allow",
        """
        {targetRef: {group: policy.linkerd.io, kind: Server, name: s},
        requiredAuthenticationRefs: \(refs)}
        """)
    }
    let plain = web + server("s", "{podSelector: {}, port: http}")
    let mtls = "[{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: m}]"
    let route = { (kind: String, match: String) in
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: \(kind)
      metadata: {name: r, namespace: agents}
      spec:
        parentRefs: [{group: policy.linkerd.io, kind: Server, name: s}]
        rules: [{matches: [\(match)]}]
      ---

      """
    }
    return [
      ("L01", plain + allow(mtls)), ("L02", plain + allow("[]")),
      (
        "L03",
        plain + allow("[{kind: ServiceAccount, name: a}, {kind: ServiceAccount, name: b}]")
      ),
      (
        "L04",
        plain + allow(mtls) + linkerd("MeshTLSAuthentication", "m", #"{identities: ["*"]}"#)
      ),
      (
        "L05",
        plain + allow(mtls)
          + linkerd("MeshTLSAuthentication", "m", #"{identities: ["spiffe://td/ns/*"]}"#)
      ),
      ("L09", plain + allow("[{kind: ServiceAccount, name: default}]")),
      ("L11", web + server("s", "{podSelector: {matchLabels: {app: none}}, port: http}")),
      ("L11", web + server("s", "{podSelector: {}, port: gone}")),
      (
        "L11",
        deployment("web", notes: "linkerd.io/inject: disabled")
          + server("s", "{podSelector: {}, port: 80}")
      ),
      (
        "L16",
        plain + route("GRPCRoute", "{method: {service: a}}")
      ),
      (
        "L16",
        web + server("s", "{podSelector: {}, port: http, proxyProtocol: gRPC}")
          + route("HTTPRoute", "{path: {value: /}}")
      ),
      ("L17", plain + route("HTTPRoute", "{path: {type: RegularExpression, value: '('}}")),
      (
        "L22",
        deployment("web", notes: "config.linkerd.io/opaque-ports: '8080'")
          + server("s", "{podSelector: {}, port: http, proxyProtocol: HTTP/2}")
      ),
      (
        "L06",
        plain + allow(mtls)
          + linkerd("MeshTLSAuthentication", "m", #"{identities: ["web.*.cluster.local"]}"#)
      ),
      (
        "L07",
        config + plain + allow(mtls)
          + linkerd(
            "MeshTLSAuthentication", "m",
            "{identities: [a.agents.serviceaccount.identity.linkerd.old.example]}")
      ),
      ("L08", plain + allow("[{kind: ServiceAccount, name: gone}]")),
      (
        "L10",
        web
          + linkerd(
            "AuthorizationPolicy", "allow",
            "{targetRef: {kind: Namespace, name: agents}, requiredAuthenticationRefs: []}")
      ),
      ("L14", plain),
      (
        "L15",
        plain + route("HTTPRoute", "{path: {value: /}}").replacing("name: s}", with: "name: x}")
      ),
      (
        "L18",
        web + server("s", "{podSelector: {}, port: http, proxyProtocol: gRPC}")
          + route("GRPCRoute", "{headers: [{name: a, value: b}]}")
      ),
      (
        "L21",
        deployment(
          "web",
          pod: "containers: [{name: app, ports: [{name: http, containerPort: 8080}], "
            + "livenessProbe: {httpGet: {port: http}}}]")
          + server("s", "{podSelector: {}, port: http}")
      ),
      ("L23", deployment("web", notes: "config.linkerd.io/opaque-ports: '8080,http'")),
      ("L27", config),
      (
        "L28",
        config + plain
          + linkerd(
            "ServerAuthorization", "a", "{server: {name: s}, client: {meshTLS: {identities: [a]}}}",
            version: "v1beta1")
      ),
      (
        "L30",
        web + server("s", "{podSelector: {}, port: http, proxyProtocol: gRPC}")
          + linkerd(
            "HTTPLocalRateLimitPolicy", "r",
            "{targetRef: {group: policy.linkerd.io, kind: Server, name: s}, "
              + "total: {requestsPerSecond: 10}}")
      ),
      ("L31", linkerd("EgressNetwork", "all", "{trafficPolicy: Allow}")),
      ("L32", web),
      (
        "L33",
        plain + allow(mtls)
          + linkerd(
            "MeshTLSAuthentication", "m",
            "{identities: [linkerd-gateway.linkerd-multicluster.serviceaccount.identity.linkerd."
              + "cluster.local]}")
      ),
      (
        "L35",
        injected("a", "linkerd.io/trust-root-sha256: abc")
          + injected("b", "linkerd.io/trust-root-sha256: abc")
          + injected("c", "linkerd.io/trust-root-sha256: def")
      ),
      (
        "L36", frozen + injected("a", "config.linkerd.io/default-inbound-policy: audit", in: "cold")
      ),
      ("L24", web),
      ("L25", deployment("web", notes: "config.linkerd.io/skip-inbound-ports: '8080'")),
      ("L25", deployment("web", notes: "config.linkerd.io/skip-outbound-ports: '443'")),
      ("L26", deployment("web", notes: "linkerd.io/inject: disabled")),
      ("L26", deployment("web", in: "plain", owner: "linkerd.io/inject: enabled")),
      (
        "L38",
        linkerd("EgressNetwork", "all", "{trafficPolicy: Deny}", in: "linkerd-egress")
          + linkerd(
            "EgressNetwork", "one", "{networks: [{cidr: 8.8.8.0/24}], trafficPolicy: Allow}")
      ),
    ]
  }

  @Test(arguments: lintCases())
  func everyLintFindsItsDefect(id: String, text: String) {
    let found = mesh(text).lints().filter { $0.id == id }
    #expect(!found.isEmpty)
    for lint in found {
      #expect(lint.location.line > 0)
      #expect(!lint.message.hasSuffix("."))
    }
  }

  @Test func aCleanClusterHasNoLints() {
    let logs = "config.linkerd.io/access-log: json"
    let clean =
      Self.deployment("web", notes: logs, account: "web")
      + Self.deployment("cli", notes: logs, account: "cli")
      + Self.server("web", "{podSelector: {matchLabels: {app: web}}, port: http}")
      + Self.server("cli", "{podSelector: {matchLabels: {app: cli}}, port: http}")
      + Self.linkerd(
        "AuthorizationPolicy", "allow",
        """
        {targetRef: {group: policy.linkerd.io, kind: Server, name: web},
        requiredAuthenticationRefs: [{kind: ServiceAccount, name: cli}]}
        """)
      + Self.linkerd(
        "AuthorizationPolicy", "back",
        """
        {targetRef: {group: policy.linkerd.io, kind: Server, name: cli},
        requiredAuthenticationRefs: [{kind: ServiceAccount, name: web}]}
        """)
    #expect(mesh(clean).lints().isEmpty, "\(mesh(clean).lints())")
    let facts = mesh(clean).policyFacts()
    #expect(facts.count == 2)
    #expect(facts.first?.attachedTo == [WorkloadID(namespace: "agents", name: "web")])
    #expect(facts.first?.rules.first?.reportedID == "authorizationpolicy:agents/allow")
    #expect(
      facts.first?.rules.first?.sources.first?.terms.first?.value == "agents/cli")
    let ports = mesh(clean).workloadPortFacts()
    #expect(ports.map(\.mtlsMode) == [.strict, .strict])
    #expect(ports.last?.mtlsDecidedBy == "Server agents/web")
  }

  /// L35: the control plane's bundle outweighs what most pods carry.
  @Test func staleTrustIsToldByTheBundle() {
    let key = "linkerd.io/trust-root-sha256"
    var inventory = Manifests.inventory(
      Self.injected("a", "\(key): old") + Self.injected("b", "\(key): old")
        + Self.injected("c", "\(key): new"))
    func stale() -> [String] {
      LinkerdMesh(inventory: inventory).lints().filter { $0.id == "L35" }.map(\.subject.name)
    }
    #expect(stale() == ["c"])
    func bundle(_ namespace: String, _ digests: [String]) -> LinkerdTrustBundle {
      LinkerdTrustBundle(
        configMap: ResourceReference(
          kind: ResourceKind(group: "", kind: "ConfigMap"), namespace: namespace,
          name: "linkerd-identity-trust-roots"), digests: digests)
    }
    inventory.linkerd.trustBundles = [bundle("other", ["old"])]
    #expect(stale() == ["c"])
    inventory.linkerd.trustBundles.append(bundle("linkerd", ["new", "newer"]))
    #expect(stale().sorted() == ["a", "b"])
  }

  @Test func networkPoliciesThatKnowNothingOfTheProxysPortAreFound() {
    let mesh = mesh(Self.deployment("web"))
    #expect(mesh.networkPolicyLints { _, _ in nil }.isEmpty)
    #expect(mesh.networkPolicyLints { _, port in port == 8080 }.map(\.id) == ["L34"])
    #expect(mesh.networkPolicyLints { _, port in port == 4143 }.map(\.id) == ["L34"])
    #expect(mesh.networkPolicyLints { _, _ in true }.isEmpty)
  }
}
