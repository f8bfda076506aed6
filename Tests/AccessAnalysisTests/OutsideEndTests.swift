import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

/// Calls that end outside the cluster: ExternalWorkloads, and addresses behind EgressNetworks.
@Suite struct OutsideEndTests {
  private static let base = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, annotations: {linkerd.io/inject: enabled}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: legacy}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: planner, namespace: agents}
    spec:
      template:
        metadata: {labels: {app: planner}}
        spec: {serviceAccountName: planner, containers: [{name: app, ports: [{containerPort: 8080}]}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: cron, namespace: legacy}
    spec: {template: {metadata: {labels: {app: cron}}}}
    ---
    apiVersion: workload.linkerd.io/v1beta1
    kind: ExternalWorkload
    metadata: {name: vm, namespace: agents, labels: {app: vm}}
    spec:
      meshTLS: {identity: "spiffe://root.example/vm", serverName: vm.agents}
      ports: [{name: http, port: 8080}]
      workloadIPs: [{ip: 192.0.2.10}]
    ---
    apiVersion: policy.linkerd.io/v1beta3
    kind: Server
    metadata: {name: vm, namespace: agents}
    spec: {externalWorkloadSelector: {matchLabels: {app: vm}}, port: http, proxyProtocol: HTTP/1}
    ---
    apiVersion: policy.linkerd.io/v1beta3
    kind: Server
    metadata: {name: planner, namespace: agents}
    spec: {podSelector: {matchLabels: {app: planner}}, port: 8080, proxyProtocol: HTTP/1}
    ---
    apiVersion: policy.linkerd.io/v1alpha1
    kind: AuthorizationPolicy
    metadata: {name: vm, namespace: agents}
    spec:
      targetRef: {group: policy.linkerd.io, kind: Server, name: vm}
      requiredAuthenticationRefs: [{kind: ServiceAccount, name: planner}]
    ---
    apiVersion: policy.linkerd.io/v1alpha1
    kind: MeshTLSAuthentication
    metadata: {name: vm, namespace: agents}
    spec: {identities: ["spiffe://root.example/vm"]}
    ---
    apiVersion: policy.linkerd.io/v1alpha1
    kind: AuthorizationPolicy
    metadata: {name: planner, namespace: agents}
    spec:
      targetRef: {group: policy.linkerd.io, kind: Server, name: planner}
      requiredAuthenticationRefs:
      - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: vm}
    ---
    apiVersion: policy.linkerd.io/v1alpha1
    kind: EgressNetwork
    metadata: {name: all, namespace: linkerd-egress}
    spec: {trafficPolicy: Deny}
    ---

    """

  private func policy(_ spec: String) -> String {
    """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: p, namespace: agents}
    spec: {podSelector: {matchLabels: {app: planner}}, \(spec)}
    ---

    """
  }

  private func decision(
    _ text: String = "", from: (String, String), to destination: AccessRequest.Destination
  ) -> DecisionRecord {
    RandomPlatform.model(of: [Self.base + text]).decision(
      for: AccessRequest(
        source: .init(workload: .init(namespace: from.0, name: from.1)), destination: destination,
        http: destination.applicationProtocol == .tcp
          ? nil : .init(method: "GET", host: "x", path: "/")))
  }

  private let vm = AccessRequest.Destination(
    workload: .init(namespace: "agents", name: "vm"), port: 8080, applicationProtocol: .http)
  private let planner = AccessRequest.Destination(
    workload: .init(namespace: "agents", name: "planner"), port: 8080, applicationProtocol: .http)
  private let model = AccessRequest.Destination(
    port: 443, applicationProtocol: .tcp, ip: IPAddress("203.0.113.9"))

  @Test func externalWorkloadsAreEndsOfCalls() {
    #expect(decision(from: ("agents", "planner"), to: vm).decision == .allow)
    #expect(
      decision(from: ("agents", "planner"), to: vm).decidedBy
        == "server:agents/vm route:default authz:authorizationpolicy:agents/vm")
    #expect(decision(from: ("legacy", "cron"), to: vm).reason == "no-grant")
    #expect(decision(from: ("agents", "vm"), to: planner).decision == .allow)
  }

  /// They are no pods: network policies see their addresses, on the port of the proxy.
  @Test func networkPoliciesSeeExternalWorkloadsAsAddresses() {
    let ingress = { (block: String, port: Int) in
      policy("ingress: [{from: [{ipBlock: {cidr: \(block)}}], ports: [{port: \(port)}]}]")
    }
    let call = ("agents", "vm")
    #expect(decision(ingress("192.0.2.0/24", 4143), from: call, to: planner).decision == .allow)
    #expect(decision(ingress("192.0.2.0/24", 8080), from: call, to: planner).decision == .deny)
    #expect(decision(ingress("198.51.100.0/24", 4143), from: call, to: planner).decision == .deny)
    #expect(
      decision(policy("ingress: [{from: [{podSelector: {}}]}]"), from: call, to: planner).layer
        == .networkPolicy)
    let egress = policy(
      "policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 4143}]}]"
    )
    #expect(decision(egress, from: ("agents", "planner"), to: vm).decision == .allow)
    #expect(
      decision(policy("policyTypes: [Egress]"), from: ("agents", "planner"), to: vm).decision
        == .deny)
  }

  @Test func externalWorkloadsAreInTheGraph() throws {
    let model = RandomPlatform.model(of: [Self.base])
    let fact = try #require(model.fact(of: .init(namespace: "agents", name: "vm")))
    #expect(fact.workload.kind == "ExternalWorkload" && fact.dataplane == .linkerd)
    #expect(fact.principal == "spiffe://root.example/vm" && !fact.workload.hasServiceAccount)
    #expect(
      model.portFacts().filter { $0.workload == fact.workload.id }.map(\.port) == [8080])
    #expect(reached(in: model) == ["agents/planner > agents/vm", "agents/vm > agents/planner"])
  }

  /// In the graph, too, network policies see addresses: of two machines that nothing else tells apart one
  /// is let in.
  @Test func theGraphTellsExternalWorkloadsApartByAddress() {
    let twin = """
      apiVersion: workload.linkerd.io/v1beta1
      kind: ExternalWorkload
      metadata: {name: twin, namespace: agents, labels: {app: vm}}
      spec:
        meshTLS: {identity: "spiffe://root.example/vm", serverName: vm.agents}
        ports: [{name: http, port: 8080}]
        workloadIPs: [{ip: 198.51.100.10}]
      """
    let ingress = policy(
      "ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 4143}]}]")
    let model = RandomPlatform.model(of: [Self.base, twin, ingress])
    #expect(reached(in: model).filter { $0.hasSuffix("planner") } == ["agents/vm > agents/planner"])
    let isolated = RandomPlatform.model(of: [Self.base, policy("policyTypes: [Egress]")])
    #expect(reached(in: isolated).filter { $0.hasSuffix("vm") }.isEmpty)
  }

  private func reached(in model: AccessModel) -> [String] {
    let graph = model.accessGraph()
    var found: [String] = []
    for edge in graph.edges where edge.reach.outcome != .deny && edge.reach.layer != .none {
      for source in graph.sourceClasses[edge.sourceClass] {
        guard let workload = source.workload else { continue }
        for destination in graph.destinationClasses[edge.destinationClass] {
          found.append("\(workload) > \(destination.workload)")
        }
      }
    }
    return found.sorted()
  }

  @Test func callsThatLeaveTheClusterAskTheSourcesEgressNetworks() {
    let refused = decision(from: ("agents", "planner"), to: model)
    #expect(refused.decision == .deny && refused.layer == .linkerd)
    #expect(refused.decidedBy == "egressnetwork:linkerd-egress/all")
    // No proxy, no EgressNetwork.
    #expect(decision(from: ("legacy", "cron"), to: model).decision == .allow)
    // One of its own switches the global one off.
    let own = """
      apiVersion: policy.linkerd.io/v1alpha1
      kind: EgressNetwork
      metadata: {name: own, namespace: agents}
      spec: {networks: [{cidr: 8.8.8.0/24}], trafficPolicy: Deny}
      ---

      """
    #expect(decision(own, from: ("agents", "planner"), to: model).decision == .allow)
    // NetworkPolicy beneath.
    #expect(
      decision(own + policy("policyTypes: [Egress]"), from: ("agents", "planner"), to: model).layer
        == .networkPolicy)
  }

  @Test func denyingEgressNetworksNeedANetworkPolicy() {
    func lints(_ text: String) -> [MeshLint] {
      RandomPlatform.model(of: [Self.base + text]).lints()
        .filter { $0.id == "L31" }
    }
    #expect(lints("").map(\.detail) == ["bypass"])
    #expect(lints(policy("policyTypes: [Egress]")).isEmpty)
  }

  /// A sidecar of Istio's that passes registered hosts only is not known to pass an address.
  @Test(arguments: [
    ("", "", Decision.allow), ("REGISTRY_ONLY", "", .unknown), ("ALLOW_ANY", "", .allow),
    ("ALLOW_ANY", "REGISTRY_ONLY", .unknown), ("REGISTRY_ONLY", "ALLOW_ANY", .allow),
  ])
  func istiosSidecarsMayNotKnowAnAddress(mesh: String, sidecar: String, expected: Decision) {
    let policy = { (mode: String) in
      mode.isEmpty ? "{}" : "{outboundTrafficPolicy: {mode: \(mode)}}"
    }
    let record = decision(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: istio, namespace: istio-system}
      data: {mesh: "\(policy(mesh))"}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {istio-injection: enabled}}
      ---
      apiVersion: networking.istio.io/v1
      kind: Sidecar
      metadata: {name: default, namespace: shop}
      spec: \(policy(sidecar))
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app}]}}}

      """, from: ("shop", "web"), to: model)
    #expect(record.decision == expected)
    #expect((record.reason?.contains("registered hosts only") == true) == (expected == .unknown))
  }
}
