import MeshModel

/// Where a connection goes: the port number, and the pod that named ports are looked up on.
struct NetworkPort {
  var number: Int?
  var destination: NetworkEnd

  private static let portReason = "the request names no port"

  /// Whether a port of a NetworkPolicy rule is this one.
  ///
  /// Connections of requests are TCP.
  func matches(_ port: NetworkPolicy.Port) -> Match {
    guard port.transport == .tcp else { return .no }
    switch port.port {
    case nil: return .yes
    case .number(let start)?:
      guard let number else { return .unknown(NetworkPort.portReason) }
      return Match((start...max(start, port.endPort ?? start)).contains(number))
    case .name(let name)?: return matches(name: name)
    }
  }

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
  private func matches(name: String) -> Match {
    switch destination {
    case .address: return .no
    case .undescribed: return .unknown("the ports of the destination are not known")
    case .pod(let pod):
      guard let ports = pod.ports else {
        return .unknown("the ports of the destination are not known")
      }
      let numbers = ports.filter { $0.name == name && $0.transport == .tcp }.map(\.number)
      guard let number else {
        return numbers.isEmpty ? .no : .unknown(NetworkPort.portReason)
      }
      return Match(numbers.contains(number))
    }
  }
}
