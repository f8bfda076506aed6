import MeshModel

extension IstioMesh {
  /// A connection from the mesh takes one of several paths, and the request does not tell which:
  /// the answer is that of all of them, else unknown.
  func ambientDecision(
    _ request: AccessRequest, _ facts: RequestFacts, _ endpoint: PreparedEndpoint,
    _ log: inout TraceLog?
  ) -> DecisionRecord {
    var first: DecisionRecord?
    for path in endpoint.value.paths {
      let record: DecisionRecord
      if let waypoint = path.waypoint {
        log?.info("\(path.traffic) go through the waypoint \(waypoint.name)")
        record = throughWaypoint(request, facts, endpoint, waypoint, &log)
      } else {
        log?.info("\(path.traffic) go straight to the pod")
        record = ztunnelDecision(facts, endpoint, nil, &log)
      }
      guard let earlier = first else {
        first = record
        continue
      }
      if record.decision != earlier.decision {
        let reason = Self.disagreement(endpoint.value.paths)
        log?.decided("\(reason): unknown")
        return DecisionRecord(.unknown, reason: reason, layer: .istio)
      }
      if record.decidedBy != earlier.decidedBy { first?.decidedBy = nil }
    }
    return first ?? ztunnelDecision(facts, endpoint, nil, &log)
  }

  static func disagreement(_ paths: [AmbientPath]) -> String {
    let ways = paths.map { path in
      path.waypoint.map { "\(path.traffic) go through the waypoint \($0.name)" }
        ?? "\(path.traffic) go straight to the pod"
    }
    return "\(ways.joined(separator: "; ")); they decide differently"
  }

  /// A client in the mesh reaches the service through the waypoint, and the workload sees the
  /// waypoint's identity (Istio docs › Ambient › L7 features; istio#56379).
  private func throughWaypoint(
    _ request: AccessRequest, _ facts: RequestFacts, _ endpoint: PreparedEndpoint,
    _ waypoint: WaypointBinding, _ log: inout TraceLog?
  ) -> DecisionRecord {
    if let reason = trustDomains.refusal(of: facts.principal, at: .waypoint) {
      return refused(reason, &log)
    }
    if !waypoint.attachedToTermination.isEmpty {
      log?.info("istiod puts selector policies in front of the waypoint")
      let guarded = verdict(
        chains[Int(waypoint.terminationChain)], .tcp, waypoint.attachedToTermination,
        Self.tunnel(of: facts), &log)
      if guarded.decision != .allow { return guarded }
    }
    var outer = facts
    if let port = facts.port { outer.port = waypoint.servicePorts[port] ?? port }
    let profile = profile(
      request.destination.applicationProtocol, at: facts.port, waypoint.protocols, &log)
    if let reason = waypoint.unprovenReason {
      log?.decided("\(reason): unknown")
      return DecisionRecord(.unknown, reason: reason, layer: .istio)
    }
    let index = profile == .http ? waypoint.httpChain : waypoint.tcpChain
    let first = verdict(chains[Int(index)], profile, waypoint.attached, outer, &log)
    guard first.decision == .allow || first.decision == .delegate else { return first }
    var inner = facts
    inner.principal = waypoint.principal
    inner.sourceAddress = nil
    log?.info("the workload sees the waypoint's identity \(waypoint.principal)")
    let second = ztunnelDecision(inner, endpoint, nil, &log)
    if second.decision != .allow { return second }
    return first.decidedBy == nil && first.decision == .allow ? second : first
  }

  /// What a waypoint's policies of layer 4 see: the connection to its port for HBONE, before the
  /// request (Istio pilot/pkg/networking/core/waypoint.go `buildConnectTerminateListener`,
  /// pkg/model `HBoneInboundListenPort`).
  static func tunnel(of facts: RequestFacts) -> RequestFacts {
    var tunnel = facts
    tunnel.port = 15008
    tunnel.serverName = nil
    tunnel.destinationAddress = nil
    tunnel.http = nil
    tunnel.path = nil
    tunnel.token = nil
    return tunnel
  }
}
