import MeshModel
import Testing

@testable import AccessAnalysis

/// What the policies decide on calls that an external authorizer was asked about.
@Suite struct ExternalDecisionTests {
  private static let mesh = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, labels: {istio-injection: enabled}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: planner, namespace: agents}
    spec:
      template:
        metadata: {labels: {app: planner}}
        spec: {serviceAccountName: planner, containers: [{name: app, ports: [{containerPort: 8080}]}]}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: istio, namespace: istio-system}
    data:
      mesh: |
        extensionProviders:
        - {name: opa, envoyExtAuthzGrpc: {service: opa.istio-system.svc.cluster.local, port: 9191}}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: opa, namespace: istio-system}
    spec: {selector: {app: opa}, ports: [{name: grpc, port: 9191}]}
    ---
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: default, namespace: istio-system}
    spec: {mtls: {mode: STRICT}}
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: planner, namespace: agents}
    spec:
      selector: {matchLabels: {app: planner}}
      rules:
      - from: [{source: {principals: ["cluster.local/ns/agents/sa/caller"]}}]
        to: [{operation: {methods: [POST]}}]
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: opa, namespace: agents}
    spec:
      selector: {matchLabels: {app: planner}}
      action: CUSTOM
      provider: {name: opa}
      rules: [{to: [{operation: {paths: ["/v1/plans"]}}]}]
    ---
    """

  private func decision(
    _ method: String?, _ path: String?, source: String? = "caller", to name: String = "planner"
  ) -> ExternalDecision {
    var key = ExternalDecision.Key(
      day: "2026-11-18", source: source.map { "spiffe://cluster.local/ns/agents/sa/\($0)" },
      port: 8080, method: method, pathTemplate: path, policy: "envoy/authz/allow", outcome: .deny)
    key.destinationWorkload = WorkloadID(namespace: "agents", name: name)
    let decision = ExternalDecision(
      key: key, count: 1, firstSeen: UTCTime(seconds: 1), lastSeen: UTCTime(seconds: 1))
    return RandomPlatform.model(of: [Self.mesh]).beside([decision])[0]
  }

  @Test func theMeshDecidesOnTheCallItself() {
    let asked = decision("POST", "/v1/plans")
    #expect(asked.meshDecision == .delegate)
    #expect(asked.meshDecidedBy == "istio-ext-authz-opa-ns[agents]-policy[opa]-rule[0]")
    let unasked = decision("POST", "/v1/results")
    #expect(unasked.meshDecision == .allow)
    #expect(unasked.meshDecidedBy == "ns[agents]-policy[planner]-rule[0]")
    #expect(decision("GET", "/v1/results").meshDecision == .deny)
    #expect(decision("POST", "/v1/results", source: "stranger").meshDecision == .deny)
  }

  @Test func aCallToNobodyKnownHasNoDecision() {
    #expect(decision("POST", "/v1/plans", to: "gone").meshDecision == nil)
  }
}
