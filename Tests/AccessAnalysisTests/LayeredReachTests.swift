import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct LayeredReachTests {
  static let egressToModels = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: egress, namespace: agents}
    spec:
      podSelector: {}
      policyTypes: [Egress]
      egress:
      - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: models}}}]
    """

  static let namedPort = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: named, namespace: legacy}
    spec:
      podSelector: {}
      policyTypes: [Ingress]
      ingress: [{ports: [{port: http}]}]
    """

  /// The graph decides whole classes at once; each pair taken alone must come out the same.
  @Test(arguments: [
    [], [LayeredDecisionTests.server8080], [LayeredDecisionTests.server4143],
    [LayeredDecisionTests.vectors8080, LayeredDecisionTests.cache4143], [egressToModels],
    [
      namedPort, LayeredCluster.workload("legacy/shop", name: "web"),
      LayeredCluster.workload("legacy/shelf", name: "http"),
    ],
    [LayeredCluster.transparentMode, LayeredDecisionTests.server8080, egressToModels],
    // Two workloads of one identity, one of which calls past its proxy.
    [
      LayeredCluster.workload(
        "agents/bypass", annotations: "config.linkerd.io/skip-outbound-ports: \"8080\""
      ).replacing("serviceAccountName: bypass", with: "serviceAccountName: planner")
    ],
  ])
  func graphAgreesWithEveryPair(policies: [String]) {
    let model = LayeredCluster.model(policies)
    let graph = model.accessGraph()
    var count = 0
    for edge in graph.edges {
      for source in graph.sourceClasses[edge.sourceClass] {
        guard let workload = source.workload else { continue }
        for destination in graph.destinationClasses[edge.destinationClass] {
          count += 1
          let alone = model.reach(
            from: PeerProfile(principal: source.principal, workload: workload),
            to: destination.workload, port: destination.port)
          #expect(
            alone.outcome == edge.reach.outcome && alone.layer == edge.reach.layer,
            "\(workload) -> \(destination.workload):\(destination.port)")
        }
      }
    }
    #expect(count >= 121)
  }

  @Test func everyWorkloadIsOfOneLayer() {
    let model = LayeredCluster.model()
    let layers = Dictionary(
      uniqueKeysWithValues: model.workloads.map { ($0.workload.id.description, $0.layer) })
    #expect(layers["agents/planner"] == .linkerd)
    #expect(layers["legacy/cron"] == PolicyLayer.none)
    #expect(layers["tools/browser"] == .istio)
    #expect(layers["stores/vectors"] == .istio)
  }

  /// A workload whose pods already have the other mesh's sidecar is not injected by Linkerd.
  @Test func sidecarOfOneMeshKeepsTheOtherOut() {
    let both = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: both, namespace: agents}
      spec:
        selector: {matchLabels: {app: both}}
        template:
          metadata: {labels: {app: both}}
          spec:
            containers:
            - {name: main, image: "x:1", ports: [{containerPort: 8080}]}
            - {name: istio-proxy, image: "istio/proxyv2:1.29.2"}
      """
    let model = LayeredCluster.model([both])
    #expect(model.fact(of: LayeredCluster.id("agents/both"))?.layer == .istio)
  }
}
