import MeshModel

/// Whether something matches, where not everything may be known.
enum Match: Equatable {
  case yes
  case no
  /// The reason says what is missing.
  case unknown(String)

  init(_ isMatching: Bool) { self = isMatching ? .yes : .no }

  /// Both hold.
  func and(_ other: @autoclosure () -> Match) -> Match {
    switch self {
    case .no: return .no
    case .yes: return other()
    case .unknown:
      let other = other()
      return other == .no ? .no : self
    }
  }

  /// One of both holds.
  func or(_ other: @autoclosure () -> Match) -> Match {
    switch self {
    case .yes: return .yes
    case .no: return other()
    case .unknown:
      let other = other()
      return other == .yes ? .yes : self
    }
  }
}

/// A pod as policies see it, with its labels as numbers of the model's table.
final class PodEnd: Sendable {
  let namespace: String
  let labels: [Int32]
  let namespaceLabels: [Int32]
  let usesHostNetwork: Bool
  /// Empty when no export told them.
  let addresses: [IPAddress]
  /// Declared ports; nil when no manifest describes the pod.
  let ports: [ContainerPort]?

  init(namespace: String, labels: [Int32], namespaceLabels: [Int32]) {
    self.namespace = namespace
    self.labels = labels
    self.namespaceLabels = namespaceLabels
    usesHostNetwork = false
    addresses = []
    ports = nil
  }

  init(_ workload: Workload, labels: [Int32], namespaceLabels: [Int32]) {
    namespace = workload.id.namespace
    self.labels = labels
    self.namespaceLabels = namespaceLabels
    usesHostNetwork = workload.template.usesHostNetwork
    addresses = workload.instances.flatMap(\.addresses).compactMap { IPAddress($0) }
    let template = workload.template
    ports = (template.containers + template.initContainers.filter(\.isNativeSidecar))
      .flatMap(\.ports)
  }
}

/// One end of a connection.
enum NetworkEnd: Sendable {
  case pod(PodEnd)
  /// Outside the cluster.
  case address(IPAddress)
  /// A pod of which at most the namespace is known.
  case undescribed(namespaceLabels: [Int32]?, namespace: String?)
}

extension NetworkEnd {
  private static let hostNetworkReason =
    "how policies treat pods of the host network depends on the network plugin"
  private static let labelsReason = "the labels of the peer are not known"

  /// Whether the end is a pod that the two selectors pick; a nil namespace selector means the
  /// namespace `own`.
  func matches(
    pods: SelectorPool.Place?, namespaces: SelectorPool.Place?, of pool: SelectorPool, own: String
  ) -> Match {
    switch self {
    case .address: return .no
    case .pod(let pod):
      if let pods, !pool.matches(pods, pod.labels) { return .no }
      if let namespaces {
        guard pool.matches(namespaces, pod.namespaceLabels) else { return .no }
      } else if pod.namespace != own {
        return .no
      }
      // Kubernetes docs, Network Policies, "NetworkPolicy and hostNetwork pods": undefined.
      return pod.usesHostNetwork ? .unknown(NetworkEnd.hostNetworkReason) : .yes
    case .undescribed(let labels, let namespace):
      let place: Match
      if let namespaces {
        place =
          labels.map { Match(pool.matches(namespaces, $0)) }
          ?? (namespaces.isEmpty ? .yes : .unknown(NetworkEnd.labelsReason))
      } else {
        place = namespace.map { Match($0 == own) } ?? .unknown(NetworkEnd.labelsReason)
      }
      return place.and((pods?.isEmpty ?? true) ? .yes : .unknown(NetworkEnd.labelsReason))
    }
  }

  /// Whether a block of a NetworkPolicy holds the end.
  ///
  /// Whether `ipBlock` matches addresses of pods is up to the network plugin (Kubernetes docs,
  /// Network Policies, "ipBlock"): a pod that could be inside is neither a match nor none.
  func matches(_ prepared: PreparedBlock) -> Match {
    switch self {
    case .address(let address): return Match(prepared.block.contains(address))
    case .pod(let pod):
      let mayBe =
        pod.addresses.isEmpty
        ? prepared.mayHoldPods : pod.addresses.contains(where: prepared.block.contains)
      return mayBe ? .unknown(prepared.reason) : .no
    case .undescribed:
      return .unknown("whether ipBlock \(prepared.block.text) holds the peer is not known")
    }
  }

  /// Whether ranges of an administrator's policy hold the end; they match pods too
  /// (network-policy-api, `networks` of an egress peer).
  func matches(_ ranges: [AddressRange]) -> Match {
    switch self {
    case .address(let address): return Match(ranges.contains { $0.contains(address) })
    case .pod(let pod):
      if pod.addresses.isEmpty {
        if AddressRange.everything.allSatisfy({ all in ranges.contains { $0.contains(all) } }) {
          return .yes
        }
        return ranges.contains { PodEnd.mayHoldPods($0) }
          ? .unknown("the addresses of the peer's pods are not known") : .no
      }
      let count = pod.addresses.filter { address in ranges.contains { $0.contains(address) } }.count
      if count == pod.addresses.count { return .yes }
      return count == 0 ? .no : .unknown("some pods of the peer are inside the networks, some not")
    case .undescribed: return .unknown("the address of the peer is not known")
    }
  }
}

extension PodEnd {
  /// The private ranges that pods live in (RFC 1918, RFC 6598, RFC 4193).
  fileprivate static let privateRanges = [
    "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8",
  ].compactMap { AddressRange($0) }

  /// Whether pods of an ordinary cluster can have addresses in this range.
  static func mayHoldPods(_ range: AddressRange) -> Bool {
    privateRanges.contains { $0.overlaps(range) }
  }
}

/// A block of addresses, and whether pods can be inside.
final class PreparedBlock: Sendable {
  let block: AddressBlock
  /// Pods of an ordinary cluster whose addresses are not known.
  let mayHoldPods: Bool
  /// Why a pod that may be inside is neither a match nor none.
  let reason: String

  init(_ block: AddressBlock) {
    self.block = block
    mayHoldPods = PodEnd.privateRanges.contains { range in
      range.overlaps(block.range)
        && !block.exceptions.contains { $0.contains(range) || $0.contains(block.range) }
    }
    reason = "whether ipBlock \(block.text) matches pods depends on the network plugin"
  }
}
