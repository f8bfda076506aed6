import IstioPolicy
import MeshModel
import Testing

/// Traps where ztunnel, waypoints and gateways differ from sidecars.
@Suite struct IstioAmbientTrapTests {
  private typealias Trap = IstioTrapTests

  private static let waypoint = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: waypoint, namespace: tools}
    spec:
      gatewayClassName: istio-waypoint
      listeners: [{name: mesh, port: 15008, protocol: HBONE}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: search, namespace: tools, labels: {istio.io/use-waypoint: waypoint}}
    spec: {selector: {app: search}, ports: [{name: http, port: 80, targetPort: 8080}]}
    """

  private func divergences(_ mesh: IstioMesh) -> [PolicyDivergence.Kind] {
    mesh.divergences().map(\.kind)
  }

  @Test func aDenyOfHTTPFieldsOnlyDoesNothingAtZtunnel() {
    let mesh = TestMesh.mesh(
      Trap.mesh,
      Trap.policy(
        "rules: [{to: [{operation: {methods: [GET]}}]}]", namespace: "tools", action: "DENY"))
    let request = Trap.request("tools/search", from: Trap.planner, isTCP: true)
    #expect(mesh.decision(for: request).decision == .allow)
    var sidecar = request
    sidecar.destination.dataplane = .sidecar
    #expect(mesh.decision(for: sidecar).decision == .deny)
    #expect(divergences(mesh) == [.httpDenyWithoutEffect])
  }

  @Test func trustDomainsGetLostOnTheWayToZtunnel() {
    let spec =
      "rules: [{from: [{source: {namespaces: [agents], trustDomains: [other.example]}}]}]"
    let mesh = TestMesh.mesh(Trap.mesh, Trap.policy(spec, namespace: "tools"))
    let request = Trap.request("tools/search", from: Trap.planner, isTCP: true)
    let record = mesh.decision(for: request)
    #expect(record.decision == .allow && record.decidedBy == "tools/p")
    var sidecar = request
    sidecar.destination.dataplane = .sidecar
    #expect(mesh.decision(for: sidecar).decision == .deny)
    #expect(divergences(mesh) == [.trustDomainsLost])
  }

  @Test func anEmptySelectorSelectsNothingInAmbient() {
    let mesh = TestMesh.mesh(
      Trap.mesh,
      Trap.policy("selector: {}\nrules: [{}]", namespace: "tools", action: "DENY"))
    #expect(
      mesh.decision(for: Trap.request("tools/search", from: Trap.planner, isTCP: true)).decision
        == .allow)
    #expect(divergences(mesh) == [.emptySelector])
  }

  @Test func aliasesMeanNothingToZtunnel() {
    let mesh = TestMesh.mesh(
      Trap.mesh,
      Trap.policy(
        "rules: [{from: [{source: {principals: [cluster.local/ns/agents/sa/planner]}}]}]",
        namespace: "tools"))
    let request = Trap.request("tools/search", from: Trap.planner, isTCP: true)
    #expect(mesh.decision(for: request).decision == .deny)
    #expect(divergences(mesh) == [.aliasesIgnored])
  }

  @Test func strictMeshIsADenyPolicyOfZtunnel() {
    let mesh = TestMesh.mesh(
      Trap.mesh,
      Trap.peerAuthentication(
        "{mtls: {mode: STRICT}}", name: "default", namespace: "istio-system"))
    let record = mesh.decision(for: Trap.request("tools/search", isTCP: true))
    #expect(record.decision == .deny && record.reason == "plaintext")
    #expect(record.decidedBy == "istio-system/istio_converted_static_strict")
  }

  @Test func disableIsPermissiveInAmbient() {
    let mesh = TestMesh.mesh(
      Trap.mesh,
      Trap.peerAuthentication("{mtls: {mode: DISABLE}}", name: "default", namespace: "tools"))
    let search = mesh.workloadPortFacts().first { $0.workload.name == "search" }
    #expect(search?.mtlsMode == .permissive)
  }

  @Test func aStrictPortUnderAPermissiveWorkloadIsLostInAStrictMesh() {
    let mesh = TestMesh.mesh(
      Trap.mesh,
      Trap.peerAuthentication("{mtls: {mode: STRICT}}", name: "d", namespace: "istio-system"),
      Trap.peerAuthentication(
        "{selector: {matchLabels: {app: search}}, mtls: {mode: PERMISSIVE}, "
          + "portLevelMtls: {8080: {mode: STRICT}}}", name: "w", namespace: "tools"))
    #expect(mesh.decision(for: Trap.request("tools/search", isTCP: true)).decision == .allow)
  }

  @Test func aPeerAuthenticationWithSelectorInTheRootNamespaceIsIgnored() {
    let mesh = TestMesh.mesh(
      Trap.mesh,
      Trap.peerAuthentication(
        "{selector: {matchLabels: {app: planner}}, mtls: {mode: STRICT}}", name: "d",
        namespace: "istio-system"))
    #expect(mesh.workloadPortFacts().allSatisfy { $0.mtlsMode == .permissive })
  }

  @Test func meshWideDenyDoesNotReachWaypoints() {
    let allowNothing = Trap.policy("{}", name: "allow-nothing", namespace: "istio-system")
      .replacingBody("spec: {}")
    let mesh = TestMesh.mesh(
      Trap.mesh, Self.waypoint, allowNothing,
      Trap.policy(
        "rules: [{from: [{source: {principals: [corp.example/ns/tools/sa/waypoint]}}]}]",
        name: "from-waypoint", namespace: "tools"))
    let record = mesh.decision(for: Trap.request("tools/search", from: Trap.planner))
    #expect(record.decision == .allow)
    let guarded = TestMesh.mesh(
      Trap.mesh, Self.waypoint,
      Trap.policy(
        "targetRefs: [{group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint}]",
        name: "allow-nothing", namespace: "istio-system"))
    #expect(
      guarded.decision(for: Trap.request("tools/search", from: Trap.planner)).decision == .deny)
  }

  @Test func theWorkloadBehindAWaypointSeesTheWaypointsIdentity() {
    let mesh = TestMesh.mesh(
      Trap.mesh, Self.waypoint,
      Trap.policy(
        "rules: [{from: [{source: {principals: [corp.example/ns/agents/sa/planner]}}]}]",
        namespace: "tools"))
    #expect(
      mesh.decision(for: Trap.request("tools/search", from: Trap.planner)).decision == .deny)
  }

  @Test func servicePoliciesAreEnforcedAtTheWaypoint() {
    let mesh = TestMesh.mesh(
      Trap.mesh, Self.waypoint,
      Trap.policy(
        "targetRefs: [{group: '', kind: Service, name: search}]\n"
          + "rules: [{to: [{operation: {methods: [GET]}}]}]", namespace: "tools"))
    let allowed = mesh.decision(for: Trap.request("tools/search", from: Trap.planner))
    #expect(allowed.decision == .allow)
    #expect(allowed.decidedBy == "ns[tools]-policy[p]-rule[0]")
    #expect(
      mesh.decision(
        for: Trap.request("tools/search", from: Trap.planner, method: "DELETE")
      ).decision == .deny)
    let reach = mesh.reach(
      from: PeerProfile(principal: Trap.planner),
      to: WorkloadID(namespace: "tools", name: "search"), port: 8080)
    #expect(reach.outcome == .partial && reach.reason?.contains("bypasses") == true)
  }

  @Test func policiesOfAServiceEntryAreEnforcedAtTheWaypoint() {
    let entry = """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: search-entry, namespace: tools, labels: {istio.io/use-waypoint: waypoint}}
      spec:
        hosts: [search.corp.example]
        location: MESH_INTERNAL
        resolution: STATIC
        workloadSelector: {labels: {app: search}}
        ports: [{number: 80, targetPort: 8080, name: http, protocol: HTTP}]
      """
    let gateway = """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: waypoint, namespace: tools}
      spec: {gatewayClassName: istio-waypoint, listeners: []}
      """
    func decision(_ target: String, _ method: String) -> DecisionRecord {
      TestMesh.mesh(
        Trap.mesh, gateway, entry,
        Trap.policy(
          "targetRefs: [{group: networking.istio.io, kind: ServiceEntry, name: \(target)}]\n"
            + "rules: [{to: [{operation: {methods: [GET], ports: ['80']}}]}]", namespace: "tools")
      ).decision(for: Trap.request("tools/search", from: Trap.planner, method: method))
    }
    #expect(decision("search-entry", "GET").decidedBy == "ns[tools]-policy[p]-rule[0]")
    #expect(decision("search-entry", "DELETE").decision == .deny)
    #expect(decision("another", "DELETE").decision == .allow)
  }

  @Test func anAgentgatewayEnforcesNothing() {
    let gateway = """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: llm, namespace: agents}
      spec: {gatewayClassName: istio-agentgateway, listeners: []}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: llm, namespace: agents}
      spec:
        template:
          metadata: {labels: {gateway.networking.k8s.io/gateway-name: llm}}
          spec: {containers: [{name: proxy}]}
      """
    let mesh = TestMesh.mesh(Trap.mesh, gateway, Trap.policy("rules: [{}]", action: "DENY"))
    let record = mesh.decision(for: Trap.request("agents/llm"))
    #expect(record.decision == .allow && record.layer == PolicyLayer.none)
  }

  @Test(arguments: [
    ("{istio-injection: enabled}", "{}", "{}", Dataplane.sidecar),
    ("{istio-injection: enabled, istio.io/dataplane-mode: ambient}", "{}", "{}", .sidecar),
    ("{istio-injection: disabled, istio.io/rev: a}", "{}", "{}", .none),
    ("{istio.io/rev: a}", "{sidecar.istio.io/inject: 'false'}", "{}", .none),
    ("{}", "{sidecar.istio.io/inject: 'true'}", "{}", .sidecar),
    ("{}", "{}", "{sidecar.istio.io/inject: 'true'}", .none),
    ("{istio-injection: enabled}", "{}", "{sidecar.istio.io/inject: 'false'}", .none),
    ("{istio.io/dataplane-mode: ambient}", "{istio.io/dataplane-mode: none}", "{}", .none),
    ("{}", "{istio.io/dataplane-mode: ambient}", "{}", .ambient),
  ])
  func dataplaneFollowsInjectionPrecedence(
    namespace: String, labels: String, annotations: String, expected: Dataplane
  ) {
    let inventory = TestMesh.inventory(
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: n, labels: \(namespace)}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: n, labels: \(labels), annotations: \(annotations)}
      spec: {containers: [{name: app}]}
      """)
    let mesh = IstioMesh(inventory: inventory)
    #expect(mesh.dataplane(of: inventory.workloads[0]).dataplane == expected)
  }

  @Test func telemetryThatDisablesAllProvidersFallsBackToTheMeshLog() {
    let config = """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: istio, namespace: istio-system}
      data:
        mesh: |
          accessLogFile: /dev/stdout
      """
    let telemetry = """
      apiVersion: telemetry.istio.io/v1
      kind: Telemetry
      metadata: {name: off, namespace: istio-system}
      spec: {accessLogging: [{disabled: true}]}
      """
    let pod = """
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: n, annotations: {sidecar.istio.io/status: '{}'}}
      spec: {containers: [{name: app}]}
      """
    let off = TestMesh.mesh(config, telemetry, pod).telemetryFacts()
    #expect(
      off.first?.hasServerLog == true && off.first?.logDecidedBy == "MeshConfig accessLogFile")
    let named = telemetry.replacing(
      "{disabled: true}", with: "{providers: [{name: envoy}], filter: {expression: 'false'}}")
    let filtered = TestMesh.mesh(config, named, pod).telemetryFacts()
    #expect(filtered.first?.logFilter == "false")
    #expect(filtered.first?.logDecidedBy == "Telemetry istio-system/off")
    #expect(TestMesh.mesh(pod).telemetryFacts().first?.hasServerLog == false)
  }
}

extension String {
  /// The manifest with everything from `spec:` on replaced.
  fileprivate func replacingBody(_ body: String) -> String {
    guard let range = firstRange(of: "spec:") else { return self }
    return String(self[..<range.lowerBound]) + body
  }
}
