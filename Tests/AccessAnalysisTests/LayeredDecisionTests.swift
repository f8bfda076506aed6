import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct LayeredDecisionTests {
  /// One call, and what must come out of it.
  struct Row: CustomStringConvertible, Sendable {
    var policies: [String] = []
    var from: String
    var to: String
    var port = 8080
    var decision: Decision
    var layer: PolicyLayer

    var description: String { "\(from) -> \(to):\(port) with \(policies.count) more" }
  }

  static let server8080 = LayeredCluster.ingress("models/server", port: 8080)
  static let server4143 = LayeredCluster.ingress("models/server", port: 4143)
  static let cache4143 = LayeredCluster.ingress("models/cache", port: 4143)
  static let cache6379 = LayeredCluster.ingress("models/cache", port: 6379)
  static let exporter9090 = LayeredCluster.ingress("models/exporter", port: 9090)
  static let exporter4143 = LayeredCluster.ingress("models/exporter", port: 4143)
  static let vectors8080 = LayeredCluster.ingress("stores/vectors", port: 8080)
  static let vectors15008 = LayeredCluster.ingress("stores/vectors", port: 15_008)

  static let rows: [Row] = [
    // Linkerd alone.
    Row(from: "agents/planner", to: "models/server", decision: .allow, layer: .linkerd),
    Row(from: "agents/other", to: "models/server", decision: .deny, layer: .linkerd),
    Row(from: "legacy/cron", to: "models/server", decision: .deny, layer: .linkerd),
    Row(from: "agents/planner", to: "agents/other", decision: .allow, layer: .linkerd),

    // The application's port is allowed and the proxy's is not: meshed calls never arrive, unmeshed
    // ones get as far as the proxy.
    Row(
      policies: [server8080], from: "agents/planner", to: "models/server", decision: .deny,
      layer: .networkPolicy),
    Row(
      policies: [server8080], from: "legacy/cron", to: "models/server", decision: .deny,
      layer: .linkerd),
    // The reverse.
    Row(
      policies: [server4143], from: "agents/planner", to: "models/server", decision: .allow,
      layer: .linkerd),
    Row(
      policies: [server4143], from: "agents/other", to: "models/server", decision: .deny,
      layer: .linkerd),
    Row(
      policies: [server4143], from: "legacy/cron", to: "models/server", decision: .deny,
      layer: .networkPolicy),
    Row(
      policies: [server8080, server4143], from: "agents/planner", to: "models/server",
      decision: .allow, layer: .linkerd),

    // A port that the destination skips: the application's port on the wire, no identity, no mesh.
    Row(
      from: "agents/planner", to: "models/exporter", port: 9090, decision: .allow, layer: .none),
    Row(
      policies: [exporter9090], from: "agents/planner", to: "models/exporter", port: 9090,
      decision: .allow, layer: .networkPolicy),
    Row(
      policies: [exporter4143], from: "agents/planner", to: "models/exporter", port: 9090,
      decision: .deny, layer: .networkPolicy),

    // A port that the source skips: its identity is granted and does not arrive.
    Row(from: "agents/skipper", to: "models/server", decision: .deny, layer: .linkerd),
    Row(
      policies: [server8080], from: "agents/skipper", to: "models/server", decision: .deny,
      layer: .linkerd),
    Row(
      policies: [server4143], from: "agents/skipper", to: "models/server", decision: .deny,
      layer: .networkPolicy),

    // An opaque port goes to the proxy, in both modes of transport.
    Row(
      from: "agents/planner", to: "models/cache", port: 6379, decision: .allow, layer: .linkerd),
    Row(
      policies: [cache6379], from: "agents/planner", to: "models/cache", port: 6379,
      decision: .deny, layer: .networkPolicy),
    Row(
      policies: [cache4143], from: "agents/planner", to: "models/cache", port: 6379,
      decision: .allow, layer: .linkerd),
    Row(
      policies: [cache4143, LayeredCluster.transparentMode], from: "agents/planner",
      to: "models/cache", port: 6379, decision: .allow, layer: .linkerd),
    Row(
      policies: [cache6379, LayeredCluster.transparentMode], from: "agents/planner",
      to: "models/cache", port: 6379, decision: .deny, layer: .networkPolicy),
    // Others keep their port in transparent mode.
    Row(
      policies: [server8080, LayeredCluster.transparentMode], from: "agents/planner",
      to: "models/server", decision: .allow, layer: .linkerd),
    Row(
      policies: [server4143, LayeredCluster.transparentMode], from: "agents/planner",
      to: "models/server", decision: .deny, layer: .networkPolicy),

    // Ambient: HBONE at 15008 between meshed pods.
    Row(from: "stores/loader", to: "stores/vectors", decision: .allow, layer: .istio),
    Row(from: "legacy/cron", to: "stores/vectors", decision: .deny, layer: .istio),
    Row(
      policies: [vectors8080], from: "stores/loader", to: "stores/vectors", decision: .deny,
      layer: .networkPolicy),
    Row(
      policies: [vectors15008], from: "stores/loader", to: "stores/vectors", decision: .allow,
      layer: .istio),
    Row(
      policies: [vectors8080], from: "legacy/cron", to: "stores/vectors", decision: .deny,
      layer: .istio),
    Row(
      policies: [vectors15008], from: "legacy/cron", to: "stores/vectors", decision: .deny,
      layer: .networkPolicy),

    // Two meshes side by side: each grants an identity of the other, and none crosses.
    Row(from: "tools/browser", to: "models/server", decision: .deny, layer: .linkerd),
    Row(from: "agents/planner", to: "tools/browser", decision: .deny, layer: .istio),
    Row(from: "stores/loader", to: "tools/browser", decision: .allow, layer: .istio),
    Row(
      policies: [server4143], from: "tools/browser", to: "models/server", decision: .deny,
      layer: .networkPolicy),
    Row(
      policies: [vectors15008], from: "agents/planner", to: "stores/vectors", decision: .deny,
      layer: .networkPolicy),

    // No mesh at all.
    Row(from: "agents/planner", to: "legacy/wiki", decision: .allow, layer: .none),
    Row(from: "legacy/cron", to: "legacy/wiki", decision: .allow, layer: .none),
    Row(
      policies: [LayeredCluster.ingress("legacy/wiki", port: 8080)], from: "agents/planner",
      to: "legacy/wiki", decision: .allow, layer: .networkPolicy),
    Row(
      policies: [LayeredCluster.ingress("legacy/wiki", port: 4143)], from: "agents/planner",
      to: "legacy/wiki", decision: .deny, layer: .networkPolicy),
  ]

  @Test(arguments: rows) func layersDecideTogether(row: Row) {
    let model = LayeredCluster.model(row.policies)
    let request = AccessRequest(
      source: .init(workload: LayeredCluster.id(row.from)),
      destination: .init(
        workload: LayeredCluster.id(row.to), port: row.port,
        applicationProtocol: row.port == 6379 ? .tcp : .http),
      http: row.port == 6379 ? nil : .init(method: "GET", host: "x", path: "/v1"))
    let record = model.decision(for: request)
    #expect(record.decision == row.decision, "\(record.reason ?? "")")
    #expect(record.layer == row.layer, "\(record.reason ?? "")")

    let source = model.fact(of: LayeredCluster.id(row.from))
    let reach = model.reach(
      from: PeerProfile(principal: source?.principal, workload: LayeredCluster.id(row.from)),
      to: LayeredCluster.id(row.to), port: row.port)
    #expect(reach.outcome.rawValue == row.decision.rawValue, "\(reach.reason ?? "")")
    #expect(reach.layer == row.layer)
  }

  @Test func deniedByNetworkPolicyNamesThePortOnTheWire() {
    let model = LayeredCluster.model([Self.server8080])
    let request = AccessRequest(
      source: .init(workload: LayeredCluster.id("agents/planner")),
      destination: .init(workload: LayeredCluster.id("models/server"), port: 8080))
    let record = model.decision(for: request, isTraced: true)
    #expect(record.decision == .deny)
    #expect(record.trace.contains { $0.text.contains("4143") })
  }

  /// The peer shows an identity that no workload here has: it is meshed, elsewhere.
  @Test func foreignIdentityComesThroughTheProxysPort() {
    let request = AccessRequest(
      source: .init(principal: "gateway.far.serviceaccount.identity.linkerd.far.example"),
      destination: .init(
        workload: LayeredCluster.id("models/server"), port: 8080, applicationProtocol: .http))
    #expect(LayeredCluster.model([Self.server8080]).decision(for: request).layer == .networkPolicy)
    #expect(LayeredCluster.model([Self.server4143]).decision(for: request).layer == .linkerd)
  }
}
