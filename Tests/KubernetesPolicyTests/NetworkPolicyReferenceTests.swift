import MeshModel
import Testing

@testable import KubernetesPolicy

/// Numbers that a printed seed brings back (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int.random(in: 0..<items.count, using: &self)]
  }
}

/// A second evaluator, straight from spec/linkerd.md 5.1 and 5.2: nothing prepared, nothing
/// unknown.
struct NetworkReference {
  var inventory: MeshInventory

  func allows(_ source: Workload?, _ address: IPAddress?, _ destination: Workload, _ port: Int)
    -> Bool
  {
    if let source, !side(source, destination, nil, destination, port, .egress) { return false }
    return side(destination, source, address, destination, port, .ingress)
  }

  private func side(
    _ subject: Workload, _ peer: Workload?, _ address: IPAddress?, _ destination: Workload,
    _ port: Int, _ direction: TrafficDirection
  ) -> Bool {
    var skipsAdmin = false
    for tier in [AdminNetworkPolicy.Tier.admin, .baseline] {
      if tier == .baseline {
        let isolating = inventory.networkPolicy.networkPolicies.filter {
          $0.namespace == subject.id.namespace && $0.podSelector.matches(subject.podLabels)
            && (direction == .ingress
              ? ($0.policyTypes.isEmpty || $0.policyTypes.contains(.ingress))
              : ($0.policyTypes.contains(.egress)
                || ($0.policyTypes.isEmpty && !$0.egress.isEmpty)))
        }
        if !isolating.isEmpty {
          return isolating.contains { policy in
            (direction == .ingress ? policy.ingress : policy.egress).contains { rule in
              (rule.ports.isEmpty || rule.ports.contains { matches($0, destination, port) })
                && (rule.peers.isEmpty
                  || rule.peers.contains { matches($0, policy.namespace, peer, address) })
            }
          }
        }
      } else if skipsAdmin {
        continue
      }
      let policies = inventory.networkPolicy.adminPolicies.filter {
        $0.tier == tier && selects($0.subject, subject)
      }.sorted { ($0.priority, $0.name) < ($1.priority, $1.name) }
      search: for policy in policies {
        for rule in direction == .ingress ? policy.ingress : policy.egress {
          guard rule.peers.contains(where: { matches($0, peer) }) else { continue }
          switch rule.action {
          case .accept: return true
          case .deny: return false
          case .pass:
            skipsAdmin = true
            break search
          }
        }
      }
    }
    return true
  }

  private func selects(_ selector: AdminNetworkPolicy.PodsSelector, _ workload: Workload) -> Bool {
    selector.namespaces.matches(inventory.namespaceLabels(workload.id.namespace))
      && selector.pods.matches(workload.podLabels)
  }

  private func matches(_ peer: AdminNetworkPolicy.Peer, _ workload: Workload?) -> Bool {
    if case .pods(let selector) = peer, let workload { return selects(selector, workload) }
    return false
  }

  private func matches(_ port: NetworkPolicy.Port, _ destination: Workload, _ number: Int) -> Bool {
    guard port.transport == .tcp else { return false }
    switch port.port {
    case nil: return true
    case .number(let start)?: return number >= start && number <= (port.endPort ?? start)
    case .name(let name)?:
      return destination.template.containers.flatMap(\.ports).contains {
        $0.name == name && $0.number == number && $0.transport == .tcp
      }
    }
  }

  private func matches(
    _ peer: NetworkPolicy.Peer, _ namespace: String, _ workload: Workload?, _ address: IPAddress?
  ) -> Bool {
    if let block = peer.ipBlock { return address.map(block.contains) ?? false }
    guard let workload else { return false }
    let isPlace =
      peer.namespaceSelector?.matches(inventory.namespaceLabels(workload.id.namespace))
      ?? (workload.id.namespace == namespace)
    return isPlace && (peer.podSelector?.matches(workload.podLabels) ?? true)
  }
}

@Suite struct NetworkPolicyReferenceTests {
  private static let seed = UInt64.random(in: .min ... .max)
  private static let place = SourceLocation(path: "random.yaml", line: 1, column: 1)

  private static func metadata(_ kind: String, _ namespace: String, _ name: String)
    -> ResourceMetadata
  {
    ResourceMetadata(
      reference: .init(kind: .init(group: "", kind: kind), namespace: namespace, name: name),
      labels: namespace.isEmpty ? ["team": name == "agents" ? "red" : "blue"] : [:], location: place
    )
  }

  private static func selector(_ random: inout SeededGenerator) -> LabelSelector {
    random.pick([
      LabelSelector(), LabelSelector(matchLabels: ["app": "a"]),
      LabelSelector(matchLabels: ["tier": "front"]),
      LabelSelector(matchExpressions: [.init(key: "app", operation: .notIn, values: ["a"])]),
      LabelSelector(matchExpressions: [.init(key: "tier", operation: .exists)]),
      LabelSelector(matchExpressions: [.init(key: "tier", operation: .doesNotExist)]),
    ])
  }

