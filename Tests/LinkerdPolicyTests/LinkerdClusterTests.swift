import MeshModel
import Testing

@testable import LinkerdPolicy

/// Questions to a cluster: injection, wire ports, old versions and egress.
@Suite struct LinkerdClusterTests: ClusterText {
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
