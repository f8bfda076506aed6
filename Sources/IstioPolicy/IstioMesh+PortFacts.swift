package import MeshModel

extension IstioMesh {
  /// The effective mTLS mode of every port that a workload declares or a service forwards to,
  /// sorted by workload and port.
  package func workloadPortFacts() -> [WorkloadPortFact] {
    var facts: [WorkloadPortFact] = []
    var seen: Set<WorkloadID> = []
    for workload in workloads {
      guard seen.insert(workload.id).inserted, let index = endpointsByWorkload[workload.id] else {
        continue
      }
      let endpoint = endpoints[Int(index)].value
      var declared: [Int: ContainerPort] = [:]
      for port in workload.ports { declared[port.number] = port }
      for number in Set(declared.keys).union(endpoint.protocols.keys).sorted() {
        let setting = setting(of: endpoint, at: number)
        let kind = endpoint.protocols[number]
        facts.append(
          WorkloadPortFact(
            workload: workload.id, port: number, name: declared[number]?.name,
            protocolName: kind == .detected ? nil : kind?.rawValue, mtlsMode: setting.mode,
            mtlsDecidedBy: setting.decidedBy,
            location: declared[number]?.location ?? workload.location))
      }
    }
    return facts.sorted { ($0.workload, $0.port) < ($1.workload, $1.port) }
  }

  /// How an endpoint takes connections at a port, and what says so.
  func setting(of endpoint: Endpoint, at port: Int) -> ServerMTLS.Setting {
    switch endpoint.dataplane.dataplane {
    case .none, .linkerd: return .init(mode: .none, decidedBy: endpoint.dataplane.reason)
    case .sidecar: return endpoint.mtls.setting(at: port)
    case .waypoint: return .init(mode: .strict, decidedBy: "waypoints take HBONE only")
    case .gateway:
      // PeerAuthentication does not govern gateway servers; their own TLS mode does.
      return endpoint.gatewayPorts[port]?.mtls
        ?? .init(mode: .permissive, decidedBy: "gateway servers")
    case .ambient:
      guard let ambient = endpoint.ambient else {
        return .init(mode: .permissive, decidedBy: "mesh default")
      }
      if ambient.refusal(at: port) == .yes {
        if ambient.staticID != nil {
          return .init(
            mode: .strict, decidedBy: ambient.staticPolicy, location: ambient.staticLocation)
        }
        return .init(
          mode: .strict, decidedBy: ambient.converted?.policy ?? "",
          location: ambient.converted?.location)
      }
      // DISABLE behaves as PERMISSIVE: ztunnel always takes HBONE.
      return .init(
        mode: .permissive, decidedBy: ambient.converted?.policy ?? ambient.lenientPolicy)
    }
  }
}
