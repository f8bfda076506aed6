import IstioPolicy
import MeshModel
import Testing

/// Certificates of other trust domains end at the handshake, before any policy.
@Suite struct IstioTrustDomainTests {
  private typealias Trap = IstioTrapTests

  private static let config = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: istio, namespace: istio-system}
    data:
      mesh: |
        trustDomain: corp.example
        trustDomainAliases: [old.example]
        caCertificates: [{pem: x, trustDomains: [partner.example]}]
    """

  private static func mesh(_ more: String...) -> IstioMesh {
    let rest = Trap.mesh.replacing("kind: ConfigMap", with: "kind: Unknown")
    return IstioMesh(inventory: TestMesh.inventory(of: [rest] + more))
  }

  private func decision(_ mesh: IstioMesh, _ workload: String, _ domain: String) -> Decision {
    let principal = "spiffe://\(domain)/ns/x/sa/y"
    let record = mesh.decision(
      for: Trap.request(workload, from: principal, isTCP: true))
    let parts = workload.split(separator: "/").map(String.init)
    let reach = mesh.reach(
      from: PeerProfile(principal: principal),
      to: WorkloadID(namespace: parts[0], name: parts[1]), port: 8080)
    #expect(reach.outcome.rawValue == record.decision.rawValue)
    #expect(reach.reason == record.reason)
    return record.decision
  }

  @Test(arguments: [
    ("corp.example", Decision.allow, Decision.allow), ("old.example", .allow, .deny),
    ("partner.example", .allow, .deny), ("other.example", .deny, .deny),
    ("corp.example.evil", .deny, .deny),
  ])
  func sidecarsTakeAliasesAndZtunnelItsOwnAlone(
    domain: String, sidecar: Decision, ambient: Decision
  ) {
    let mesh = Self.mesh(Self.config)
    #expect(decision(mesh, "agents/planner", domain) == sidecar)
    #expect(decision(mesh, "tools/search", domain) == ambient)
  }

  @Test func thePilotFlagSwitchesTheCheckOfSidecarsOff() {
    let istiod = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: istiod, namespace: istio-system}
      spec:
        template:
          metadata: {labels: {app: istiod}}
          spec:
            containers:
            - {name: discovery, env: [{name: PILOT_SKIP_VALIDATE_TRUST_DOMAIN, value: "true"}]}
      """
    let mesh = Self.mesh(Self.config, istiod)
    #expect(decision(mesh, "agents/planner", "other.example") == .allow)
    #expect(decision(mesh, "tools/search", "other.example") == .deny)
  }

  @Test func withoutMeshConfigNoTrustDomainIsRefused() {
    #expect(decision(Self.mesh(), "agents/planner", "other.example") == .allow)
  }

  @Test func whereTheMeshTakesPlaintextOnlyNobodyHasAnIdentityToRefuse() {
    let mesh = Self.mesh(
      Self.config,
      Trap.peerAuthentication("{mtls: {mode: DISABLE}}", name: "default", namespace: "agents"))
    #expect(decision(mesh, "agents/planner", "other.example") == .allow)
  }
}
