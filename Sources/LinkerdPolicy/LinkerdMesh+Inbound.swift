package import MeshModel

/// What a change of a workload's inbound policy has to know.
extension LinkerdMesh {
  /// The Servers that select a port of a workload.
  package func servers(of workload: WorkloadID, port: Int) -> [LinkerdServer] {
    (serversByPort[workload]?[port] ?? []).map { resources.servers[$0] }
  }

  /// Workloads and ports that a Server selects.
  package func selection(of server: LinkerdServer) -> [(workload: WorkloadID, port: Int)] {
    serversByPort.flatMap { workload, ports in
      ports.compactMap { port, indices in
        indices.contains { resources.servers[$0].reference == server.reference }
          ? (workload, port) : nil
      }
    }.sorted { ($0.workload, $0.port) < ($1.workload, $1.port) }
  }

  /// Routes that name a Server as parent, of every kind, accepted or not.
  package func routes(of server: LinkerdServer) -> [GatewayAPIRoute] {
    allRoutes.filter { route in
      route.namespace == server.namespace
        && route.parents.contains { InboundRoute.isServer($0) && $0.name == server.name }
    }
  }

  /// Paths that the kubelet asks for at a port.
  package func probePaths(of workload: WorkloadID, port: Int) -> [String] {
    Set(pods[workload]?.probes[port] ?? []).sorted()
  }

  package var probeNetworks: [AddressRange] { settings.probeNetworks }
  package var clusterNetworks: [AddressRange] { settings.clusterNetworks }
}
