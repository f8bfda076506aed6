import IstioPolicy
import MeshModel
import Testing

/// The client's side: TLS, egress and tokens.
@Suite struct IstioClientTests {
  private typealias Trap = IstioTrapTests

  private static let server = """
    apiVersion: v1
    kind: Service
    metadata: {name: model, namespace: agents}
    spec: {selector: {app: model}, ports: [{name: http, port: 80, targetPort: 8080}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: model, namespace: agents}
    spec:
      template:
        metadata: {labels: {app: model}}
        spec: {containers: [{name: app, ports: [{containerPort: 8080}]}]}
    """

  private static func rule(_ policy: String, namespace: String = "agents", more: String = "")
    -> String
  {
    """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: d, namespace: \(namespace)}
    spec: {host: model.agents.svc.cluster.local, trafficPolicy: \(policy)\(more)}
    """
  }

  private static let strict = IstioTrapTests.peerAuthentication(
    "{mtls: {mode: STRICT}}", name: "d", namespace: "istio-system")

  private func fact(_ texts: String...) -> ClientTLSFact? {
    let inventory = TestMesh.inventory(of: [Trap.mesh, Self.server] + texts)
    return IstioMesh(inventory: inventory).clientTLS(
      from: WorkloadID(namespace: "agents", name: "planner"),
      to: WorkloadID(namespace: "agents", name: "model"), port: 8080)
  }

  @Test func withoutRuleTheMeshUsesMutualTLS() {
    #expect(fact()?.outcome == .mutual && fact()?.decidedBy == "auto mTLS")
  }

  @Test func explicitPlaintextToAStrictServerIsBroken() {
    #expect(fact(Self.rule("{tls: {mode: DISABLE}}"))?.outcome == .plaintext)
    #expect(fact(Self.rule("{tls: {mode: DISABLE}}"), Self.strict)?.outcome == .broken)
  }

  @Test func aPortSettingWithoutTLSResetsItToAuto() {
    let found = fact(
      Self.rule(
        "{tls: {mode: DISABLE}, portLevelSettings: [{port: {number: 80}, connectionPool: {}}]}"))
    #expect(found?.outcome == .mutual && found?.traps == [.portLevelReset])
  }

  @Test func aCredentialNameWithoutSelectorSendsPlaintext() {
    let policy = "{tls: {mode: SIMPLE, credentialName: c}}"
    let found = fact(Self.rule(policy))
    #expect(found?.outcome == .plaintext && found?.traps == [.credentialIgnored])
    let selected = fact(
      Self.rule(policy, more: ", workloadSelector: {matchLabels: {app: planner}}"))
    #expect(selected?.outcome == .userTLS && selected?.traps == [])
  }

  @Test func serverNameWithoutAlternativeNamesChecksNoName() {
    let found = fact(Self.rule("{tls: {mode: SIMPLE, sni: a.example, insecureSkipVerify: true}}"))
    #expect(found?.traps == [.verificationSkipped, .namesUnchecked])
  }

  @Test func theClientsNamespaceComesBeforeTheRoot() {
    let found = fact(
      Self.rule("{tls: {mode: DISABLE}}", namespace: "istio-system"),
      Self.rule("{tls: {mode: ISTIO_MUTUAL}}"))
    #expect(found?.outcome == .mutual && found?.decidedBy == "DestinationRule agents/d")
  }

  private static let subsets =
    ", subsets: [{name: v1, labels: {app: model}, trafficPolicy: {tls: {mode: DISABLE}}}, "
    + "{name: v2, labels: {app: other}, trafficPolicy: {tls: {mode: DISABLE}}}, "
    + "{name: v3, labels: {app: model}}]"

  private func clientFacts(_ texts: String...) -> [ClientTLSDifference] {
    IstioMesh(inventory: TestMesh.inventory(of: [Trap.mesh, Self.server] + texts))
      .clientTLSFacts()
  }

  private static func route(to subset: String) -> String {
    """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: model, namespace: agents}
    spec:
      hosts: [model]
      http: [{route: [{destination: {host: model, subset: \(subset)}}]}]
    """
  }

  @Test func aSubsetsPolicyCountsWhereTrafficIsRoutedToIt() {
    let rule = Self.rule("{tls: {mode: ISTIO_MUTUAL}}", more: Self.subsets)
    #expect(clientFacts(rule).isEmpty)
    let routed = clientFacts(rule, Self.route(to: "v1"))
    #expect(routed.map(\.fact.subset) == ["v1"] && routed.map(\.fact.outcome) == [.plaintext])
    #expect(routed.map(\.namespace) == ["agents"] && routed.map(\.client) == [nil])
    // The subset of other pods, and the one that says nothing of TLS.
    #expect(clientFacts(rule, Self.route(to: "v2")).isEmpty)
    #expect(clientFacts(rule, Self.route(to: "v3")).isEmpty)
  }

