import MeshModel

/// A NetworkPolicy ready to be asked; a reference, so that a question copies one word.
final class PreparedNetworkPolicy: Sendable {
  let policy: NetworkPolicy
  let directions: [TrafficDirection]
  private let ingress: [PreparedRule]
  private let egress: [PreparedRule]

  init(_ policy: NetworkPolicy, _ table: inout NetworkLabelTable) {
    self.policy = policy
    directions = policy.directions
    ingress = PreparedRule.rules(of: policy, .ingress, &table)
    egress = PreparedRule.rules(of: policy, .egress, &table)
  }

  func rules(_ direction: TrafficDirection) -> [PreparedRule] {
    direction == .ingress ? ingress : egress
  }

  /// What refuses where no rule allows.
  func isolation(_ direction: TrafficDirection) -> String {
    "\(policy.reference.text) \(direction.rawValue)"
  }
}

/// A rule of a NetworkPolicy: any of its peers at any of its ports.
final class PreparedRule: Sendable {
  private enum Kind: UInt8, Sendable {
    /// Pods by selectors; an absent one of namespaces means the policy's own.
    case pods
    case block
    /// Neither selectors nor a block: the API server refuses it.
    case nothing
  }

  private struct Peer: Sendable {
    var kind: Kind
    var pods: SelectorPool.Place?
    var namespaces: SelectorPool.Place?
    /// In `blocks`.
    var block: Int32
  }

  let id: String
  let policy: ResourceReference
  let location: SourceLocation
  /// The policy's own.
  let namespace: String
  private let ports: PreparedPorts
  private let peers: [Peer]
  private let pool: SelectorPool
  private let blocks: [PreparedBlock]

  private init(
    _ rule: NetworkPolicy.Rule, id: String, of policy: NetworkPolicy,
    _ table: inout NetworkLabelTable
  ) {
    self.id = id
    self.policy = policy.reference
    location = rule.location
    namespace = policy.namespace
    ports = PreparedPorts(rule.ports)
    var pool = SelectorPool()
    var blocks: [PreparedBlock] = []
    var peers: [Peer] = []
    for peer in rule.peers {
      if let block = peer.ipBlock {
        peers.append(Peer(kind: .block, block: Int32(blocks.count)))
        blocks.append(PreparedBlock(block))
      } else {
        let pods = peer.podSelector.map { pool.add($0, &table) }
        let namespaces = peer.namespaceSelector.map { pool.add($0, &table) }
        let kind = pods == nil && namespaces == nil ? Kind.nothing : .pods
        peers.append(Peer(kind: kind, pods: pods, namespaces: namespaces, block: 0))
      }
    }
    self.pool = pool
    self.blocks = blocks
    self.peers = peers
  }

  static func rules(
    of policy: NetworkPolicy, _ direction: TrafficDirection, _ table: inout NetworkLabelTable
  ) -> [PreparedRule] {
    var rules: [PreparedRule] = []
    for (index, rule) in policy.rules(direction).enumerated() {
      let id = NetworkPolicyFacts.id(policy, direction, index)
      rules.append(PreparedRule(rule, id: id, of: policy, &table))
    }
    return rules
  }

  func matches(_ peer: NetworkEnd, _ port: NetworkPort) -> Match {
    // Peers first: they turn most connections away.
    let isPeer = matches(peer)
    return isPeer == .no ? .no : isPeer.and(ports.match(port))
  }

  /// Whether the end is one of the peers, at whatever port.
  func matches(_ peer: NetworkEnd) -> Match {
    var isPeer = peers.isEmpty ? Match.yes : .no
    for index in peers.indices {
      isPeer = isPeer.or(matches(peers[index], peer))
      if isPeer == .yes { break }
    }
    return isPeer
  }

  /// Whether some peer can use the port.
  func mayMatch(_ port: NetworkPort) -> Bool { ports.match(port) != .no }

  private func matches(_ candidate: Peer, _ peer: NetworkEnd) -> Match {
    switch candidate.kind {
    case .nothing: .no
    case .block: peer.matches(blocks[Int(candidate.block)])
    case .pods:
      peer.matches(
        pods: candidate.pods, namespaces: candidate.namespaces, of: pool, own: namespace)
    }
  }
}

/// An administrator's policy ready to be asked.
final class PreparedAdminPolicy: Sendable {
  /// Not `AdminNetworkPolicy.Peer`: selectors stand in the pool.
  enum Peer: Sendable {
    case pods(namespaces: SelectorPool.Place, pods: SelectorPool.Place)
    case networks([AddressRange])
    case unresolved(String)
  }

  struct Rule: Sendable {
    var id: String
    var action: AdminNetworkPolicy.Action
    var peers: [Peer]
    /// Nil restricts nothing.
    var ports: [AdminNetworkPolicy.Port]?
    var location: SourceLocation
  }

  let policy: AdminNetworkPolicy
  let pool: SelectorPool
  private let subject: (namespaces: SelectorPool.Place, pods: SelectorPool.Place)
  private let ingress: [Rule]
  private let egress: [Rule]

  init(_ policy: AdminNetworkPolicy, _ table: inout NetworkLabelTable) {
    self.policy = policy
    var pool = SelectorPool()
    subject = (
      pool.add(policy.subject.namespaces, &table), pool.add(policy.subject.pods, &table)
    )
    ingress = PreparedAdminPolicy.rules(of: policy, .ingress, &pool, &table)
    egress = PreparedAdminPolicy.rules(of: policy, .egress, &pool, &table)
    self.pool = pool
  }

  func rules(_ direction: TrafficDirection) -> [Rule] {
    direction == .ingress ? ingress : egress
  }

  func selects(_ pod: PodEnd) -> Bool {
    pool.matches(subject.namespaces, pod.namespaceLabels) && pool.matches(subject.pods, pod.labels)
  }

  private static func rules(
    of policy: AdminNetworkPolicy, _ direction: TrafficDirection, _ pool: inout SelectorPool,
    _ table: inout NetworkLabelTable
  ) -> [Rule] {
    var rules: [Rule] = []
    for (index, rule) in policy.rules(direction).enumerated() {
      var peers: [Peer] = []
      for peer in rule.peers {
        switch peer {
        case .pods(let selector):
          peers.append(
            .pods(
              namespaces: pool.add(selector.namespaces, &table),
              pods: pool.add(selector.pods, &table)))
        case .networks(let ranges): peers.append(.networks(ranges))
        case .unresolved(let kind): peers.append(.unresolved(kind))
        }
      }
      rules.append(
        Rule(
          id: NetworkPolicyFacts.id(policy, direction, index), action: rule.action, peers: peers,
          ports: rule.ports, location: rule.location))
    }
    return rules
  }
}