  private static func rule(_ random: inout SeededGenerator) -> NetworkPolicy.Rule {
    let peers = (0..<Int.random(in: 0...2, using: &random)).map { _ in
      random.pick([
        NetworkPolicy.Peer(podSelector: selector(&random), location: place),
        .init(namespaceSelector: .init(matchLabels: ["team": "red"]), location: place),
        .init(
          podSelector: selector(&random), namespaceSelector: .init(matchLabels: ["team": "blue"]),
          location: place),
        .init(
          ipBlock: AddressRange("203.0.113.0/24").map { .init(range: $0, location: place) },
          location: place),
      ])
    }
    let ports = (0..<Int.random(in: 0...2, using: &random)).map { _ in
      random.pick([
        NetworkPolicy.Port(port: .number(8080), location: place),
        .init(port: .name("http"), location: place),
        .init(port: .number(8000), endPort: 8099, location: place),
        .init(transport: .udp, port: .number(8080), location: place), .init(location: place),
      ])
    }
    return .init(peers: peers, ports: ports, location: place)
  }

  private static func inventory(_ random: inout SeededGenerator) -> MeshInventory {
    var inventory = MeshInventory()
    for namespace in ["agents", "tools"] {
      inventory.kubernetes.namespaces.append(
        Namespace(metadata: metadata("Namespace", "", namespace)))
      for name in ["a", "b"] {
        let labels = random.pick([["app": name], ["app": name, "tier": "front"], [:]])
        let port = random.pick([8080, 9090])
        inventory.workloads.append(
          Workload(
            id: .init(namespace: namespace, name: name), kind: "Deployment",
            template: .init(
              labels: labels,
              containers: [
                .init(
                  name: "app", ports: [.init(name: "http", number: port, location: place)],
                  location: place)
              ], location: place), location: place))
      }
      for index in 0..<Int.random(in: 0...3, using: &random) {
        inventory.networkPolicy.networkPolicies.append(
          NetworkPolicy(
            metadata: metadata("NetworkPolicy", namespace, "p\(index)"),
            podSelector: selector(&random),
            ingress: (0..<Int.random(in: 0...2, using: &random)).map { _ in rule(&random) },
            egress: (0..<Int.random(in: 0...2, using: &random)).map { _ in rule(&random) },
            policyTypes: random.pick([[], [.ingress], [.egress], [.ingress, .egress]])))
      }
    }
    for index in 0..<Int.random(in: 0...3, using: &random) {
      func rules() -> [AdminNetworkPolicy.Rule] {
        (0..<Int.random(in: 0...2, using: &random)).map { _ in
          .init(
            action: random.pick([.accept, .deny, .pass]),
            peers: [
              .pods(
                .init(
                  namespaces: random.pick([.init(), .init(matchLabels: ["team": "red"])]),
                  pods: selector(&random)))
            ], location: place)
        }
      }
      inventory.networkPolicy.adminPolicies.append(
        AdminNetworkPolicy(
          metadata: metadata("ClusterNetworkPolicy", "", "c\(index)"),
          tier: random.pick([.admin, .baseline]), priority: Int.random(in: 0...2, using: &random),
          subject: .init(namespaces: .init(), pods: selector(&random)), ingress: rules(),
          egress: rules()))
    }
    return inventory
  }

  @Test func equalsTheReferenceOnRandomClusters() {
    print("seed \(Self.seed)")
    var random = SeededGenerator(seed: Self.seed)
    var allowed = 0
    var refused = 0
    for _ in 0..<300 {
      let inventory = Self.inventory(&random)
      let model = NetworkPolicyModel(inventory: inventory)
      let reference = NetworkReference(inventory: inventory)
      for destination in inventory.workloads {
        for source in inventory.workloads.map(Optional.some) + [nil] {
          let address = source == nil ? IPAddress(random.pick(["203.0.113.9", "8.8.8.8"])) : nil
          let port = random.pick([8080, 9090, 8050])
          let expected = reference.allows(source, address, destination, port)
          let request = AccessRequest(
            source: .init(workload: source?.id, ip: address),
            destination: .init(workload: destination.id, port: port))
          let record = model.decision(for: request)
          if expected { allowed += 1 } else { refused += 1 }
          #expect(
            record.decision == (expected ? .allow : .deny),
            "seed \(Self.seed): \(String(describing: source?.id)) to \(destination.id):\(port)")
          let traced = model.decision(for: request, isTraced: true)
          #expect(record.trace.isEmpty && !traced.trace.isEmpty)
          #expect(traced.decidedBy == record.decidedBy)
          let reach = model.reach(
            from: .init(principal: nil, workload: source?.id, ip: address), to: destination.id,
            port: port)
          #expect(reach.outcome == (expected ? .allow : .deny))
        }
      }
    }
    #expect(allowed > 500 && refused > 500)
  }
}
