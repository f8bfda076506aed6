import MeshModel

/// Which Servers, ports and workloads authorizations attach to.
///
/// Built once for all facts and lints.
struct LinkerdAttachment {
  private let mesh: LinkerdMesh
  private var workloadsByServer: [[WorkloadID]]
  private var portsByServer: [Set<Int>]
  private var indexByName: [LinkerdRouteBook.NameKey: Int] = [:]
  private var indicesByNamespace: [String: [Int]] = [:]
  private var routesByKey: [LinkerdGrantBook.RouteKey: GatewayAPIRoute] = [:]
  private var identitiesByName: [LinkerdRouteBook.NameKey: LinkerdMeshTLSAuthentication] = [:]
  private var networksByName: [LinkerdRouteBook.NameKey: LinkerdNetworkAuthentication] = [:]

  init(_ mesh: LinkerdMesh) {
    self.mesh = mesh
    let servers = mesh.resources.servers
    workloadsByServer = Array(repeating: [], count: servers.count)
    portsByServer = Array(repeating: [], count: servers.count)
    for (workload, ports) in mesh.serversByPort {
      var seen: Set<Int> = []
      for (port, indices) in ports {
        for index in indices {
          portsByServer[index].insert(port)
          if seen.insert(index).inserted { workloadsByServer[index].append(workload) }
        }
      }
    }
    for (index, server) in servers.enumerated() {
      indexByName[.init(namespace: server.namespace, name: server.name)] = index
      indicesByNamespace[server.namespace, default: []].append(index)
    }
    for route in mesh.allRoutes { routesByKey[.init(route)] = route }
    for item in mesh.resources.meshTLSAuthentications {
      identitiesByName[.init(namespace: item.namespace, name: item.name)] = item
    }
    for item in mesh.resources.networkAuthentications {
      networksByName[.init(namespace: item.namespace, name: item.name)] = item
    }
  }

  func server(_ key: LinkerdRouteBook.NameKey) -> Int? { indexByName[key] }

  func identities(_ namespace: String, _ name: String) -> LinkerdMeshTLSAuthentication? {
    identitiesByName[.init(namespace: namespace, name: name)]
  }

  func networks(_ namespace: String, _ name: String) -> LinkerdNetworkAuthentication? {
    networksByName[.init(namespace: namespace, name: name)]
  }

  func route(of policy: LinkerdAuthorizationPolicy) -> GatewayAPIRoute? {
    routesByKey[
      .init(
        namespace: policy.namespace, group: policy.target.group, kind: policy.target.kind,
        name: policy.target.name)]
  }

  func servers(of policy: LinkerdAuthorizationPolicy) -> [Int] {
    switch LinkerdTarget(policy.target) {
    case .server:
      return indexByName[.init(namespace: policy.namespace, name: policy.target.name)].map { [$0] }
        ?? []
    case .namespace: return indicesByNamespace[policy.namespace] ?? []
    case .route: return route(of: policy).map(servers(of:)) ?? []
    case nil: return []
    }
  }

  /// Servers that a route is accepted at.
  func servers(of route: GatewayAPIRoute) -> [Int] {
    route.parents.filter(InboundRoute.isServer).compactMap {
      indexByName[.init(namespace: route.namespace, name: $0.name)]
    }.filter { index in
      mesh.routes.routes(at: mesh.resources.servers[index], route.kind)
        .contains { $0.route?.reference == route.reference }
    }
  }

  func servers(of authorization: LinkerdServerAuthorization) -> [Int] {
    if let name = authorization.serverName {
      return indexByName[.init(namespace: authorization.namespace, name: name.value)].map { [$0] }
        ?? []
    }
    let selector = authorization.serverSelector ?? LabelSelector()
    return (indicesByNamespace[authorization.namespace] ?? []).filter {
      selector.matches(mesh.resources.servers[$0].metadata.labels)
    }
  }

  func workloads(at servers: [Int]) -> [WorkloadID] {
    Array(Set(servers.flatMap { workloadsByServer[$0] })).sorted()
  }

  func ports(at servers: [Int]) -> [Int] {
    Array(servers.reduce(into: Set<Int>()) { $0.formUnion(portsByServer[$1]) }).sorted()
  }

  func workloads(of policy: LinkerdAuthorizationPolicy) -> [WorkloadID] {
    workloads(at: servers(of: policy))
  }

  func ports(of policy: LinkerdAuthorizationPolicy) -> [Int] { ports(at: servers(of: policy)) }
}
