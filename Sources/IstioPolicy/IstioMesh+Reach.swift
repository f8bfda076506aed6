package import MeshModel

extension IstioMesh {
  /// What a peer can do at one port of a workload, over all operations at once: identity, port and
  /// address are taken as they are, everything of the request stays symbolic.
  ///
  /// Agrees with `decision(for:)`: `allow` and `deny` hold for every request, `partial` for those
  /// that `operations` lists.
  package func reach(from peer: PeerProfile, to workload: WorkloadID, port: Int) -> Reach {
    guard let index = endpointsByWorkload[workload] else {
      return Reach(
        .unknown, layer: .none, reason: "no manifest describes the workload \(workload)")
    }
    let endpoint = endpoints[Int(index)].value
    var facts = RequestFacts(principal: peer.principal, sourceAddress: peer.ip, port: port)
    facts.isSymbolic = true
    switch endpoint.dataplane.dataplane {
    case .none, .linkerd:
      return Reach(.allow, layer: .none, reason: endpoint.dataplane.reason)
    case .ambient:
      if facts.principal == nil || endpoint.paths.isEmpty { return ztunnelReach(facts, endpoint) }
      return ambientReach(facts, endpoint)
    case .sidecar, .gateway, .waypoint: break
    }
    switch endpoint.transport(hasIdentity: facts.principal != nil, at: port) {
    case .asGiven:
      if let refused = trustDomains.refusal(
        of: facts.principal, at: endpoint.dataplane.dataplane)
      {
        return Reach(.deny, layer: .istio, reason: refused)
      }
      return filterReach(facts, endpoint, port)
    case .refused: return Reach(.deny, layer: .istio, reason: "plaintext")
    case .anonymous:
      facts.principal = nil
      return filterReach(facts, endpoint, port)
    case .undetermined(let reason):
      var anonymous = facts
      anonymous.principal = nil
      let without = filterReach(anonymous, endpoint, port)
      let with =
        facts.principal == nil
        ? Reach(.deny, layer: .istio, reason: "plaintext") : filterReach(facts, endpoint, port)
      if with.outcome == without.outcome, with.operations == without.operations,
        with.decidedBy == without.decidedBy
      {
        return without
      }
      return Reach(.unknown, layer: .istio, reason: reason)
    }
  }

  private func filterReach(_ facts: RequestFacts, _ endpoint: Endpoint, _ port: Int) -> Reach {
    if let reason = endpoint.unprovenReason {
      return Reach(.unknown, layer: .istio, reason: reason)
    }
    return envoyReach(
      facts, http: chains[Int(endpoint.httpChain)], tcp: chains[Int(endpoint.tcpChain)],
      endpoint.protocols[port])
  }

  func envoyReach(
    _ facts: RequestFacts, http: RuleChain, tcp: RuleChain, _ declared: PortProtocol?
  ) -> Reach {
    switch declared {
    case .http?, .http2?, .grpc?: return reach(http, .http, facts)
    case .tcp?, .tls?: return reach(tcp, .tcp, facts)
    case .udp?, .detected?, nil:
      return bothWays(reach(http, .http, facts), reach(tcp, .tcp, facts))
    }
  }

  /// A detected protocol: the answer for HTTP and the answer for TCP together.
  private func bothWays(_ http: Reach, _ tcp: Reach) -> Reach {
    if http.outcome == tcp.outcome, http.operations == tcp.operations {
      var both = http
      both.decidedBy = Array(Set(http.decidedBy + tcp.decidedBy)).sorted()
      return both
    }
    if http.outcome == .unknown || tcp.outcome == .unknown {
      return http.outcome == .unknown ? http : tcp
    }
    func marked(_ reach: Reach, _ name: String) -> [Reach.OperationSet] {
      var sets = reach.operations
      if sets.isEmpty, reach.outcome == .allow || reach.outcome == .delegate {
        sets = [Reach.OperationSet()]
      }
      return sets.map { set in
        var set = set
        set.conditions = (["protocol=\(name)"] + set.conditions).sorted()
        return set
      }
    }
    let isDelegated = http.outcome == .delegate || tcp.outcome == .delegate
    return Reach(
      isDelegated ? .delegate : .partial, layer: .istio,
      operations: marked(http, "http") + marked(tcp, "tcp"),
      decidedBy: Array(Set(http.decidedBy + tcp.decidedBy)).sorted(),
      reason: "the proxy detects the protocol, and HTTP and TCP are decided differently")
  }

