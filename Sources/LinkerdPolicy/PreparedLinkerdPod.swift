import MeshModel

/// A pod with the policies of its ports, ready to be asked.
package final class PreparedLinkerdPod: Sendable {
  let pod: LinkerdPod
  // Beside the pod, so that asking does not copy all of it.
  let isMeshed: Bool
  let isExternal: Bool
  let identity: String
  let addresses: [IPAddress]
  private let opaquePortsOfClients: LinkerdPortList
  /// Services that lead to a port, where clients take one of them for opaque.
  let opaqueServices: [Int: [LinkerdServicePort]]
  let skippedOutboundPorts: LinkerdPortList
  let inboundProxyPort: Int?
  private let skippedInboundPorts: LinkerdPortList
  /// Ports that a Server selects or that the kubelet probes, ascending.
  private let ports: [Int]
  /// By place in `ports`: one policy, or several when the creation times that would decide between
  /// Servers are missing.
  private let policies: [[InboundServer]]
  private let defaults: DefaultServers

  init(
    _ pod: LinkerdPod, servers: [Int: [Int]], book: PlacedServers, defaults: DefaultServers
  ) {
    self.pod = pod
    isMeshed = pod.membership.isMeshed
    identity = pod.identity
    addresses = pod.addresses
    opaquePortsOfClients = pod.opaquePortsOfClients
    opaqueServices = pod.opaqueServices
    skippedOutboundPorts = pod.skippedOutboundPorts
    inboundProxyPort = pod.inboundProxyPort
    skippedInboundPorts = pod.skippedInboundPorts
    isExternal = pod.isExternal
    self.defaults = defaults
    // The probes of an ExternalWorkload are no kubelet's.
    let probed = pod.isExternal ? [:] : pod.probes
    let ports = Set(servers.keys).union(probed.keys).sorted()
    self.ports = ports
    policies = ports.map { port in
      let probes = probed[port] ?? []
      guard let indices = servers[port] else {
        return [defaults.server(at: port, of: pod, probes: probes)]
      }
      return book.candidates(indices, probes: probes)
    }
  }

  /// Whether clients take a port for opaque, whatever address they dial: by annotation, or because a
  /// Server says so (linkerd2 controller/api/destination/endpoint_translator.go).
  func isOpaqueForClients(_ port: Int) -> Bool {
    opaquePortsOfClients.contains(port) || policies(at: port)[0].wireProtocol == .opaque
  }

  /// `LinkerdPod.skipsInbound`.
  func skipsInbound(_ port: Int) -> Bool {
    !isExternal && (skippedInboundPorts.contains(port) || port == LinkerdPod.controlPort)
  }

  /// Candidates for the policy of a port; never empty.
  func policies(at port: Int) -> [InboundServer] {
    var low = 0
    var high = ports.count
    while low < high {
      let middle = (low + high) / 2
      if ports[middle] < port { low = middle + 1 } else { high = middle }
    }
    if low < ports.count, ports[low] == port { return policies[low] }
    return defaults.shared(at: port, of: pod)
  }
}

/// Servers with the routes that the controller makes, shared by all pods without probes on the port.
struct PlacedServers: Sendable {
  private let servers: [InboundServer]
  private let withoutProbes: [InboundServer]
  private let probeNetworks: [AddressRange]
  /// The oldest Server wins; before, any might (linkerd2 #13676).
  private let isOrdered: Bool

  init(_ servers: [InboundServer], settings: LinkerdSettings) {
    self.servers = servers
    isOrdered = settings.version >= .orderedServers
    probeNetworks = settings.probeNetworks
    withoutProbes = servers.map { $0.placed(probes: [], networks: settings.probeNetworks) }
  }

  /// The Server that applies, or all that may.
  ///
  /// - Parameter indices: in the order in which Servers apply.
  func candidates(_ indices: [Int], probes: [String]) -> [InboundServer] {
    let undated = indices.filter { isUndated($0) }.sorted {
      isWrittenBefore(servers[$0], servers[$1])
    }
    let dated = indices.first { !isUndated($0) }
    let candidates =
      !isOrdered
      ? indices
      : undated.isEmpty ? Array(indices.prefix(1)) : undated + (dated.map { [$0] } ?? [])
    return candidates.map {
      probes.isEmpty
        ? withoutProbes[$0] : servers[$0].placed(probes: probes, networks: probeNetworks)
    }
  }

  private func isUndated(_ index: Int) -> Bool {
    servers[index].server?.metadata.creationTimestamp == nil
  }

  private func isWrittenBefore(_ left: InboundServer, _ right: InboundServer) -> Bool {
    guard let first = left.location, let second = right.location else { return false }
    return first < second
  }
}

/// What holds for ports without Server: one policy for each default, opaque or not.
struct DefaultServers: Sendable {
  private let detected: [LinkerdDefaultPolicy: [InboundServer]]
  private let opaque: [LinkerdDefaultPolicy: [InboundServer]]
  private let settings: LinkerdSettings

  init(_ settings: LinkerdSettings) {
    self.settings = settings
    func servers(isOpaque: Bool) -> [LinkerdDefaultPolicy: [InboundServer]] {
      Dictionary(
        uniqueKeysWithValues: LinkerdDefaultPolicy.allCases.map { policy in
          let server = InboundServer(default: policy, isOpaque: isOpaque, settings: settings)
          return (policy, [server.placed(probes: [], networks: settings.probeNetworks)])
        })
    }
    detected = servers(isOpaque: false)
    opaque = servers(isOpaque: true)
  }

  /// The policy of a port that nothing probes.
  func shared(at port: Int, of pod: LinkerdPod) -> [InboundServer] {
    let policy = policy(at: port, of: pod)
    return (pod.opaquePorts.contains(port) ? opaque : detected)[policy] ?? []
  }

  func server(at port: Int, of pod: LinkerdPod, probes: [String]) -> InboundServer {
    InboundServer(
      default: policy(at: port, of: pod), isOpaque: pod.opaquePorts.contains(port),
      settings: settings
    ).placed(probes: probes, networks: settings.probeNetworks)
  }

  private func policy(at port: Int, of pod: LinkerdPod) -> LinkerdDefaultPolicy {
    pod.identityPorts.contains(port) ? pod.defaultPolicy.requiringIdentity : pod.defaultPolicy
  }
}
