import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

/// Workloads whose Namespace no manifest describes: both answers are computed, with a proxy and without.
@Suite struct AbsentNamespaceTests {
  private static func workload(_ name: String, _ namespace: String, labels: String = "")
    -> String
  {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: \(name), namespace: \(namespace)}
    spec:
      template:
        metadata: {labels: {app: \(name)\(labels)}}
        spec: {serviceAccountName: \(name), containers: [{name: app, ports: [{containerPort: 8080}]}]}
    ---

    """
  }

  private static let described = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, labels: {istio-injection: enabled}}
    ---
    \(workload("planner", "agents"))
    """

  private static func policy(_ namespace: String, principal: String) -> String {
    """
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: p, namespace: \(namespace)}
    spec:
      selector: {matchLabels: {app: \(namespace == "agents" ? "planner" : "browser")}}
      rules: [{from: [{source: {principals: ["\(principal)"]}}]}]
    ---

    """
  }

  private func decision(
    _ manifests: [String], from: (String, String), to: (String, String), isTraced: Bool = false
  ) -> DecisionRecord {
    RandomPlatform.model(of: manifests).decision(
      for: AccessRequest(
        source: .init(workload: .init(namespace: from.0, name: from.1)),
        destination: .init(
          workload: .init(namespace: to.0, name: to.1), port: 8080, applicationProtocol: .http),
        http: .init(method: "GET", host: "x", path: "/")), isTraced: isTraced)
  }

  /// Requests are tests of the manifests as they are: `meshaudit evaluate` takes what is not there as absent.
  @Test func anAbsentNamespaceMayBeTakenAsPlain() {
    let model = RandomPlatform.model(
      of: [
        Self.described, Self.workload("browser", "tools"),
        Self.policy("tools", principal: "cluster.local/ns/other/sa/other"),
      ], options: AccessOptions(takesAbsentNamespacesAsPlain: true))
    let record = model.decision(
      for: AccessRequest(
        source: .init(workload: .init(namespace: "agents", name: "planner")),
        destination: .init(
          workload: .init(namespace: "tools", name: "browser"), port: 8080,
          applicationProtocol: .http)))
    #expect(record.decision == .allow && record.layer == .none)
    #expect(model.workloads.filter(\.lacksNamespace).isEmpty)
  }

