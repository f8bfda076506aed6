package import MeshModel

extension LinkerdMesh {
  /// What a peer can do at a port of a workload, over all operations.
  ///
  /// `allow` where every request that the port can answer is permitted; `partial` with the
  /// permitted operations otherwise. Routes that are refused stand as excluded operations where
  /// they take away from a permitted one. The kubelet's probe paths are open to everybody from the
  /// probe networks and count.
  package func reach(from peer: PeerProfile, to workload: WorkloadID, port: Int) -> Reach {
    guard let pod = pods[workload] else {
      return Reach(.unknown, layer: .linkerd, reason: "no manifest describes \(workload)")
    }
    guard pod.membership.isMeshed else {
      return Reach(.allow, layer: .none, reason: pod.membership.reason)
    }
    guard !pod.skipsInbound(port) else {
      return Reach(
        .allow, layer: .none, reason: "port \(port) is among its skip-inbound-ports")
    }
    let client = self.peer(
      AccessRequest.Source(principal: peer.principal, workload: peer.workload, ip: peer.ip),
      port: port)
    let sent =
      preparedPods[workload].map {
        isSentAsTCP(
          peer.workload.flatMap { preparedPods[$0] }, to: $0, port: port, host: nil)
      } ?? .no
    func reach(isTCP: Bool) -> Reach {
      var results = inbound(pod, port: port).map { self.reach(client, at: $0, isTCP: isTCP) }
      let first = results.removeFirst()
      guard results.allSatisfy({ $0 == first }) else {
        return Reach(.unknown, layer: .linkerd, reason: severalServers(at: port))
      }
      return first
    }
    switch sent {
    case .yes: return reach(isTCP: true)
    case .no: return reach(isTCP: false)
    case .unknown(let reason):
      let asHTTP = reach(isTCP: false)
      return asHTTP == reach(isTCP: true)
        ? asHTTP : Reach(.unknown, layer: .linkerd, reason: reason)
    }
  }

  private func reach(_ peer: LinkerdPeer, at server: InboundServer, isTCP: Bool) -> Reach {
    if server.isInvalid {
      return Reach(
        .deny, layer: .linkerd, decidedBy: [server.id],
        reason: "a GRPCRoute match without method makes the whole policy invalid")
    }
    if isTCP, isHTTP(server), server.wireProtocol != .detect {
      return Reach(
        .deny, layer: .linkerd, decidedBy: [server.id],
        reason: "the client takes the port for opaque, and the Server takes HTTP only")
    }
    let isHTTP = isHTTP(server) && !isTCP
    let (level, ids, reason) = permission(server.grants.all, peer)
    switch level {
    case .allow where server.routes.allSatisfy({ $0.route == nil }) || !isHTTP:
      return Reach(.allow, layer: .linkerd, decidedBy: ids)
    case .deny where !isHTTP:
      return Reach(.deny, layer: .linkerd, decidedBy: [server.id])
    case .unknown where !isHTTP:
      return Reach(.unknown, layer: .linkerd, reason: reason)
    default: return routed(peer, at: server)
    }
  }

  private func isHTTP(_ server: InboundServer) -> Bool {
    server.wireProtocol != .opaque && server.wireProtocol != .tls
  }

  private func routed(_ peer: LinkerdPeer, at server: InboundServer) -> Reach {
    var granted: [(InboundRoute, [String])] = []
    var refused: [InboundRoute] = []
    for route in server.routes {
      let (outcome, ids, reason) = permission(route.grants.all + server.grants.all, peer)
      switch outcome {
      case .allow: granted.append((route, ids))
      case .deny: refused.append(route)
      default: return Reach(.unknown, layer: .linkerd, reason: reason)
      }
    }
    guard !granted.isEmpty else {
      return Reach(.deny, layer: .linkerd, decidedBy: [server.id])
    }
    let permitted = granted.map(\.0)
    var operations = permitted.flatMap { LinkerdOperations.sets(of: $0) }
    for route in refused {
      operations += LinkerdOperations.exclusions(of: route, from: permitted)
    }
    return Reach(
      .partial, layer: .linkerd, operations: operations,
      decidedBy: Array(Set(granted.flatMap(\.1))).sorted())
  }

