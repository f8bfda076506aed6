import IstioPolicy
import MeshModel
import Testing

/// What only the order of names decides is said; what has an age is not.
@Suite struct IstioAssumptionTests {
  private typealias Trap = IstioTrapTests

  private func pairs(_ texts: String...) -> [String] {
    IstioMesh(inventory: TestMesh.inventory(of: [Trap.mesh] + texts)).orderAssumptions()
      .map { diagnostic in
        #expect(diagnostic.code == "order-assumed" && diagnostic.severity == .note)
        return String(diagnostic.message.prefix { $0 != ";" })
      }
  }

  private func peerAuthentication(
    _ name: String, _ mode: String, selector: String = "", age: String = ""
  ) -> String {
    """
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: \(name), namespace: agents\(age)}
    spec: {\(selector)mtls: {mode: \(mode)}}
    """
  }

  @Test func twoModesOfOneNamespaceAreOrderedByName() {
    #expect(
      pairs(peerAuthentication("b", "PERMISSIVE"), peerAuthentication("a", "STRICT")) == [
        "\"PeerAuthentication agents/a\" and \"PeerAuthentication agents/b\" are for the same and "
          + "have no creation times that differ"
      ])
    #expect(pairs(peerAuthentication("b", "STRICT"), peerAuthentication("a", "STRICT")) == [])
    #expect(
      pairs(
        peerAuthentication("b", "STRICT", age: ", creationTimestamp: '2026-01-01T00:00:00Z'"),
        peerAuthentication("a", "PERMISSIVE", age: ", creationTimestamp: '2026-01-02T00:00:00Z'"))
        == [])
  }

  @Test func twoModesOfOneWorkloadAreOrderedByName() {
    let selector = "selector: {matchLabels: {app: planner}}, "
    #expect(
      pairs(
        peerAuthentication("b", "STRICT", selector: selector),
        peerAuthentication("a", "DISABLE", selector: selector)
      ).count == 1)
    let other = "selector: {matchLabels: {app: nobody}}, "
    #expect(
      pairs(
        peerAuthentication("b", "STRICT", selector: selector),
        peerAuthentication("a", "DISABLE", selector: other)
      ).isEmpty)
  }

  @Test func rulesForOneHostAreOrderedByName() {
    func rule(_ name: String, _ mode: String, host: String = "search.tools.svc.cluster.local")
      -> String
    {
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: \(name), namespace: tools}
      spec: {host: \(host), trafficPolicy: {tls: {mode: \(mode)}}}
      """
    }
    #expect(pairs(rule("a", "DISABLE"), rule("b", "ISTIO_MUTUAL", host: "search")).count == 1)
    #expect(pairs(rule("a", "DISABLE"), rule("b", "DISABLE")).isEmpty)
  }

  @Test func sidecarsTelemetriesAndServicesAreOrderedByName() {
    func resource(_ group: String, _ kind: String, _ name: String, _ spec: String) -> String {
      """
      apiVersion: \(group)
      kind: \(kind)
      metadata: {name: \(name), namespace: agents}
      spec: \(spec)
      """
    }
    let network = "networking.istio.io/v1"
    #expect(
      pairs(
        resource(network, "Sidecar", "a", "{egress: [{hosts: ['./*']}]}"),
        resource(network, "Sidecar", "b", "{egress: [{hosts: ['*/*']}]}")
      ).count == 1)
    #expect(
      pairs(
        resource("telemetry.istio.io/v1", "Telemetry", "a", "{accessLogging: [{disabled: true}]}"),
        resource("telemetry.istio.io/v1", "Telemetry", "b", "{}")
      ).count == 1)
    #expect(
      pairs(
        resource(
          "v1", "Service", "a",
          "{selector: {app: planner}, ports: [{name: http, port: 80, targetPort: 8080}]}"),
        resource(
          "v1", "Service", "b",
          "{selector: {app: planner}, ports: [{name: tcp, port: 81, targetPort: 8080}]}")
      ).count == 1)
  }
}
