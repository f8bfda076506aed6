import IstioPolicy
import MeshModel
import Testing

/// Ways through waypoints: canaries, policies in front of them, automatic permission, agentgateways.
@Suite struct IstioWaypointTests {
  private typealias Trap = IstioTrapTests

  private static func istiod(_ flags: String, version: String = "1.31.1") -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: istiod, namespace: istio-system}
    spec:
      template:
        metadata: {labels: {app: istiod}}
        spec:
          containers:
          - name: discovery
            image: istio/pilot:\(version)
            env: [{name: PILOT_ENABLE_AMBIENT, value: "true"}, \(flags)]
    """
  }

  private static func gateway(_ name: String, gatewayClass: String = "istio-waypoint") -> String {
    """
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: \(name), namespace: tools}
    spec:
      gatewayClassName: \(gatewayClass)
      listeners: [{name: mesh, port: 15008, protocol: HBONE}]
    """
  }

  private static func service(
    _ labels: String, annotations: String = "{}", name: String = "search"
  ) -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: \(name), namespace: tools, labels: \(labels), annotations: \(annotations)}
    spec: {selector: {app: search}, ports: [{name: http, port: 80, targetPort: 8080}]}
    """
  }

  private static func canary(_ weight: String) -> String {
    service(
      "{istio.io/use-waypoint: primary, istio.io/use-waypoint-canary: next}",
      annotations: "{istio.io/use-waypoint-canary-weight: '\(weight)'}")
  }

  /// Denies at the waypoint of this name.
  private static func denial(at gateway: String) -> String {
    Trap.policy(
      "targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: \(gateway)}]\n"
        + "rules: [{to: [{operation: {methods: [GET]}}]}]", namespace: "tools", action: "DENY")
  }

  private let request = Trap.request("tools/search", from: Trap.planner)
  private let search = WorkloadID(namespace: "tools", name: "search")

  @Test(arguments: [
    ("0", Decision.allow), ("1", .unknown), ("50", .unknown), ("100", .deny), ("101", .allow),
    ("-1", .allow), ("half", .allow),
  ])
  func aCanaryGetsItsShareOfConnections(weight: String, expected: Decision) {
    let mesh = TestMesh.mesh(
      Trap.mesh, Self.gateway("primary"), Self.gateway("next"), Self.canary(weight),
      Self.denial(at: "next"))
    let record = mesh.decision(for: request)
    #expect(record.decision == expected)
    let reach = mesh.reach(
      from: PeerProfile(principal: Trap.planner), to: search, port: 8080)
    // All methods but GET are let through, so that the reach through the canary is partial.
    let outcome: Reach.Outcome =
      expected == .allow ? .allow : expected == .deny ? .partial : .unknown
    #expect(reach.outcome == outcome)
    if expected == .unknown {
      #expect(record.reason?.contains("\(weight) % of connections to Service tools/search") == true)
      #expect(record.reason == reach.reason)
    }
  }

  @Test func aCanaryThatIsNotThereLeavesAllToThePrimary() {
    let mesh = TestMesh.mesh(
      Trap.mesh, Self.gateway("primary"), Self.canary("50"), Self.denial(at: "primary"))
    #expect(mesh.decision(for: request).decision == .deny)
  }

  @Test func bothWaypointsDecidingAlikeIsAnAnswer() {
    let denial = Trap.policy(
      "targetRefs: [{group: '', kind: Service, name: search}]\n"
        + "rules: [{to: [{operation: {methods: [GET]}}]}]", namespace: "tools", action: "DENY")
    let mesh = TestMesh.mesh(
      Trap.mesh, Self.gateway("primary"), Self.gateway("next"), Self.canary("30"), denial)
    let record = mesh.decision(for: request)
    #expect(record.decision == .deny && record.decidedBy == "ns[tools]-policy[p]-rule[0]")
  }

  @Test func canariesNeedIstio131() {
    let mesh = TestMesh.mesh(
      Trap.mesh, Self.gateway("primary"), Self.gateway("next"), Self.canary("100"),
      Self.denial(at: "next"), version: IstioVersion(1, 30, 3))
    #expect(mesh.decision(for: request).decision == .allow)
  }

  @Test func aNamespaceNamesTheCanaryOfItsServices() {
    let labels = """
      {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: primary, \
      istio.io/use-waypoint-canary: next, istio.io/use-waypoint-canary-namespace: tools}, \
      annotations: {istio.io/use-waypoint-canary-weight: "100"}
      """
    let mesh = TestMesh.mesh(
      Trap.mesh.replacing("{istio.io/dataplane-mode: ambient}", with: labels),
      Self.gateway("primary"), Self.gateway("next"), Self.service("{}"),
      Self.denial(at: "next"))
    #expect(mesh.decision(for: request).decision == .deny)
  }

  @Test func twoServicesOfOneWorkloadMayTakeDifferentWays() {
    let mesh = TestMesh.mesh(
      Trap.mesh, Self.gateway("primary"), Self.service("{istio.io/use-waypoint: primary}"),
      Self.service("{istio.io/use-waypoint: none}", name: "search-direct"),
      Self.denial(at: "primary"))
    let record = mesh.decision(for: request)
    #expect(record.decision == .unknown)
    #expect(
      record.reason?.contains("connections to Service tools/search-direct go straight") == true)
  }

  @Test func selectorPoliciesGuardTheWaypointWhenIstiodLayersThem() {
    let guardPolicy = Trap.policy(
      "rules: [{from: [{source: {principals: [corp.example/ns/agents/sa/planner]}}]}]",
      name: "from-planner", namespace: "istio-system")
    let rest = [
      Trap.mesh, Self.gateway("primary"), Self.service("{istio.io/use-waypoint: primary}"),
      guardPolicy,
      Trap.policy(
        "selector: {matchLabels: {app: search}}\nrules: [{}]", name: "ztunnel-open",
        namespace: "tools"),
    ]
    let other = Trap.request("tools/search", from: "spiffe://corp.example/ns/agents/sa/other")
    func decisions(_ flags: String, version: String = "1.31.1") -> [Decision] {
      let mesh = IstioMesh(
        inventory: TestMesh.inventory(of: rest + [Self.istiod(flags, version: version)]))
      return [request, other].map { mesh.decision(for: $0).decision }
    }
    let flag = "{name: ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES, value: \"true\"}"
    #expect(decisions("") == [.allow, .allow])
    #expect(decisions(flag) == [.allow, .deny])
    #expect(decisions(flag, version: "1.24.0") == [.allow, .allow])
  }

  @Test func thePortThatGuardsOfAWaypointSeeIsItsOwn() {
    func decision(_ port: Int) -> Decision {
      TestMesh.mesh(
        Trap.mesh, Self.gateway("primary"), Self.service("{istio.io/use-waypoint: primary}"),
        Self.istiod("{name: ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES, value: \"true\"}"),
        Trap.policy(
          "selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: primary}}\n"
            + "rules: [{to: [{operation: {ports: ['\(port)']}}]}]", namespace: "tools",
          action: "DENY")
      ).decision(for: request).decision
    }
    #expect(decision(15008) == .deny)
    #expect(decision(80) == .allow)
    #expect(decision(8080) == .allow)
  }

  @Test func automaticPermissionLetsOnlyTheWaypointIn() {
    func mesh(_ flags: String, _ more: String...) -> IstioMesh {
      IstioMesh(
        inventory: TestMesh.inventory(
          of: [
            Trap.mesh, Self.gateway("primary"), Self.service("{istio.io/use-waypoint: primary}"),
            Self.istiod(flags),
          ] + more))
    }
    let flag = "{name: PILOT_AUTO_ALLOW_WAYPOINT_POLICY, value: \"true\"}"
    let plain = Trap.request("tools/search", isTCP: true)
    #expect(mesh("").decision(for: plain).decision == .allow)
    let guarded = mesh(flag)
    #expect(guarded.decision(for: plain).decision == .deny)
    let record = guarded.decision(for: request)
    #expect(record.decision == .allow)
    #expect(record.decidedBy == "tools/istio_allow_waypoint_tools_primary")
    // It is a policy of istiod's, not one that somebody wrote.
    #expect(guarded.policyFacts().isEmpty && guarded.divergences().isEmpty)
    let wider = mesh(flag, Trap.policy("rules: [{}]", name: "open", namespace: "tools"))
    #expect(wider.decision(for: plain).decidedBy == "tools/open")
  }

  @Test func whatAnInstallerSetsStandsForIstiod() {
    let values = """
      profile: ambient
      global: {tag: 1.30.2}
      meshConfig: {trustDomain: corp.example}
      pilot: {env: {PILOT_AUTO_ALLOW_WAYPOINT_POLICY: "true"}}
      """
    let mesh = TestMesh.mesh(
      values, Trap.mesh.replacing("kind: ConfigMap", with: "kind: Unknown"),
      Self.gateway("primary"),
      Self.service("{istio.io/use-waypoint: primary}"))
    #expect(mesh.version == IstioVersion(1, 30, 2) && mesh.assumptions.isEmpty)
    #expect(mesh.decision(for: Trap.request("tools/search", isTCP: true)).decision == .deny)
  }

  @Test func anAgentgatewayWaypointAppliesNoPolicyAndIsThePeerOfTheWorkload() {
    func decision(_ flags: String, _ more: String) -> DecisionRecord {
      TestMesh.mesh(
        Trap.mesh, Self.gateway("llm", gatewayClass: "istio-agentgateway-waypoint"),
        Self.service("{istio.io/use-waypoint: llm}"), Self.istiod(flags), more
      ).decision(for: request)
    }
    let flag = "{name: PILOT_ENABLE_AGENTGATEWAY, value: \"true\"}"
    let denial = Trap.policy(
      "targetRefs: [{group: '', kind: Service, name: search}]\nrules: [{}]", namespace: "tools",
      action: "DENY")
    #expect(decision(flag, denial).decision == .allow)
    let fromWaypoint = Trap.policy(
      "rules: [{from: [{source: {principals: [corp.example/ns/tools/sa/llm]}}]}]",
      namespace: "tools")
    #expect(decision(flag, fromWaypoint).decision == .allow)
    // Without the flag nobody makes the proxy, and connections go straight to the pod.
    #expect(decision("", fromWaypoint).decision == .deny)
  }
}
