import MeshModel

extension IstioMesh {
  /// The answer of all paths that a connection from the mesh may take, else unknown.
  func ambientReach(_ facts: RequestFacts, _ endpoint: Endpoint) -> Reach {
    var first: Reach?
    for path in endpoint.paths {
      let reach =
        path.waypoint.map { throughWaypoint(facts, endpoint, $0) } ?? ztunnelReach(facts, endpoint)
      guard let earlier = first else {
        first = reach
        continue
      }
      if reach.outcome != earlier.outcome || reach.operations != earlier.operations {
        return Reach(.unknown, layer: .istio, reason: Self.disagreement(endpoint.paths))
      }
      first?.decidedBy = Array(Set(earlier.decidedBy + reach.decidedBy)).sorted()
    }
    return first ?? ztunnelReach(facts, endpoint)
  }

  private func throughWaypoint(
    _ facts: RequestFacts, _ endpoint: Endpoint, _ waypoint: WaypointBinding
  ) -> Reach {
    if let reason = waypoint.unprovenReason {
      return Reach(.unknown, layer: .istio, reason: reason)
    }
    if let refused = trustDomains.refusal(of: facts.principal, at: .waypoint) {
      return Reach(.deny, layer: .istio, reason: refused)
    }
    if !waypoint.attachedToTermination.isEmpty {
      let guarded = reach(
        chains[Int(waypoint.terminationChain)], .tcp, Self.tunnel(of: facts))
      if guarded.outcome == .partial {
        return Reach(
          .unknown, layer: .istio, decidedBy: guarded.decidedBy,
          reason: "both the end of HBONE and the waypoint restrict what is let through")
      }
      if guarded.outcome != .allow { return guarded }
    }
    var outer = facts
    if let port = facts.port { outer.port = waypoint.servicePorts[port] ?? port }
    var result = envoyReach(
      outer, http: chains[Int(waypoint.httpChain)], tcp: chains[Int(waypoint.tcpChain)],
      facts.port.flatMap { waypoint.protocols[$0] })
    if result.outcome != .deny, result.outcome != .unknown {
      var inner = facts
      inner.principal = waypoint.principal
      inner.sourceAddress = nil
      let second = ztunnelReach(inner, endpoint)
      if second.outcome == .deny || second.outcome == .unknown {
        result = second
      } else if second.outcome == .partial {
        result.outcome = .unknown
        result.reason = "both the waypoint and ztunnel restrict what is let through"
      }
    }
    if result.outcome != .allow, result.reason == nil,
      ztunnelReach(facts, endpoint).outcome == .allow
    {
      result.reason =
        "a connection to the pod's own address bypasses the waypoint \(waypoint.name) and is let in"
    }
    return result
  }
}
