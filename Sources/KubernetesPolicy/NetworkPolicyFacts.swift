import MeshModel

/// NetworkPolicies and administrators' policies in the common vocabulary of policy facts.
///
/// Peers of ingress rules are sources. An egress rule's sources are the pods that the policy
/// selects; its peers stand among the operations as `destination-…`.
enum NetworkPolicyFacts {
  /// Names a rule: `NetworkPolicy agents/planner ingress[0]`.
  ///
  /// Kubernetes itself reports none.
  static func id(_ policy: some MeshResource, _ direction: TrafficDirection, _ index: Int) -> String
  {
    "\(policy.reference.text) \(direction.rawValue)[\(index)]"
  }

  static func fact(of policy: NetworkPolicy, attachedTo workloads: [WorkloadID]) -> PolicyFact {
    var rules: [PolicyFact.Rule] = []
    for direction in policy.directions {
      for (index, rule) in policy.rules(direction).enumerated() {
        let peers = rule.peers.map { clause(of: $0, direction) }
        let ports = rule.ports.map {
          PolicyFact.Term(kind: "port", value: text(of: $0), location: $0.location)
        }
        rules.append(
          self.rule(
            rules.count, direction, peers: peers, ports: ports, location: rule.location,
            id: id(policy, direction, index)))
      }
    }
    return PolicyFact(
      layer: .networkPolicy, policy: policy.reference, action: .allow,
      scope: policy.podSelector.isEmpty ? .namespace : .workload, location: policy.location,
      attachedTo: workloads, rules: rules)
  }

  /// One fact for the rules that accept and one for those that deny; rules that pass decide
  /// nothing.
  static func facts(of policy: AdminNetworkPolicy, attachedTo workloads: [WorkloadID])
    -> [PolicyFact]
  {
    [(AdminNetworkPolicy.Action.accept, PolicyAction.allow), (.deny, .deny)].compactMap {
      action, meaning in
      var rules: [PolicyFact.Rule] = []
      for direction in TrafficDirection.allCases {
        for (index, rule) in policy.rules(direction).enumerated() where rule.action == action {
          rules.append(
            self.rule(
              rules.count, direction,
              peers: rule.peers.map { clause(of: $0, direction, at: rule.location) },
              ports: (rule.ports ?? []).map {
                PolicyFact.Term(kind: "port", value: text(of: $0), location: rule.location)
              }, location: rule.location, id: id(policy, direction, index)))
        }
      }
      guard !rules.isEmpty else { return nil }
      return PolicyFact(
        layer: .networkPolicy, policy: policy.reference, action: meaning, scope: .mesh,
        location: policy.location, attachedTo: workloads, rules: rules)
    }
  }

  private static func rule(
    _ index: Int, _ direction: TrafficDirection, peers: [PolicyFact.Clause],
    ports: [PolicyFact.Term], location: SourceLocation, id: String
  ) -> PolicyFact.Rule {
    let direct = PolicyFact.Term(kind: "direction", value: direction.rawValue, location: location)
    let portClauses = ports.isEmpty ? [] : [PolicyFact.Clause(terms: ports, location: location)]
    if direction == .ingress {
      return PolicyFact.Rule(
        index: index, sources: peers, operations: portClauses, conditions: [direct],
        location: location, reportedID: id)
    }
    let operations =
      peers.isEmpty
      ? portClauses : peers.map { .init(terms: $0.terms + ports, location: $0.location) }
    return PolicyFact.Rule(
      index: index, operations: operations, conditions: [direct], location: location,
      reportedID: id)
  }

  private static func clause(of peer: NetworkPolicy.Peer, _ direction: TrafficDirection)
    -> PolicyFact.Clause
  {
    let prefix = direction == .ingress ? "" : "destination-"
    var terms: [PolicyFact.Term] = []
    if let selector = peer.namespaceSelector {
      terms.append(
        .init(
          kind: "\(prefix)namespace-selector", value: selector.text, location: peer.location))
    }
    if let selector = peer.podSelector {
      terms.append(
        .init(kind: "\(prefix)pod-selector", value: selector.text, location: peer.location))
    }
    if let block = peer.ipBlock {
      terms.append(
        .init(
          kind: "\(prefix)ip-block", value: block.range.description, location: block.location))
      terms += block.exceptions.map {
        .init(
          kind: "\(prefix)ip-block", value: $0.description, isNegated: true,
          location: block.location)
      }
    }
    return PolicyFact.Clause(terms: terms, location: peer.location)
  }

  private static func clause(
    of peer: AdminNetworkPolicy.Peer, _ direction: TrafficDirection, at location: SourceLocation
  ) -> PolicyFact.Clause {
    let prefix = direction == .ingress ? "" : "destination-"
    let terms: [PolicyFact.Term]
    switch peer {
    case .pods(let selector):
      terms = [
        .init(
          kind: "\(prefix)namespace-selector", value: selector.namespaces.text, location: location),
        .init(kind: "\(prefix)pod-selector", value: selector.pods.text, location: location),
      ]
    case .networks(let ranges):
      terms = ranges.map {
        .init(kind: "\(prefix)ip-block", value: $0.description, location: location)
      }
    case .unresolved(let kind): terms = [.init(kind: kind, value: "*", location: location)]
    }
    return PolicyFact.Clause(terms: terms, location: location)
  }

  private static func text(of port: NetworkPolicy.Port) -> String {
    let suffix = port.transport == .tcp ? "" : "/\(port.transport.rawValue)"
    guard let reference = port.port else { return "*\(suffix)" }
    guard let end = port.endPort else { return "\(reference)\(suffix)" }
    return "\(reference)-\(end)\(suffix)"
  }

  private static func text(of port: AdminNetworkPolicy.Port) -> String {
    func suffix(_ transport: TransportProtocol) -> String {
      transport == .tcp ? "" : "/\(transport.rawValue)"
    }
    switch port {
    case .all(let transport): return "*\(suffix(transport))"
    case .number(let transport, let number): return "\(number)\(suffix(transport))"
    case .range(let transport, let range):
      return "\(range.lowerBound)-\(range.upperBound)\(suffix(transport))"
    case .named(let name): return name
    }
  }
}
