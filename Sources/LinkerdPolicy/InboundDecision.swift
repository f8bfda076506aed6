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
    permit(nil, peer, prefix: id, clusterNetworks, &trace)
  }

  private func request(
    _ http: AccessRequest.HTTP, _ peer: LinkerdPeer, _ clusterNetworks: [AddressRange],
    _ trace: inout LinkerdTrace
  ) -> InboundOutcome {
    let index: Int
    switch choice(for: InboundRequest(http, needs: needs), trace: &trace) {
    case .one(let chosen): index = chosen
    case .none:
      trace.add(.decided, "no route matches (HTTP 404)")
      return InboundOutcome(decision: .deny, decidedBy: id, reason: "no-route")
    case .several(let chosen): return undated(chosen, peer, clusterNetworks, &trace)
    case .undetermined:
      // Whatever of the default and the probe route fits, grants of the Server hold for both.
      if !hasOwnRoutes {
        let outcome = permit(nil, peer, prefix: "\(id) route:default", clusterNetworks, &trace)
        if outcome.decision == .allow { return outcome }
      }
      trace.add(.decided, "not known: a route cannot be compared with what the request says")
      return InboundOutcome(
        decision: .unknown,
        reason: "the request lacks a part that routes match on, or a route uses "
          + "an expression that cannot be evaluated")
    }
    return permit(at: index, peer, clusterNetworks, &trace)
  }

  /// Several routes fit equally well, and which of them is older is not known.
  private func undated(
    _ indices: [Int], _ peer: LinkerdPeer, _ clusterNetworks: [AddressRange],
    _ trace: inout LinkerdTrace
  ) -> InboundOutcome {
    let outcomes = indices.map { permit(at: $0, peer, clusterNetworks, &trace) }
    if outcomes.allSatisfy({ $0.decision == outcomes[0].decision }) { return outcomes[0] }
    trace.add(.decided, "not known: which of the routes is older")
    return InboundOutcome(
      decision: .unknown,
      reason: "routes fit equally well and the older one wins, but creation times are missing")
  }

  private func permit(
    at index: Int, _ peer: LinkerdPeer, _ clusterNetworks: [AddressRange],
    _ trace: inout LinkerdTrace
  ) -> InboundOutcome {
    let route = routes[index]
    trace.add(
      .matched, "route \(route.id) fits best", route.route?.reference, route.route?.location)
    return permit(
      route.grants.isEmpty ? nil : route.grants, peer, prefix: routePrefixes[index],
      clusterNetworks, &trace)
  }

  /// Routes that the proxy may choose, as indices.
  private enum Choice {
    case one(Int)
    case none
    /// Creation times that would decide are missing.
    case several([Int])
    /// The request does not say enough.
    case undetermined
  }

  private func choice(for request: InboundRequest, trace: inout LinkerdTrace) -> Choice {
    if needs.contains(.more) || (needs.contains(.host) && request.host == nil)
      || (needs.contains(.path) && request.path == nil)
      || (needs.contains(.method) && request.method == nil)
    {
      return .undetermined
    }
    let isGRPC = wireProtocol == .grpc
    var best: MatchRank?
    var first = 0
    var undated: [Int] = []
    for index in routes.indices {
      let route = routes[index]
      guard let rank = route.rank(request, isGRPC: isGRPC) else {
        trace.add(
          .notMatched, "route \(route.id) does not match", route.route?.reference,
          route.route?.location)
        continue
      }
      if let known = best, rank < known { continue }
      if best != rank {
        best = rank
        first = index
        undated = []
      } else if !route.hasTimestamp {
        undated.append(index)
      }
    }
    guard best != nil else { return .none }
    return undated.isEmpty ? .one(first) : .several([first] + undated)
  }

  /// The grants in order, those of the route before those of the Server; the first that permits is
  /// named.
  ///
  /// The controller's own order inside one level is that of a hash table. Decision: by id.
  private func permit(
    _ own: PreparedGrants?, _ peer: LinkerdPeer, prefix: String,
    _ clusterNetworks: [AddressRange], _ trace: inout LinkerdTrace
  ) -> InboundOutcome {
    if trace.isOn { note(own, peer, clusterNetworks, &trace) }
    var unknown: String?
    if let own {
      switch own.answer(for: peer, clusterNetworks: clusterNetworks) {
      case .permitted(let index):
        return InboundOutcome(
          decision: .allow, decidedBy: name(own.all[index].id, under: prefix),
          grantedBy: own.all[index].id)
      case .unknown(let reason): unknown = reason
      case .none: break
      }
    }
    switch grants.answer(for: peer, clusterNetworks: clusterNetworks) {
    case .permitted(let index):
      return InboundOutcome(
        decision: .allow, decidedBy: name(grants.all[index].id, under: prefix),
        grantedBy: grants.all[index].id)
    case .unknown(let reason): unknown = unknown ?? reason
    case .none: break
    }
    if peer.isLocalhost {
      trace.add(.decided, "localhost is always permitted")
      return InboundOutcome(decision: .allow, decidedBy: name("localhost", under: prefix))
    }
    if let unknown { return InboundOutcome(decision: .unknown, reason: unknown) }
    trace.add(.decided, "no grant permits the client")
    return InboundOutcome(decision: .deny, decidedBy: prefix, reason: "no-grant")
  }

  private func name(_ grant: String, under prefix: String) -> String {
    var name = prefix
    name.reserveCapacity(prefix.utf8.count + grant.utf8.count + " authz:".utf8.count)
    name += " authz:"
    name += grant
    return name
  }

  /// What each grant says, up to the first that permits.
  private func note(
    _ own: PreparedGrants?, _ peer: LinkerdPeer, _ clusterNetworks: [AddressRange],
    _ trace: inout LinkerdTrace
  ) {
    for grant in (own?.all ?? []) + grants.all {
      switch grant.permits(peer, clusterNetworks: clusterNetworks) {
      case .yes:
        trace.add(.decided, "\(grant.id) permits the client", grant.policy, grant.location)
        return
      case .no:
        trace.add(
          .notMatched, "\(grant.id) does not permit the client", grant.policy, grant.location)
      case .unknown(let reason):
        trace.add(
          .info, "\(grant.id) may permit the client: \(reason)", grant.policy, grant.location)
      }
    }
  }
}

extension InboundRoute {
  /// Parts of a request without which the route cannot be compared.
  func needs(isGRPC: Bool) -> InboundServer.Needs {
    var needs: InboundServer.Needs = hosts.isEmpty ? [] : .host
    if isOpaque { needs.insert(.more) }
    for rule in rules {
      for match in rule.matches { needs.formUnion(match.needs(isGRPC: isGRPC)) }
    }
    return needs
  }
}

extension InboundTextMatch {
  /// The prefix `/`.
  var matchesEverything: Bool {
    if case .prefix(let prefix) = self { prefix.isEmpty } else { false }
  }
}