  func ztunnelReach(_ request: RequestFacts, _ endpoint: Endpoint) -> Reach {
    var facts = request
    if let principal = facts.principal, principal.withBytes({ ZtunnelIdentity($0) == nil }) {
      facts.principal = nil
    }
    if let refused = trustDomains.refusal(of: facts.principal, at: .ambient) {
      return Reach(.deny, layer: .istio, reason: refused)
    }
    if facts.principal == nil, let ambient = endpoint.ambient,
      ambient.refusal(at: facts.port) == .yes
    {
      return Reach(
        .deny, layer: .istio, decidedBy: [ambient.id(at: facts.port)].compactMap { $0 },
        reason: "plaintext")
    }
    return reach(chains[Int(endpoint.tcpChain)], .ztunnel, facts)
  }

  func reach(_ chain: RuleChain, _ profile: Profile, _ facts: RequestFacts) -> Reach {
    let compiled = compiled(profile)
    let symbolic = SymbolicEvaluation(facts: facts, origins: compiled.origins)
    let key = facts.principal.map(IdentityKey.init)
    var excluded: [Reach.OperationSet] = []
    var decidedBy: Set<String> = []
    var delegation: (id: String, reason: String)?
    var doubt: String?
    for index in chain.custom {
      let rule = compiled.rules[Int(index)]
      let match = symbolic.match(of: rule)
      if case .nothing = match { continue }
      switch state(of: rule, chain) {
      case .bad(let reason):
        let id = "\(rule.id)-deny-due-to-bad-CUSTOM-action"
        if case .everything = match {
          return Reach(.deny, layer: .istio, decidedBy: [id], reason: reason)
        }
        exclude(match, id, &excluded, &decidedBy)
      case .http where profile == .tcp: continue
      case .http, .grpc: delegation = delegation ?? (rule.id, delegationReason(of: rule))
      case .unknown(let reason): doubt = "\(rule.id) asks an authorizer, but \(reason)"
      }
    }
    for index in chain.deny where compiled.guards.mayMatch(index, key) {
      let rule = compiled.rules[Int(index)]
      let match = symbolic.match(of: rule)
      if case .everything = match {
        return Reach(.deny, layer: .istio, decidedBy: [reportedID(of: rule, profile)])
      }
      exclude(match, reportedID(of: rule, profile), &excluded, &decidedBy)
    }
    var granted: [Reach.OperationSet]? = chain.hasAllowPolicy ? [] : nil
    grant: for index in chain.allow where compiled.guards.mayMatch(index, key) {
      let rule = compiled.rules[Int(index)]
      switch symbolic.match(of: rule) {
      case .nothing: continue
      case .everything:
        granted = nil
        decidedBy.insert(reportedID(of: rule, profile))
        break grant
      case .some(let sets):
        granted?.append(contentsOf: sets)
        decidedBy.insert(reportedID(of: rule, profile))
      }
    }
    if granted?.isEmpty == true { return Reach(.deny, layer: .istio) }
    if let doubt { return Reach(.unknown, layer: .istio, reason: doubt) }
    var operations = granted ?? []
    if granted == nil, !excluded.isEmpty { operations = [Reach.OperationSet()] }
    operations += excluded
    if let delegation {
      return Reach(
        .delegate, layer: .istio, operations: operations,
        decidedBy: decidedBy.union([delegation.id]).sorted(),
        reason: delegation.reason)
    }
    return Reach(
      operations.isEmpty ? .allow : .partial, layer: .istio, operations: operations,
      decidedBy: decidedBy.sorted())
  }

  private func exclude(
    _ match: SymbolicMatch, _ id: String, _ excluded: inout [Reach.OperationSet],
    _ decidedBy: inout Set<String>
  ) {
    guard case .some(let sets) = match else { return }
    decidedBy.insert(id)
    excluded += sets.map { set in
      var set = set
      set.isExcluded = true
      return set
    }
  }
}
