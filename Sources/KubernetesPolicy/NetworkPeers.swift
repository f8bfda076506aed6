package import MeshModel

/// What network policies can tell about pods as peers, for those who ask about many of them.
extension NetworkPolicyModel {
  /// What policies say of connections that a pod opens: pods of equal traits are refused by the same rules
  /// wherever they call.
  package struct EgressTraits: Hashable, Sendable {
    /// Policies that look at what the pod sends, in order.
    fileprivate var policies: [ResourceReference]
    /// Whether the addresses of the pod are known: blocks of addresses are compared with them.
    fileprivate var hasAddresses: Bool
  }

  /// Nil for a pod that is unlike any other: of the host network, or not described.
  package func egressTraits(of workload: WorkloadID) -> EgressTraits? {
    guard let subject = subject(of: workload), !subject.end.usesHostNetwork else { return nil }
    return EgressTraits(
      policies: subject.isolating(.egress).map(\.policy.reference)
        + subject.adminPolicies.filter { !$0.rules(.egress).isEmpty }.map(\.policy.reference),
      hasAddresses: !subject.end.addresses.isEmpty)
  }
}

extension NetworkPolicyModel.Subject {
  /// Which rules of the policies that govern connections to a pod take another pod as peer, whatever the
  /// port.
  package struct IngressPeers: Sendable {
    /// One bit for each rule.
    package var rules: UInt64
    /// Of some rule it is not known whether it takes the pod, by what its addresses are.
    package var isUncertain: Bool
  }

  /// Whether any rule looks at who connects.
  package var hasIngressRules: Bool {
    !rules(.ingress).isEmpty || adminPolicies.contains { !$0.rules(.ingress).isEmpty }
  }

  /// Nil where there are more rules than bits.
  package func ingressPeers(_ peer: NetworkPolicyModel.Subject) -> IngressPeers? {
    let end = NetworkEnd.pod(peer.end)
    var result = IngressPeers(rules: 0, isUncertain: false)
    var bit: UInt64 = 1
    func add(_ match: Match) {
      switch match {
      case .yes: result.rules |= bit
      case .no: break
      // Whether a block holds pods of unknown addresses is the same for all of them.
      case .unknown: result.isUncertain = result.isUncertain || !peer.end.addresses.isEmpty
      }
      bit <<= 1
    }
    for rule in rules(.ingress) {
      if bit == 0 { return nil }
      add(rule.matches(end))
    }
    for policy in adminPolicies {
      for rule in policy.rules(.ingress) {
        if bit == 0 { return nil }
        add(policy.matches(rule, end))
      }
    }
    return result
  }
}

extension PreparedAdminPolicy {
  /// Whether some peer of a rule is the end; peers that cannot be resolved are the same for every end.
  fileprivate func matches(_ rule: Rule, _ end: NetworkEnd) -> Match {
    rule.peers.reduce(Match.no) { match, peer in
      switch peer {
      case .pods(let namespaces, let pods):
        match.or(end.matches(pods: pods, namespaces: namespaces, of: pool, own: ""))
      case .networks(let ranges): match.or(end.matches(ranges))
      case .unresolved: match
      }
    }
  }
}
