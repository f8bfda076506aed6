package import MeshModel

/// What grants can tell about workloads as clients, apart from the identities that they name.
package struct LinkerdClients: Sendable {
  private struct Network: Hashable {
    var ranges: [AddressRange]
    var exceptions: [[AddressRange]]
    var isCluster: Bool
  }

  private let mesh: LinkerdMesh
  /// Client networks of all grants, each once.
  private let networks: [LinkerdNetworks]

  package init(_ mesh: LinkerdMesh) {
    self.mesh = mesh
    var seen: Set<Network> = []
    var networks: [LinkerdNetworks] = []
    for pod in mesh.pods.values {
      for port in Set(pod.declaredPorts.map(\.number)) {
        for grant in mesh.inbound(pod, port: port).flatMap(\.allGrants) {
          let network = grant.networks
          let key = Network(
            ranges: network.blocks.map(\.range), exceptions: network.blocks.map(\.exceptions),
            isCluster: network.isCluster)
          if seen.insert(key).inserted { networks.append(network) }
        }
      }
    }
    self.networks = networks
  }

  /// Workloads of equal text are the same client to every grant that does not name their identity.
  package func traits(of workload: WorkloadID) -> String {
    guard let pod = mesh.pods[workload] else { return "unknown" }
    var text = pod.membership.isMeshed ? "meshed" : "unmeshed"
    text += pod.isExternal ? " external" : ""
    text += " skips \(mesh.skippedOutboundPorts(of: workload))"
    guard !pod.addresses.isEmpty else { return text }
    let peer = mesh.peer(AccessRequest.Source(workload: workload), port: 0)
    text += peer.isLocalhost ? " localhost" : ""
    for network in networks {
      switch network.hold(peer.address, clusterNetworks: mesh.settings.clusterNetworks) {
      case .yes: text += " in"
      case .no: text += " out"
      case .unknown: text += " ?"
      }
    }
    return text
  }
}

extension LinkerdMesh {
  /// The identities that grants at a port name.
  package struct ClientIdentities: Sendable {
    package var exact: Set<String> = []
    /// Ends of identities, as `.agents.serviceaccount.identity.linkerd.cluster.local`.
    package var endings: Set<String> = []
  }

  /// Nil for a workload that no manifest describes.
  package func clientIdentities(of workload: WorkloadID, port: Int) -> ClientIdentities? {
    guard let pod = pods[workload] else { return nil }
    var result = ClientIdentities()
    for grant in inbound(pod, port: port).flatMap(\.allGrants) {
      guard case .identities(let identities) = grant.authentication else { continue }
      result.exact.formUnion(identities.exact)
      // The empty ending is that of every identity, and names none.
      result.endings.formUnion(identities.suffixes.filter { !$0.isEmpty })
    }
    return result
  }
}

extension InboundServer {
  /// Those of the Server and of its routes.
  fileprivate var allGrants: [LinkerdGrant] { grants.all + routes.flatMap(\.grants.all) }
}