  @Test func onlyWhatDiffersFromAutoMTLSIsAFact() {
    #expect(clientFacts(Self.rule("{tls: {mode: ISTIO_MUTUAL}}")).isEmpty)
    let facts = clientFacts(Self.rule("{tls: {mode: DISABLE}}"))
    #expect(facts.map(\.fact.outcome) == [.plaintext])
    #expect(facts.map(\.fact.decidedBy) == ["DestinationRule agents/d"])
    let selected = clientFacts(
      Self.rule(
        "{tls: {mode: DISABLE}}", more: ", workloadSelector: {matchLabels: {app: planner}}"))
    #expect(
      selected.map(\.client) == [WorkloadID(namespace: "agents", name: "planner")])
  }

  @Test func hostsOfServiceEntriesAreSeenAsTheMeshExportsThem() {
    let entry = """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: model, namespace: agents}
      spec: {hosts: ["*.model.example"], ports: [{number: 443, name: tls, protocol: TLS}]}
      """
    let fact = TestMesh.mesh(Trap.mesh, entry).externalServiceFacts().first
    #expect(fact?.host == "*.model.example" && fact?.exportTo == ["*"])
    #expect(fact?.isExportWritten == false && fact?.ports == [443])
    let config = Trap.mesh.replacing(
      "trustDomain: corp.example",
      with: "trustDomain: corp.example\n    defaultServiceExportTo: ['.']")
    #expect(TestMesh.mesh(config, entry).externalServiceFacts().first?.exportTo == ["."])
  }

  @Test func anEmptyOutboundPolicyOfASidecarIsRegistryOnly() {
    let sidecar = """
      apiVersion: networking.istio.io/v1
      kind: Sidecar
      metadata: {name: default, namespace: agents}
      spec: {egress: [{hosts: ["./*"]}], outboundTrafficPolicy: {}}
      """
    let facts = TestMesh.mesh(Trap.mesh, sidecar).egressFacts()
    #expect(facts.map(\.mode) == [.registryOnly, nil])
    #expect(facts.first?.visibleHosts == ["./*"])
    #expect(TestMesh.mesh(Trap.mesh).egressFacts().first?.mode == .allowAny)
  }

  @Test func aTokenIsOptionalUntilAPolicyAsksForIt() {
    let tokens = """
      apiVersion: security.istio.io/v1
      kind: RequestAuthentication
      metadata: {name: idp, namespace: agents}
      spec: {jwtRules: [{issuer: "https://idp", jwksUri: "https://idp/keys"}]}
      """
    let open = TestMesh.mesh(Trap.mesh, tokens).requestAuthenticationFacts()
    #expect(open.map(\.isTokenRequired) == [false])
    let closed = TestMesh.mesh(
      Trap.mesh, tokens,
      Trap.policy(
        "rules: [{from: [{source: {notRequestPrincipals: ['*']}}]}]", action: "DENY"))
    #expect(closed.requestAuthenticationFacts().map(\.isTokenRequired) == [true])
  }

  @Test func gatewayServersSayHowTheyAreSecured() {
    let gateway = """
      apiVersion: networking.istio.io/v1
      kind: Gateway
      metadata: {name: edge, namespace: agents}
      spec:
        selector: {app: planner}
        servers:
        - {port: {number: 8443, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: c}}
        - {port: {number: 8080, protocol: HTTP}, hosts: ["a.example"], tls: {httpsRedirect: true}}
      """
    let facts = TestMesh.mesh(Trap.mesh, gateway).gatewayServerFacts()
    #expect(facts.map(\.tlsMode) == [.simple, nil])
    #expect(facts.map(\.minimumProtocolVersion) == ["TLSV1_2", nil])
    #expect(facts.map(\.redirectsToHTTPS) == [false, true])
    #expect(facts[0].workloads == [WorkloadID(namespace: "agents", name: "planner")])
  }

  @Test func policyFactsSayWhatAttachesWhere() {
    let mesh = TestMesh.mesh(
      Trap.mesh,
      Trap.policy(
        "selector: {matchLabels: {app: planner}}\n"
          + "rules: [{from: [{source: {principals: [a, b], notNamespaces: [c]}}], "
          + "when: [{key: source.ip, values: [10.0.0.0/8]}]}]"),
      Trap.policy("rules: [{}]", name: "wide", namespace: "istio-system", action: "DENY"),
      Trap.policy("selector: {matchLabels: {app: nobody}}", name: "orphan"))
    let facts = mesh.policyFacts()
    #expect(facts.map(\.scope) == [.workload, .mesh, .workload])
    #expect(facts.map { $0.attachedTo.map(\.name) } == [["planner"], ["planner", "search"], []])
    let rule = facts[0].rules[0]
    #expect(rule.reportedID == "ns[agents]-policy[p]-rule[0]")
    #expect(rule.sources[0].terms.map(\.kind) == ["principal", "principal", "namespace"])
    #expect(rule.sources[0].terms.map(\.isNegated) == [false, false, true])
    #expect(rule.conditions.map(\.kind) == ["source.ip"])
  }
}
