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

  private static let caller = "spiffe://corp.example/ns/x/sa/y"
  private static let callerOnly = Trap.policy(
    "selector: {matchLabels: {app: edge}}\n"
      + "rules: [{from: [{source: {principals: [corp.example/ns/x/sa/y]}}]}]")

  private static func server(_ name: String, _ mode: String) -> String {
    "- {port: {number: 443, name: \(name), protocol: HTTPS}, hosts: [\(name).example], "
      + "tls: {mode: \(mode), credentialName: c}}"
  }

  /// The decision, and that what is reached says the same.
  private func answer(_ mesh: IstioMesh, _ principal: String?) -> Decision {
    let request = AccessRequest(
      source: .init(principal: principal),
      destination: .init(
        workload: WorkloadID(namespace: "agents", name: "edge"), port: 8443,
        applicationProtocol: .http), http: .init(method: "GET", path: "/"))
    let decision = mesh.decision(for: request).decision
    let reach = mesh.reach(
      from: PeerProfile(principal: principal),
      to: WorkloadID(namespace: "agents", name: "edge"), port: 8443)
    #expect(reach.outcome.rawValue == decision.rawValue)
    return decision
  }

  @Test func tlsOfAnHTTPServerAsksForNothing() {
    let server =
      "- {port: {number: 443, name: http, protocol: HTTP}, hosts: ['*'], tls: {mode: MUTUAL}}"
    #expect(answer(Self.mesh(server, Self.callerOnly), Self.caller) == .deny)
    #expect(answer(Self.mesh(server), nil) == .allow)
  }

  @Test(arguments: [
    ("SIMPLE", Decision.deny, Decision.deny), ("PASSTHROUGH", .deny, .deny),
    ("MUTUAL", .allow, .deny), ("ISTIO_MUTUAL", .allow, .deny), ("OPTIONAL_MUTUAL", .allow, .deny),
  ])
  func onlyAServerThatAsksForCertificatesSeesIdentities(
    mode: String, named: Decision, nameless: Decision
  ) {
    let mesh = Self.mesh(Self.server("a", mode), Self.callerOnly)
    #expect(answer(mesh, Self.caller) == named)
    #expect(answer(mesh, nil) == nameless)
  }

  @Test func aServerThatInsistsRefusesCallersWithoutCertificate() {
    #expect(answer(Self.mesh(Self.server("a", "MUTUAL")), nil) == .deny)
    #expect(answer(Self.mesh(Self.server("a", "OPTIONAL_MUTUAL")), nil) == .allow)
    #expect(answer(Self.mesh(Self.server("a", "SIMPLE")), nil) == .allow)
  }

  @Test func serversOfOnePortThatDifferLeaveTheIdentityOpen() {
    let both = Self.server("a", "SIMPLE") + "\n" + Self.server("b", "MUTUAL")
    #expect(answer(Self.mesh(both, Self.callerOnly), Self.caller) == .unknown)
    #expect(answer(Self.mesh(both, Self.callerOnly), nil) == .deny)
    #expect(answer(Self.mesh(both), nil) == .unknown)
    #expect(answer(Self.mesh(both), Self.caller) == .allow)
  }

  /// A managed gateway of the Gateway API with one listener that ends TLS.
  private static func listenerMesh(
    _ tls: String, frontend: String = "{}", version: IstioVersion? = nil
  ) -> IstioMesh {
    let manifests = """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: edge, namespace: agents}
      spec:
        gatewayClassName: istio
        tls: {frontend: \(frontend)}
        listeners: [{name: https, port: 443, protocol: HTTPS, tls: \(tls)}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: edge-istio, namespace: agents}
      spec:
        selector: {gateway.networking.k8s.io/gateway-name: edge}
        ports: [{name: https, port: 443, targetPort: 8443}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: edge, namespace: agents}
      spec:
        template:
          metadata: {labels: {gateway.networking.k8s.io/gateway-name: edge, app: edge}}
          spec: {containers: [{name: istio-proxy, ports: [{containerPort: 8443}]}]}
      """
    return TestMesh.mesh(Trap.mesh, manifests, callerOnly, version: version)
  }

  @Test(arguments: [
    ("{}", Decision.deny), ("{mode: Passthrough}", .deny),
    ("{options: {gateway.istio.io/tls-terminate-mode: MUTUAL}}", .allow),
    ("{options: {gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL}}", .allow),
    ("{options: {gateway.istio.io/tls-terminate-mode: OPTIONAL_MUTUAL}}", .allow),
    ("{options: {gateway.istio.io/tls-terminate-mode: ISTIO_SIMPLE}}", .deny),
  ])
  func theTerminateModeOfAListenerSaysWhetherIdentitiesAreSeen(tls: String, named: Decision) {
    #expect(answer(Self.listenerMesh(tls), Self.caller) == named)
    #expect(answer(Self.listenerMesh(tls), nil) == .deny)
  }

  @Test(arguments: [
    ("{default: {validation: {caCertificateRefs: [{name: ca}]}}}", Decision.allow),
    ("{default: {validation: {mode: AllowInsecureFallback}}}", .allow),
    ("{perPort: [{port: 443, tls: {validation: {mode: AllowValidOnly}}}]}", .allow),
    ("{default: {validation: {}}, perPort: [{port: 443, tls: {}}]}", .deny),
    ("{perPort: [{port: 8080, tls: {validation: {}}}]}", .deny),
  ])
  func aGatewayThatValidatesClientsSeesTheirIdentities(frontend: String, named: Decision) {
    #expect(answer(Self.listenerMesh("{}", frontend: frontend), Self.caller) == named)
    // The option of the listener outweighs it (Istio issue 59098).
    let simple = "{options: {gateway.istio.io/tls-terminate-mode: ISTIO_SIMPLE}}"
    #expect(answer(Self.listenerMesh(simple, frontend: frontend), Self.caller) == .deny)
  }

  @Test func whatOlderReleasesMakeOfClientValidationIsUnknown() {
    let mesh = Self.listenerMesh(
      "{}", frontend: "{default: {validation: {}}}", version: IstioVersion(1, 28))
    #expect(answer(mesh, Self.caller) == .unknown)
  }

  @Test func aGatewayWithoutServersFollowsItsService() {
    let mesh = Self.mesh(
      "- {port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example]}", Self.getOnly)
    #expect(decision(mesh, port: 8080, method: "DELETE") == .deny)
    #expect(mesh.workloadPortFacts().first { $0.port == 8443 }?.protocolName == "tls")
  }
}
