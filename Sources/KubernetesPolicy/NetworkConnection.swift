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
    let admin = subject.adminCount
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
    if !subject.isolating(direction).isEmpty {
      return allowance(of: subject, peer: peer, direction, &trace)
    }
    let admin = subject.adminCount
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
        position.rule += 1
        let (action, match) = evaluated(rule, of: policy.pool, peer: peer)
        switch match {
        case .no:
          trace.add(
            .notMatched, "\(rule.id) does not match", policy.policy.reference, rule.location)
        case .yes:
          trace.add(
            .matched, "\(rule.id) matches: \(action.rawValue)", policy.policy.reference,
            rule.location)
          return verdict(of: action, rule.id, onPass, &trace)
        case .unknown(let reason):
          trace.add(
            .info, "\(rule.id) may match: \(reason)", policy.policy.reference, rule.location)
          let matched = verdict(of: action, rule.id, onPass, &trace)
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
    _ rule: PreparedAdminPolicy.Rule, of pool: SelectorPool, peer: NetworkEnd
  ) -> (AdminNetworkPolicy.Action, Match) {
    var match = Match.no
    var isClosing = false
    for candidate in rule.peers {
      switch candidate {
      case .pods(let namespaces, let pods):
        if case .pod(let pod) = peer, pod.usesHostNetwork { continue }
        match = match.or(peer.matches(pods: pods, namespaces: namespaces, of: pool, own: ""))
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
    of subject: NetworkPolicyModel.Subject, peer: NetworkEnd, _ direction: TrafficDirection,
    _ trace: inout NetworkTrace
  ) -> Verdict {
    if trace.isOn { note(subject, peer, direction, &trace) }
    var unknown: String?
    for rule in subject.rules(direction) {
      switch rule.matches(peer, port) {
      case .yes: return Verdict(decision: .allow, decidedBy: rule.id)
      case .no: break
      case .unknown(let reason): unknown = unknown ?? reason
      }
    }
    if let unknown { return Verdict(decision: .unknown, reason: unknown) }
    if subject.end.usesHostNetwork {
      return Verdict(
        decision: .unknown,
        reason: "how policies treat pods of the host network depends on the network plugin")
    }
    return Verdict(
      decision: .deny, decidedBy: subject.isolation(direction),
      reason: direction == .ingress ? "ingress-isolated" : "egress-isolated")
  }

  /// What each rule says, up to the first that allows.
  private func note(
    _ subject: NetworkPolicyModel.Subject, _ peer: NetworkEnd, _ direction: TrafficDirection,
    _ trace: inout NetworkTrace
  ) {
    for policy in subject.isolating(direction) {
      trace.add(
        .attached, "\(policy.policy.reference.text) isolates the pod for \(direction.rawValue)",
        policy.policy.reference, policy.policy.location)
      for rule in policy.rules(direction) {
        switch rule.matches(peer, port) {
        case .yes:
          trace.add(.matched, "\(rule.id) allows it", rule.policy, rule.location)
          return
        case .no:
          trace.add(.notMatched, "\(rule.id) does not match", rule.policy, rule.location)
        case .unknown(let reason):
          trace.add(.info, "\(rule.id) may match: \(reason)", rule.policy, rule.location)
        }
      }
    }
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