  @Test func aPolicyThatHoldsOnlyWithAProxyLeavesTheAnswerOpen() {
    let tools = Self.workload("browser", "tools")
    let refusing = Self.policy("tools", principal: "cluster.local/ns/other/sa/other")
    let open = decision(
      [Self.described, tools, refusing], from: ("agents", "planner"), to: ("tools", "browser"),
      isTraced: true)
    #expect(open.decision == .unknown)
    #expect(
      open.reason
        == "Namespace tools is not in the inputs, and whether its pods have a proxy decides: "
        + "allow without one, deny with one")
    #expect(open.trace.last?.text.hasSuffix("deny with one: unknown") == true)
    // With or without a proxy the planner may call.
    let admitting = Self.policy("tools", principal: "cluster.local/ns/agents/sa/planner")
    #expect(
      decision(
        [Self.described, tools, admitting], from: ("agents", "planner"), to: ("tools", "browser")
      ).decision == .allow)
  }

  @Test func aCallerMayHaveAnIdentityOrNone() {
    let admitting = Self.policy("agents", principal: "cluster.local/ns/tools/sa/browser")
    let call = { (manifests: [String]) in
      self.decision(manifests, from: ("tools", "browser"), to: ("agents", "planner"))
    }
    let browser = Self.workload("browser", "tools")
    #expect(call([Self.described, browser, admitting]).decision == .unknown)
    let other = Self.policy("agents", principal: "cluster.local/ns/other/sa/other")
    #expect(call([Self.described, browser, other]).decision == .deny)
  }

  /// Two Namespaces may differ: with a proxy at the destination alone, no identity arrives.
  @Test func bothEndsMayLackTheirNamespace() {
    let ends = [Self.workload("planner", "agents"), Self.workload("browser", "tools")]
    let admitting = Self.policy("tools", principal: "cluster.local/ns/agents/sa/planner")
    #expect(
      decision(ends + [admitting], from: ("agents", "planner"), to: ("tools", "browser"))
        .decision == .unknown)
    let anyone = """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: p, namespace: tools}
      spec: {rules: [{}]}
      ---

      """
    #expect(
      decision(ends + [anyone], from: ("agents", "planner"), to: ("tools", "browser"))
        .decision == .allow)
  }

  /// In one Namespace both ends have a proxy, or none has.
  @Test func oneNamespaceIsOneCase() {
    let strict = """
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec: {mtls: {mode: STRICT}}
      ---

      """
    let manifests = [
      strict, Self.workload("planner", "agents"), Self.workload("browser", "agents"),
      Self.workload("search", "tools"),
    ]
    let call = { (from: (String, String)) in
      self.decision(manifests, from: from, to: ("agents", "planner")).decision
    }
    #expect(call(("agents", "browser")) == .allow)
    #expect(call(("tools", "search")) == .unknown)
    let graph = RandomPlatform.model(of: manifests).accessGraph()
    #expect(graph.outcomeCounts[.unknown] == 3 + 3 + 4)
  }

  /// Nothing is open where the pod itself says what it is, or where no mesh is in sight.
  @Test(arguments: [
    ", sidecar.istio.io/inject: \"true\"",
    ", sidecar.istio.io/inject: \"false\", istio.io/dataplane-mode: none",
  ])
  func podsThatSaySoNeedNoNamespace(labels: String) {
    let model = RandomPlatform.model(of: [
      Self.described, Self.workload("browser", "tools", labels: labels),
    ])
    #expect(model.workloads.allSatisfy { !$0.lacksNamespace })
    #expect(model.withNamespaces.isEmpty)
  }

  @Test func withoutAMeshNothingIsOpen() {
    let model = RandomPlatform.model(of: [Self.workload("browser", "tools")])
    #expect(model.workloads.allSatisfy { !$0.lacksNamespace })
  }

  @Test func linkerdsNamespacesAreMissedToo() {
    let meshed = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: agents, annotations: {linkerd.io/inject: enabled}}
      ---

      """
    let server = """
      apiVersion: policy.linkerd.io/v1beta3
      kind: Server
      metadata: {name: browser, namespace: tools}
      spec: {podSelector: {matchLabels: {app: browser}}, port: 8080, proxyProtocol: HTTP/1}
      ---

      """
    let manifests = [
      meshed, Self.workload("planner", "agents"), Self.workload("browser", "tools"), server,
    ]
    #expect(
      decision(manifests, from: ("agents", "planner"), to: ("tools", "browser")).decision
        == .unknown)
  }

  @Test func theGraphAgreesWithTheDecisions() {
    let model = RandomPlatform.model(of: [
      Self.described, Self.workload("browser", "tools"), Self.workload("search", "tools"),
      Self.policy("agents", principal: "cluster.local/ns/tools/sa/browser"),
      Self.policy("tools", principal: "cluster.local/ns/agents/sa/planner"),
    ])
    let graph = model.accessGraph()
    var compared = 0
    for edge in graph.edges {
      for source in graph.sourceClasses[edge.sourceClass] where source.kind == .workload {
        for destination in graph.destinationClasses[edge.destinationClass] {
          let answer = model.decision(
            for: AccessRequest(
              source: .init(workload: source.workload),
              destination: .init(
                workload: destination.workload, port: 8080, applicationProtocol: .http),
              http: .init(method: "GET", host: "x", path: "/")))
          #expect(answer.decision.rawValue == edge.reach.outcome.rawValue)
          compared += 1
        }
      }
    }
    #expect(compared == 9)
    #expect(graph.outcomeCounts[.unknown] ?? 0 > 0)
  }
}
