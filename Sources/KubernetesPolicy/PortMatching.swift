import MeshModel

/// Where a connection goes: the port number, and the pod that named ports are looked up on.
struct NetworkPort {
  var number: Int?
  var destination: NetworkEnd

  static let portReason = "the request names no port"

  func matches(_ port: AdminNetworkPolicy.Port) -> Match {
    switch port {
    case .all(let transport): return Match(transport == .tcp)
    case .number(let transport, let start):
      guard transport == .tcp else { return .no }
      return number.map { Match($0 == start) } ?? .unknown(NetworkPort.portReason)
    case .range(let transport, let range):
      guard transport == .tcp else { return .no }
      return number.map { Match(range.contains($0)) } ?? .unknown(NetworkPort.portReason)
    case .named(let name): return matches(name: name)
    }
  }

  /// A name is looked up among the ports that the destination's containers declare (Kubernetes API
  /// reference, NetworkPolicyPort.port); an address outside the cluster has none.
  func matches(name: String) -> Match {
    switch destination {
    case .address: return .no
    case .undescribed: return .unknown("the ports of the destination are not known")
    case .pod(let pod):
      guard let ports = pod.ports else {
        return .unknown("the ports of the destination are not known")
      }
      var isDeclared = false
      for index in ports.indices
      where ports[index].transport == .tcp && ports[index].name == name {
        if ports[index].number == number { return .yes }
        isDeclared = true
      }
      return isDeclared && number == nil ? .unknown(NetworkPort.portReason) : .no
    }
  }
}

/// The ports of a rule; connections of requests are TCP, so that others never match.
struct PreparedPorts: Sendable {
  private let matchesEverything: Bool
  private let ranges: [ClosedRange<Int>]
  private let names: [String]

  init(_ ports: [NetworkPolicy.Port]) {
    var ranges: [ClosedRange<Int>] = []
    var names: [String] = []
    var isAny = ports.isEmpty
    for port in ports where port.transport == .tcp {
      switch port.port {
      case nil: isAny = true
      case .number(let start)?: ranges.append(start...max(start, port.endPort ?? start))
      case .name(let name)?: names.append(name)
      }
    }
    matchesEverything = isAny
    self.ranges = ranges
    self.names = names
  }

  func match(_ port: NetworkPort) -> Match {
    if matchesEverything { return .yes }
    guard let number = port.number else {
      return ranges.isEmpty
        ? names.reduce(Match.no) { $0.or(port.matches(name: $1)) }
        : .unknown(NetworkPort.portReason)
    }
    for range in ranges where range.contains(number) { return .yes }
    var match = Match.no
    for name in names { match = match.or(port.matches(name: name)) }
    return match
  }
}