  private func permission(_ grants: [LinkerdGrant], _ peer: LinkerdPeer)
    -> (Reach.Outcome, [String], String?)
  {
    var ids: [String] = []
    var unknown: String?
    for grant in grants {
      switch grant.permits(peer, clusterNetworks: settings.clusterNetworks) {
      case .yes: ids.append(grant.id)
      case .no: break
      case .unknown(let reason): unknown = unknown ?? reason
      }
    }
    if !ids.isEmpty { return (.allow, ids.sorted(), nil) }
    if peer.isLocalhost { return (.allow, ["localhost"], nil) }
    return unknown.map { (.unknown, [], $0) } ?? (.deny, [], nil)
  }
}

/// Routes as sets of operations.
enum LinkerdOperations {
  static func sets(of route: InboundRoute) -> [Reach.OperationSet] {
    let hosts = hosts(of: route)
    return route.rules.flatMap { rule -> [Reach.OperationSet] in
      rule.matches.isEmpty
        ? [Reach.OperationSet(hosts: hosts)] : rule.matches.map { set(of: $0, hosts: hosts) }
    }
  }

  /// Operations of a refused route that could win over a permitted one.
  static func exclusions(of refused: InboundRoute, from permitted: [InboundRoute])
    -> [Reach.OperationSet]
  {
    let hosts = hosts(of: refused)
    return refused.rules.flatMap { rule in
      rule.matches.filter { match in
        permitted.contains { route in
          route.rules.contains { other in
            other.matches.isEmpty || other.matches.contains { mayWin(match, over: $0) }
          }
        }
      }.map { match in
        var set = set(of: match, hosts: hosts)
        set.isExcluded = true
        return set
      }
    }
  }

  /// Whether some request matches both and goes to the first: a longer path wins, and an expression
  /// matches the whole path.
  private static func mayWin(_ match: InboundMatch, over other: InboundMatch) -> Bool {
    if let method = match.method, let wanted = other.method, method != wanted { return false }
    switch (match.path, other.path) {
    case (.exact(let path), let path2?):
      switch path2 {
      case .exact(let text): return path == text
      case .prefix: return path2.matchedLength(ofPath: path) != nil
      case .regex(let regex): return regex.matchesWhole(path)
      }
    case (.prefix(let prefix), .prefix(let text)):
      return prefix.utf8.count >= text.utf8.count
        && InboundTextMatch.prefix(text).matchedLength(ofPath: prefix.isEmpty ? "/" : prefix) != nil
    case (.prefix, .exact), (.prefix, .regex): return false
    default: return true
    }
  }

  private static func hosts(of route: InboundRoute) -> [String] {
    route.route?.hostnames.map(\.value) ?? []
  }

  private static func set(of match: InboundMatch, hosts: [String]) -> Reach.OperationSet {
    var set = Reach.OperationSet(methods: match.method.map { [$0] } ?? [], hosts: hosts)
    if let source = match.source {
      if let grpc = source.grpcMethod {
        set.methods = ["POST"]
        set.paths = ["/\(grpc.service ?? "*")/\(grpc.method ?? "*")"]
      }
      if let path = source.path {
        switch path.comparison {
        case .exact: set.paths = [path.value]
        case .regularExpression:
          if let template = LinkerdPathExpression.template(of: path.value) {
            set.paths = [template]
          } else {
            set.conditions.append("path~\(path.value)")
          }
        default:
          let bare = path.value.hasSuffix("/") ? path.value : "\(path.value)/"
          if path.value != "/" { set.paths = [path.value, "\(bare)*"] }
        }
      }
      set.conditions += source.headers.map { condition("request.headers", $0) }
      set.conditions += source.queryParameters.map { condition("query", $0) }
    } else if case .exact(let path)? = match.path {
      set.paths = [path]
    }
    return set
  }

  private static func condition(_ kind: String, _ match: GatewayAPIRoute.NamedMatch) -> String {
    let sign = match.value.comparison == .regularExpression ? "~" : "="
    return "\(kind)[\(match.name.lowercased())]\(sign)\(match.value.value)"
  }
}
