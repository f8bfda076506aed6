import MeshModel

/// One connection on its way through the tiers: administrators' policies, NetworkPolicies,
/// baseline.
struct NetworkConnection {
  var source: (end: NetworkEnd, subject: NetworkPolicyModel.Subject?)
  var destination: (end: NetworkEnd, subject: NetworkPolicyModel.Subject?)
  var port: NetworkPort

  /// What one side says.
  struct Verdict {
    var decision: Decision
    var decidedBy: String?
    var reason: String?
  }

  func decision(isTraced: Bool) -> DecisionRecord {
    var trace = NetworkTrace(isOn: isTraced)
    var allowedBy: String?
    var unknown: Verdict?
    for direction in [TrafficDirection.egress, .ingress] {
      let verdict = verdict(direction, &trace)
      switch verdict.decision {
      case .deny:
        trace.add(.decided, "\(direction.rawValue) is refused")
        return DecisionRecord(
          .deny, decidedBy: verdict.decidedBy, reason: verdict.reason, layer: .networkPolicy,
          trace: trace.steps)
      case .unknown, .delegate: unknown = unknown ?? verdict
      case .allow: allowedBy = verdict.decidedBy ?? allowedBy
      }
    }
    if let unknown {
      trace.add(.decided, "not known: \(unknown.reason ?? "")")
      return DecisionRecord(
        .unknown, reason: unknown.reason, layer: .networkPolicy, trace: trace.steps)
    }
    trace.add(.decided, "network policies allow the connection")
    return DecisionRecord(
      .allow, decidedBy: allowedBy, layer: .networkPolicy, trace: trace.steps)
  }

  private func verdict(_ direction: TrafficDirection, _ trace: inout NetworkTrace) -> Verdict {
    let (own, peer) =
      direction == .ingress ? (destination, source.end) : (source, destination.end)
    guard let subject = own.subject else {
      trace.add(.info, "\(direction.rawValue): no policy is known for this end")
      return Verdict(decision: .allow)
    }
    return tiers(
      of: subject, peer: peer, direction, from: Position(policy: 0, rule: 0), &trace)
  }

  /// Where to go on among the administrators' rules.
  private struct Position {
    var policy: Int
    var rule: Int
  }

  /// The administrators' tier: the first rule that matches decides; Pass goes on to NetworkPolicy
  /// and the baseline tier comes last (network-policy-api v0.2.0, ClusterNetworkPolicy).
  private func tiers(
    of subject: NetworkPolicyModel.Subject, peer: NetworkEnd, _ direction: TrafficDirection,
    from start: Position, _ trace: inout NetworkTrace
  ) -> Verdict {
    let admin = subject.adminPolicies.prefix { $0.tier == .admin }.count
    if start.policy < admin,
      let verdict = scan(
        subject, peer, direction, from: start, to: admin, &trace,
        onPass: { namespaceTier(of: subject, peer: peer, direction, &$0) },
        goOn: { tiers(of: subject, peer: peer, direction, from: $0, &$1) })
    {
      return verdict
    }
    return namespaceTier(of: subject, peer: peer, direction, &trace)
  }

  private func namespaceTier(
    of subject: NetworkPolicyModel.Subject, peer: NetworkEnd, _ direction: TrafficDirection,
    _ trace: inout NetworkTrace
  ) -> Verdict {
    let isolating = subject.policies.filter { $0.directions.contains(direction) }
    guard isolating.isEmpty else {
      return allowance(isolating, of: subject, peer: peer, direction, &trace)
    }
    let admin = subject.adminPolicies.prefix { $0.tier == .admin }.count
    return baseline(of: subject, peer, direction, from: Position(policy: admin, rule: 0), &trace)
  }

  private func baseline(
    of subject: NetworkPolicyModel.Subject, _ peer: NetworkEnd, _ direction: TrafficDirection,
    from start: Position, _ trace: inout NetworkTrace
  ) -> Verdict {
    if let verdict = scan(
      subject, peer, direction, from: start, to: subject.adminPolicies.count, &trace,
      onPass: { _ in Verdict(decision: .allow) },
      goOn: { baseline(of: subject, peer, direction, from: $0, &$1) })
    {
      return verdict
    }
    trace.add(.info, "\(direction.rawValue): no policy isolates the pod")
    return Verdict(decision: .allow)
  }

  /// Rules from `start` to the end of policy `end`; nil when none matches.
  ///
  /// A rule that may match is tried both ways, and where that makes a difference the answer is not
  /// known.
  private func scan(
    _ subject: NetworkPolicyModel.Subject, _ peer: NetworkEnd, _ direction: TrafficDirection,
    from start: Position, to end: Int, _ trace: inout NetworkTrace,
    onPass: (inout NetworkTrace) -> Verdict,
    goOn: (Position, inout NetworkTrace) -> Verdict
  ) -> Verdict? {
    var position = start
    while position.policy < end {
      let policy = subject.adminPolicies[position.policy]
      let rules = policy.rules(direction)
      while position.rule < rules.count {
        let rule = rules[position.rule]
        let id = NetworkPolicyFacts.id(policy, direction, position.rule)
        position.rule += 1
        let (action, match) = evaluated(rule, policy: policy, peer: peer)
        switch match {
        case .no:
          trace.add(.notMatched, "\(id) does not match", policy.reference, rule.location)
        case .yes:
          trace.add(.matched, "\(id) matches: \(action.rawValue)", policy.reference, rule.location)
          return verdict(of: action, id, onPass, &trace)
        case .unknown(let reason):
          trace.add(.info, "\(id) may match: \(reason)", policy.reference, rule.location)
          let matched = verdict(of: action, id, onPass, &trace)
          let unmatched = goOn(position, &trace)
          return matched.decision == unmatched.decision
            ? unmatched : Verdict(decision: .unknown, reason: reason)
        }
      }
      position = Position(policy: position.policy + 1, rule: 0)
    }
    return nil
  }

