import IstioPolicy
import MeshModel
import Testing

/// Gateways: which rules their ports get, and on which numbers.
@Suite struct IstioGatewayTests {
  private typealias Trap = IstioTrapTests

  private static func mesh(_ servers: String, _ policies: String...) -> IstioMesh {
    let base = """
      apiVersion: v1
      kind: Service
      metadata: {name: edge, namespace: agents}
      spec:
        selector: {app: edge}
        ports:
        - {name: http2, port: 80, targetPort: 8080}
        - {name: https, port: 443, targetPort: 8443}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: edge, namespace: agents}
      spec:
        template:
          metadata:
            labels: {app: edge, istio: ingressgateway}
            annotations: {inject.istio.io/templates: gateway}
          spec: {containers: [{name: istio-proxy, ports: [{containerPort: 8080}, {containerPort: 8443}]}]}
      ---
      apiVersion: networking.istio.io/v1
      kind: Gateway
      metadata: {name: edge, namespace: agents}
      spec:
        selector: {istio: ingressgateway}
        servers:

      """
    let list = servers.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return IstioMesh(inventory: TestMesh.inventory(of: [Trap.mesh, base + list] + policies))
  }

  private func decision(_ mesh: IstioMesh, port: Int, isTCP: Bool = false, method: String = "GET")
    -> Decision
  {
    mesh.decision(for: Trap.request("agents/edge", isTCP: isTCP, port: port, method: method))
      .decision
  }

  private static let getOnly = Trap.policy(
    "selector: {matchLabels: {app: edge}}\nrules: [{to: [{operation: {methods: [GET]}}]}]")

  private static let terminated =
    "- {port: {number: 443, name: https, protocol: HTTPS}, hosts: [a.example], "
    + "tls: {mode: SIMPLE, credentialName: c}}"

  @Test func theDeploymentIsAGateway() {
    let facts = Self.mesh(Self.terminated).gatewayServerFacts()
    #expect(facts.first?.workloads == [WorkloadID(namespace: "agents", name: "edge")])
  }

  @Test func whereTLSEndsAtTheGatewayHTTPRulesDecide() {
    let mesh = Self.mesh(Self.terminated, Self.getOnly)
    #expect(decision(mesh, port: 8443) == .allow)
    #expect(decision(mesh, port: 8443, method: "DELETE") == .deny)
  }

  @Test func whatIsPassedThroughStaysTLS() {
    let mesh = Self.mesh(
      "- {port: {number: 443, name: tls, protocol: TLS}, hosts: [a.example], tls: {mode: PASSTHROUGH}}",
      Self.getOnly)
    // An ALLOW rule with HTTP fields is left out on TCP, so that nothing is allowed.
    #expect(decision(mesh, port: 8443, isTCP: true) == .deny)
    let fact = mesh.workloadPortFacts().first { $0.port == 8443 }
    #expect(fact?.protocolName == "tls" && fact?.mtlsMode == .permissive)
  }

  @Test func gatewayPortsAreTheContainersNotTheServices() {
    func mesh(_ port: String) -> IstioMesh {
      Self.mesh(
        Self.terminated,
        Trap.policy(
          "selector: {matchLabels: {app: edge}}\nrules: [{to: [{operation: {ports: ['\(port)']}}]}]"
        ))
    }
    #expect(decision(mesh("443"), port: 8443) == .deny)
    #expect(decision(mesh("8443"), port: 8443) == .allow)
    #expect(decision(mesh("80"), port: 8080) == .deny)
  }

  @Test func twoServersOnOnePortShareIt() {
    let same = Self.mesh(
      Self.terminated + "\n"
        + "- {port: {number: 443, name: https-b, protocol: HTTPS}, hosts: [b.example], "
        + "tls: {mode: MUTUAL, credentialName: d}}", Self.getOnly)
    #expect(decision(same, port: 8443, method: "DELETE") == .deny)
    // One server asks for a certificate, the other does not: callers without one get in.
    #expect(same.workloadPortFacts().first { $0.port == 8443 }?.mtlsMode == .permissive)
    let mixed = Self.mesh(
      Self.terminated + "\n"
        + "- {port: {number: 443, name: tls, protocol: TLS}, hosts: [b.example], "
        + "tls: {mode: PASSTHROUGH}}", Self.getOnly)
    // What comes decides: HTTP for the one, TLS for the other.
    #expect(decision(mixed, port: 8443) == .allow)
    #expect(decision(mixed, port: 8443, isTCP: true) == .deny)
    #expect(mixed.workloadPortFacts().first { $0.port == 8443 }?.protocolName == nil)
  }

  @Test func aServerThatAsksForCertificatesIsStrict() {
    let mesh = Self.mesh(
      "- {port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*'], tls: {mode: ISTIO_MUTUAL}}"
    )
    let fact = mesh.workloadPortFacts().first { $0.port == 8443 }
    #expect(fact?.mtlsMode == .strict && fact?.mtlsDecidedBy == "Gateway agents/edge")
  }

  @Test func aGatewayWithoutServersFollowsItsService() {
    let mesh = Self.mesh(
      "- {port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example]}", Self.getOnly)
    #expect(decision(mesh, port: 8080, method: "DELETE") == .deny)
    #expect(mesh.workloadPortFacts().first { $0.port == 8443 }?.protocolName == "tls")
  }
}
