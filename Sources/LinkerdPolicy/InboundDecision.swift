import MeshModel

/// What one policy says of one request.
struct InboundOutcome {
  var decision: Decision
  var decidedBy: String?
  /// Id of the grant that permits the client.
  var grantedBy: String?
  var reason: String?
}

/// Collects steps when asked to; text is not even made otherwise.
struct LinkerdTrace {
  let isOn: Bool
  private(set) var steps: [TraceStep] = []

  init(isOn: Bool) { self.isOn = isOn }

  mutating func add(
    _ outcome: TraceStep.Outcome, _ text: @autoclosure () -> String,
    _ policy: @autoclosure () -> ResourceReference? = nil,
    _ location: @autoclosure () -> SourceLocation? = nil
  ) {
    guard isOn else { return }
    steps.append(TraceStep(outcome, text(), policy: policy(), location: location()))
  }
}

extension InboundServer {
  /// Decides as the proxy does (linkerd2-proxy v2.366.0, app/inbound/src/policy/{http,tcp}.rs).
  ///
  /// - Parameter http: nil for a connection that the proxy takes as TCP.
  func outcome(
    for peer: LinkerdPeer, http: AccessRequest.HTTP?, clusterNetworks: [AddressRange],
    trace: inout LinkerdTrace
  ) -> InboundOutcome {
    trace.add(.info, "the proxy reads the port as \(wireProtocol.rawValue)")
    switch wireProtocol {
    case .opaque, .tls:
      return connection(peer, clusterNetworks, &trace)
    case .detect, .http1, .http2, .grpc:
      if isInvalid {
        trace.add(.decided, "a GRPCRoute match without method makes the whole policy invalid")
        return InboundOutcome(decision: .deny, decidedBy: id, reason: "no-grant")
      }
      if let http { return request(http, peer, clusterNetworks, &trace) }
      guard wireProtocol == .detect else {
        trace.add(.decided, "a TCP connection does not fit \(wireProtocol.rawValue)")
        return InboundOutcome(decision: .deny, decidedBy: id, reason: "no-grant")
      }
      return connection(peer, clusterNetworks, &trace)
    }
  }

  private func connection(
    _ peer: LinkerdPeer, _ clusterNetworks: [AddressRange], _ trace: inout LinkerdTrace
  ) -> InboundOutcome {
    permit(grants, peer, prefix: id, clusterNetworks, &trace)
  }

  private func request(
    _ http: AccessRequest.HTTP, _ peer: LinkerdPeer, _ clusterNetworks: [AddressRange],
    _ trace: inout LinkerdTrace
  ) -> InboundOutcome {
    guard let chosen = candidates(for: InboundRequest(http), trace: &trace) else {
      // Whatever of the default and the probe route fits, grants of the Server hold for both.
      if routes.allSatisfy({ $0.route == nil }) {
        let outcome = permit(grants, peer, prefix: "\(id) route:default", clusterNetworks, &trace)
        if outcome.decision == .allow { return outcome }
      }
      trace.add(.decided, "not known: a route cannot be compared with what the request says")
      return InboundOutcome(
        decision: .unknown,
        reason: "the request lacks a part that routes match on, or a route uses "
          + "an expression that cannot be evaluated")
    }
    guard !chosen.isEmpty else {
      trace.add(.decided, "no route matches (HTTP 404)")
      return InboundOutcome(decision: .deny, decidedBy: id, reason: "no-route")
    }
    var result: InboundOutcome?
    for route in chosen {
      trace.add(
        .matched, "route \(route.id) fits best", route.route?.reference, route.route?.location)
      let outcome = permit(
        route.grants + grants, peer, prefix: "\(id) route:\(route.id)", clusterNetworks, &trace)
      if let first = result, first.decision != outcome.decision {
        trace.add(.decided, "not known: which of the routes is older")
        return InboundOutcome(
          decision: .unknown,
          reason: "routes fit equally well and the older one wins, but creation times are missing")
      }
      result = result ?? outcome
    }
    return result ?? InboundOutcome(decision: .deny, decidedBy: id, reason: "no-route")
  }

  /// Routes that the proxy may choose: one, none, or several when creation times that would decide
  /// are missing.
  ///
  /// Nil when the request does not say enough.
  private func candidates(for request: InboundRequest, trace: inout LinkerdTrace) -> [InboundRoute]?
  {
    let isGRPC = wireProtocol == .grpc
    if routes.contains(where: { $0.isOpaque || $0.needs(request, isGRPC: isGRPC) }) { return nil }
    var best: MatchRank?
    var fitting: [InboundRoute] = []
    for route in routes {
      guard let rank = route.rank(request, isGRPC: isGRPC) else {
        trace.add(
          .notMatched, "route \(route.id) does not match", route.route?.reference,
          route.route?.location)
        continue
      }
      if let known = best, rank < known { continue }
      if let known = best, rank == known {
        fitting.append(route)
      } else {
        best = rank
        fitting = [route]
      }
    }
    guard let first = fitting.first else { return [] }
    let undated = fitting.filter { !$0.hasTimestamp }
    if undated.isEmpty || fitting.count == 1 { return [first] }
    return (first.hasTimestamp ? [first] : []) + undated
  }

  /// The grants in order; the first that permits is named.
  ///
  /// The controller's own order inside one level is that of a hash table. Decision: by id.
  private func permit(
    _ grants: [LinkerdGrant], _ peer: LinkerdPeer, prefix: String,
    _ clusterNetworks: [AddressRange], _ trace: inout LinkerdTrace
  ) -> InboundOutcome {
    var unknown: String?
    for grant in grants {
      switch grant.permits(peer, clusterNetworks: clusterNetworks) {
      case .yes:
        trace.add(.decided, "\(grant.id) permits the client", grant.policy, grant.location)
        return InboundOutcome(
          decision: .allow, decidedBy: "\(prefix) authz:\(grant.id)", grantedBy: grant.id)
      case .no:
        trace.add(
          .notMatched, "\(grant.id) does not permit the client", grant.policy, grant.location)
      case .unknown(let reason):
        trace.add(
          .info, "\(grant.id) may permit the client: \(reason)", grant.policy, grant.location)
        unknown = unknown ?? reason
      }
    }
    if peer.isLocalhost {
      trace.add(.decided, "localhost is always permitted")
      return InboundOutcome(decision: .allow, decidedBy: "\(prefix) authz:localhost")
    }
    if let unknown { return InboundOutcome(decision: .unknown, reason: unknown) }
    trace.add(.decided, "no grant permits the client")
    return InboundOutcome(decision: .deny, decidedBy: prefix, reason: "no-grant")
  }
}

extension InboundRoute {
  /// Whether the route asks for a part that the request does not say.
  func needs(_ request: InboundRequest, isGRPC: Bool) -> Bool {
    if !hosts.isEmpty, request.host == nil { return true }
    guard request.path == nil || request.method == nil else { return false }
    return rules.contains { rule in
      rule.matches.contains { match in
        if isGRPC { return match.grpc != nil }
        return (request.path == nil && match.path.map { !$0.matchesEverything } ?? false)
          || (request.method == nil && match.method != nil)
      }
    }
  }
}

extension InboundTextMatch {
  /// The prefix `/`.
  var matchesEverything: Bool {
    if case .prefix(let prefix) = self { prefix.isEmpty } else { false }
  }
}