  private func verdict(
    of action: AdminNetworkPolicy.Action, _ id: String, _ onPass: (inout NetworkTrace) -> Verdict,
    _ trace: inout NetworkTrace
  ) -> Verdict {
    switch action {
    case .accept: Verdict(decision: .allow, decidedBy: id)
    case .deny: Verdict(decision: .deny, decidedBy: id, reason: "denied-by-administrator")
    case .pass: onPass(&trace)
    }
  }

  /// A peer that cannot be resolved fails closed: Accept then matches nothing, Deny and Pass deny
  /// what they could match (network-policy-api v0.2.0, ClusterNetworkPolicyEgressPeer).
  ///
  /// Nodes and domain names are never pods.
  private func evaluated(
    _ rule: AdminNetworkPolicy.Rule, policy: AdminNetworkPolicy, peer: NetworkEnd
  ) -> (AdminNetworkPolicy.Action, Match) {
    var match = Match.no
    var isClosing = false
    for candidate in rule.peers {
      switch candidate {
      case .pods(let selector):
        if case .pod(let pod) = peer, pod.usesHostNetwork { continue }
        match = match.or(
          peer.matches(pods: selector.pods, namespaces: selector.namespaces, own: ""))
      case .networks(let ranges): match = match.or(peer.matches(ranges))
      case .unresolved(let kind):
        if case .pod = peer, kind == "nodes" || kind == "domainNames" { continue }
        if rule.action != .accept { isClosing = true }
      }
    }
    let ports = rule.ports.map { $0.reduce(Match.no) { $0.or(port.matches($1)) } } ?? .yes
    if isClosing, match != .yes { return (.deny, ports) }
    return (rule.action, match.and(ports))
  }

  /// NetworkPolicies only ever add: one matching rule of one policy is enough (Kubernetes docs,
  /// Network Policies).
  private func allowance(
    _ isolating: [NetworkPolicy], of subject: NetworkPolicyModel.Subject, peer: NetworkEnd,
    _ direction: TrafficDirection, _ trace: inout NetworkTrace
  ) -> Verdict {
    var unknown: String?
    for policy in isolating {
      trace.add(
        .attached, "\(policy.reference.text) isolates the pod for \(direction.rawValue)",
        policy.reference, policy.location)
      for (index, rule) in policy.rules(direction).enumerated() {
        switch matches(rule, own: policy.namespace, peer: peer) {
        case .yes:
          let id = NetworkPolicyFacts.id(policy, direction, index)
          trace.add(.matched, "\(id) allows it", policy.reference, rule.location)
          return Verdict(decision: .allow, decidedBy: id)
        case .no:
          trace.add(
            .notMatched, "\(NetworkPolicyFacts.id(policy, direction, index)) does not match",
            policy.reference, rule.location)
        case .unknown(let reason):
          trace.add(
            .info,
            "\(NetworkPolicyFacts.id(policy, direction, index)) may match: \(reason)",
            policy.reference, rule.location)
          unknown = unknown ?? reason
        }
      }
    }
    if let unknown { return Verdict(decision: .unknown, reason: unknown) }
    if subject.end.usesHostNetwork {
      return Verdict(
        decision: .unknown,
        reason: "how policies treat pods of the host network depends on the network plugin")
    }
    return Verdict(
      decision: .deny,
      decidedBy: isolating.first.map { "\($0.reference.text) \(direction.rawValue)" },
      reason: "\(direction.rawValue)-isolated")
  }

  private func matches(_ rule: NetworkPolicy.Rule, own: String, peer: NetworkEnd) -> Match {
    let ports =
      rule.ports.isEmpty ? Match.yes : rule.ports.reduce(Match.no) { $0.or(port.matches($1)) }
    guard ports != .no, !rule.peers.isEmpty else { return ports }
    let peers = rule.peers.reduce(Match.no) { $0.or(matches($1, own: own, peer: peer)) }
    return peers.and(ports)
  }

  private func matches(_ candidate: NetworkPolicy.Peer, own: String, peer: NetworkEnd) -> Match {
    if let block = candidate.ipBlock { return peer.matches(block) }
    guard candidate.podSelector != nil || candidate.namespaceSelector != nil else { return .no }
    return peer.matches(
      pods: candidate.podSelector, namespaces: candidate.namespaceSelector, own: own)
  }
}

/// Collects steps when asked to; text is not even made otherwise.
struct NetworkTrace {
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
