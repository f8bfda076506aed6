import MeshModel
import Testing

@testable import LinkerdPolicy

/// One cluster with a defect for each lint, and questions about injection, wire ports and egress.
@Suite struct LinkerdClusterTests {
  private static func deployment(
    _ name: String, in namespace: String = "agents", notes: String = "", owner: String = "",
    account: String = "",
    pod: String = "containers: [{name: app, ports: [{name: http, containerPort: 8080}]}]"
  ) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: \(name), namespace: \(namespace), annotations: {\(owner)}}
    spec:
      template:
        metadata: {labels: {app: \(name)}, annotations: {\(notes)}}
        spec: {serviceAccountName: "\(account)", \(pod)}
    ---

    """
  }

  private static func linkerd(
    _ kind: String, _ name: String, _ spec: String, in namespace: String = "agents",
    version: String = "v1alpha1"
  ) -> String {
    """
    apiVersion: policy.linkerd.io/\(version)
    kind: \(kind)
    metadata: {name: \(name), namespace: \(namespace)}
    spec: \(spec)
    ---

    """
  }

  private static func server(_ name: String, _ spec: String, version: String = "v1beta3") -> String
  {
    linkerd("Server", name, spec, version: version)
  }

  static let namespaces = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, annotations: {linkerd.io/inject: enabled}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: plain}
    ---

    """

  private func mesh(_ text: String) -> LinkerdMesh {
    LinkerdMesh(inventory: Manifests.inventory(Self.namespaces + text))
  }

  private func ids(_ text: String) -> Set<String> { Set(mesh(text).lints().map(\.id)) }

  @Test(arguments: [
    ("", "", true, "agents"), ("linkerd.io/inject: disabled", "", false, "agents"),
    ("linkerd.io/inject: ingress", "", true, "plain"),
    ("linkerd.io/inject: 'true'", "", false, "agents"),
    ("", "linkerd.io/inject: enabled", false, "plain"),
    ("linkerd.io/inject: enabled", "", true, "plain"),
  ])
  func injectionFollowsTheTemplateThenTheNamespace(
    notes: String, owner: String, expected: Bool, namespace: String
  ) {
    let mesh = mesh(Self.deployment("web", in: namespace, notes: notes, owner: owner))
    let id = WorkloadID(namespace: namespace, name: "web")
    #expect(mesh.isMeshed(id) == expected)
    #expect(mesh.dataplane(of: id) == (expected ? .linkerd : Dataplane.none))
    #expect(mesh.membership(of: id)?.reason.isEmpty == false)
  }

  @Test(arguments: [
    "hostNetwork: true, containers: [{name: app}]",
    "containers: [{name: app}, {name: istio-proxy}]",
  ])
  func hostNetworkAndIstioPodsAreNotInjected(pod: String) {
    #expect(
      !mesh(Self.deployment("web", pod: pod)).isMeshed(.init(namespace: "agents", name: "web")))
  }

  @Test func meshedTrafficGoesToTheProxysPort() throws {
    func wire(
      _ mesh: LinkerdMesh, from source: WorkloadID?, to destination: WorkloadID, port: Int,
      servicePort: Int? = nil
    ) throws -> LinkerdWire {
      mesh.wire(
        from: source.flatMap { mesh.pod(of: $0) }, to: try #require(mesh.pod(of: destination)),
        port: port, servicePort: servicePort)
    }
    let mesh = mesh(
      Self.deployment("web", notes: "config.linkerd.io/skip-inbound-ports: '9000'")
        + Self.deployment("cli", notes: "config.linkerd.io/skip-outbound-ports: '80'")
        + Self.deployment("old", in: "plain"))
    let web = WorkloadID(namespace: "agents", name: "web")
    let client = WorkloadID(namespace: "agents", name: "cli")
    let old = WorkloadID(namespace: "plain", name: "old")
    #expect(try wire(mesh, from: client, to: web, port: 8080).port == 4143)
    #expect(try wire(mesh, from: client, to: web, port: 8080).carriesIdentity)
    #expect(try wire(mesh, from: client, to: web, port: 8080, servicePort: 80).port == 8080)
    #expect(try wire(mesh, from: client, to: web, port: 9000).port == 9000)
    #expect(try wire(mesh, from: old, to: web, port: 8080).port == 8080)
    #expect(try wire(mesh, from: nil, to: web, port: 8080).port == 8080)
    #expect(try wire(mesh, from: web, to: old, port: 8080).port == 8080)
    let older = LinkerdMesh(
      inventory: Manifests.inventory(
        Self.namespaces + Self.deployment("web") + Self.deployment("cli")),
      options: LinkerdOptions(version: "stable-2.14.10"))
    #expect(try wire(older, from: client, to: web, port: 8080).port == 8080)
    #expect(try wire(older, from: client, to: web, port: 8080).carriesIdentity)
  }

  @Test func sourceWorkloadStandsForItsIdentity() {
    let mesh = mesh(
      Self.deployment("web") + Self.deployment("cli", account: "cli")
        + Self.deployment("old", in: "plain", account: "cli")
        + Self.server("web", "{podSelector: {}, port: 8080}")
        + Self.linkerd(
          "AuthorizationPolicy", "allow",
          """
          {targetRef: {group: policy.linkerd.io, kind: Server, name: web},
          requiredAuthenticationRefs: [{kind: ServiceAccount, name: cli}]}
          """))
    func decision(_ namespace: String, _ name: String) -> DecisionRecord {
      mesh.decision(
        for: AccessRequest(
          source: .init(workload: .init(namespace: namespace, name: name)),
          destination: .init(
            workload: .init(namespace: "agents", name: "web"), port: 8080,
            applicationProtocol: .http)), isTraced: true)
    }
    let allowed = decision("agents", "cli")
    #expect(allowed.decision == .allow)
    #expect(
      allowed.decidedBy
        == "server:agents/web route:default authz:authorizationpolicy:agents/allow")
    #expect(decision("plain", "old").decision == .deny)
    #expect(
      mesh.principal(of: mesh.inventoryWorkloads.first { $0.id.name == "cli" }!)
        == "cli.agents.serviceaccount.identity.linkerd.cluster.local")
  }

  @Test func undatedOverlapIsUnknownWhereItMatters() {
    let text =
      Self.deployment("web")
      + Self.server("a", "{podSelector: {}, port: http, accessPolicy: all-unauthenticated}")
      + Self.server("b", "{podSelector: {}, port: 8080, accessPolicy: all-authenticated}")
    func decision(_ principal: String?) -> Decision {
      mesh(text).decision(
        for: AccessRequest(
          source: .init(principal: principal, ip: IPAddress("10.0.0.1")),
          destination: .init(workload: .init(namespace: "agents", name: "web"), port: 8080))
      ).decision
    }
    #expect(decision(nil) == .unknown && decision("x.y") == .allow)
    #expect(ids(text).isSuperset(of: ["L12", "L13"]))
    let reach = mesh(text).reach(
      from: .init(principal: nil, ip: IPAddress("10.0.0.1")),
      to: .init(namespace: "agents", name: "web"), port: 8080)
    #expect(reach.outcome == .unknown)
  }

  @Test func accessPolicyIsDroppedFromOldVersions() {
    let spec = "{podSelector: {}, port: 8080, accessPolicy: all-unauthenticated}"
    for (version, expected) in [
      ("v1beta3", Decision.allow), ("v1beta2", .deny), ("v1beta1", .deny),
    ] {
      let record = mesh(Self.deployment("web") + Self.server("s", spec, version: version)).decision(
        for: AccessRequest(
          source: .init(ip: IPAddress("8.8.8.8")),
          destination: .init(workload: .init(namespace: "agents", name: "web"), port: 8080)))
      #expect(record.decision == expected)
    }
  }

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

  @Test func egressNetworksDecideAtTheSource() {
    let text =
      Self.deployment("web")
      + Self.linkerd("EgressNetwork", "all", "{trafficPolicy: Deny}", in: "linkerd-egress")
    let route = """
      apiVersion: gateway.networking.k8s.io/v1alpha2
      kind: TLSRoute
      metadata: {name: llm, namespace: linkerd-egress}
      spec:
        parentRefs: [{group: policy.linkerd.io, kind: EgressNetwork, name: all, port: 443}]
        hostnames: [api.model.example]
        rules: [{backendRefs: []}]
      ---

      """
    func decision(_ text: String, sni: String? = nil) -> DecisionRecord {
      mesh(text).decision(
        for: AccessRequest(
          source: .init(workload: .init(namespace: "agents", name: "web")),
          destination: .init(port: 443, ip: IPAddress("203.0.113.9")), sni: sni))
    }
    #expect(decision(text).decision == .deny)
    #expect(decision(text).decidedBy == "egressnetwork:linkerd-egress/all")
    #expect(decision(text + route, sni: "api.model.example").decision == .allow)
    #expect(decision(text + route, sni: "evil.example").decision == .deny)
    let own = Self.linkerd(
      "EgressNetwork", "one", "{networks: [{cidr: 198.51.100.0/24}], trafficPolicy: Deny}")
    #expect(decision(text + own).decision == .allow)
    let overlapping = Self.linkerd(
      "EgressNetwork", "one", "{networks: [{cidr: 10.1.0.0/16}], trafficPolicy: Deny}")
    #expect(decision(text + overlapping).decision == .deny)
    #expect(decision(Self.deployment("web")).decision == .allow)
  }
}
