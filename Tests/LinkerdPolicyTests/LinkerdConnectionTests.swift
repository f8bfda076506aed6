import MeshModel
import Testing

@testable import LinkerdPolicy

/// Probe networks, and what the client's proxy makes of a port.
@Suite struct LinkerdConnectionTests {
  private func mesh(
    probeNetworks: String? = nil, notes: String = "", server: String? = nil, grant: String = ""
  ) -> LinkerdMesh {
    let values = probeNetworks.map { "policyController: {probeNetworks: \($0)}" } ?? "{}"
    let policy = server.map {
      """
      apiVersion: policy.linkerd.io/v1beta3
      kind: Server
      metadata: {name: web, namespace: agents}
      spec: {podSelector: {matchLabels: {app: web}}, port: 8080, \($0)}
      ---
      """
    }
    return LinkerdMesh(
      inventory: Manifests.inventory(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: agents, annotations: {linkerd.io/inject: enabled}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: linkerd-config, namespace: linkerd}
        data:
          values: |
            \(values)
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: agents}
        spec:
          template:
            metadata:
              labels: {app: web}
              annotations: {config.linkerd.io/default-inbound-policy: deny, \(notes)}
            spec:
              containers:
              - name: app
                ports: [{containerPort: 8080}]
                readinessProbe: {httpGet: {port: 8080, path: /ready}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: cli, namespace: agents}
        spec: {template: {metadata: {labels: {app: cli}}, spec: {serviceAccountName: cli}}}
        ---
        \(policy ?? "")
        \(grant)
        """))
  }

  private func probe(_ mesh: LinkerdMesh, from address: String) -> DecisionRecord {
    mesh.decision(
      for: AccessRequest(
        source: .init(ip: IPAddress(address)),
        destination: .init(
          workload: .init(namespace: "agents", name: "web"), port: 8080, applicationProtocol: .http),
        http: .init(method: "GET", host: "web", path: "/ready")))
  }

  /// linkerd2 charts/linkerd-control-plane/templates/destination.yaml and policy-controller
  /// k8s/index/src/inbound/index.rs.
  @Test(
    arguments: [
      (nil, "8.8.8.8", true), (nil, "2001:db8::1", true), ("[10.0.0.0/8]", "10.1.1.1", true),
      ("[10.0.0.0/8]", "8.8.8.8", false), ("[10.0.0.0/8]", "2001:db8::1", false),
      ("['10.0.0.0/8,192.168.0.0/16', '::/0']", "192.168.1.1", true),
      ("['10.0.0.0/8,192.168.0.0/16', '::/0']", "2001:db8::1", true),
      ("10.0.0.0/8", "10.1.1.1", true), ("[]", "10.1.1.1", false), ("null", "10.1.1.1", false),
    ] as [(String?, String, Bool)])
  func probesComeFromTheProbeNetworks(networks: String?, address: String, isAllowed: Bool) {
    let record = probe(mesh(probeNetworks: networks), from: address)
    #expect(record.decision == (isAllowed ? .allow : .deny))
    if isAllowed { #expect(record.decidedBy == "default:deny route:probe authz:probe") }
  }

  /// Without probe networks the controller makes no probe route at all.
  @Test func noProbeNetworksMeansNoProbeRoute() {
    #expect(
      probe(mesh(probeNetworks: "[]"), from: "8.8.8.8").decidedBy == "default:deny route:default")
    #expect(
      probe(mesh(probeNetworks: "[10.0.0.0/8]"), from: "8.8.8.8").decidedBy
        == "default:deny route:probe")
  }

  private static let grant = """
    apiVersion: policy.linkerd.io/v1alpha1
    kind: AuthorizationPolicy
    metadata: {name: cli, namespace: agents}
    spec:
      targetRef: {group: policy.linkerd.io, kind: Server, name: web}
      requiredAuthenticationRefs: [{kind: ServiceAccount, name: cli}]
    ---
    """

  private func call(_ mesh: LinkerdMesh, _ source: AccessRequest.Source) -> DecisionRecord {
    mesh.decision(
      for: AccessRequest(
        source: source,
        destination: .init(
          workload: .init(namespace: "agents", name: "web"), port: 8080, applicationProtocol: .http),
        http: .init(method: "GET", host: "web", path: "/x")), isTraced: true)
  }

  /// spec 2.10: an opaque annotation beside a Server that is not opaque has two answers.
  @Test func anOpaquePortHasTwoAnswersAtAnHTTPServer() {
    let opaque = "config.linkerd.io/opaque-ports: '8080'"
    let workload = AccessRequest.Source(workload: .init(namespace: "agents", name: "cli"))
    let identity = AccessRequest.Source(
      principal: "cli.agents.serviceaccount.identity.linkerd.cluster.local")
    for (proxyProtocol, notes, expected) in [
      ("HTTP/1", "", Decision.allow), ("HTTP/1", opaque, .deny), ("HTTP/2", opaque, .deny),
      ("unknown", opaque, .allow), ("opaque", opaque, .allow), ("opaque", "", .allow),
    ] {
      let mesh = mesh(
        notes: notes, server: "proxyProtocol: \(proxyProtocol)", grant: Self.grant)
      let meshed = call(mesh, workload)
      #expect(meshed.decision == expected, "\(proxyProtocol) \(notes)")
      // What was seen as HTTP at the server is taken as it was seen.
      if proxyProtocol != "opaque" { #expect(call(mesh, identity).decision == .allow) }
      let reach = mesh.reach(
        from: .init(principal: nil, workload: .init(namespace: "agents", name: "cli")),
        to: .init(namespace: "agents", name: "web"), port: 8080)
      #expect((reach.outcome == .deny) == (expected == .deny))
      let isTold = meshed.trace.contains { $0.text.contains("takes port 8080 for opaque") }
      #expect(isTold == (!notes.isEmpty || proxyProtocol == "opaque"))
    }
  }
}
