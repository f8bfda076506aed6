import MeshModel

/// Routes by the Server that they are attached to, and why others are not.
struct LinkerdRouteBook: Sendable {
  /// Why a route does not count at a Server.
  enum Rejection: Sendable, Equatable {
    case defect(InboundRoute.Defect, SourceLocation)
    case noMatchingParent(String)
    /// A route of this kind is on the same Server.
    case conflicted(GatewayAPIRoute.Kind)

    var text: String {
      switch self {
      case .defect(let defect, _): defect.text
      case .noMatchingParent(let name): "there is no Server \"\(name)\" in its namespace"
      case .conflicted(let kind): "a \(kind.rawValue) is attached to the same Server"
      }
    }
  }

  struct NameKey: Hashable {
    var namespace: String
    var name: String
  }

  private var byServer: [NameKey: [InboundRoute]] = [:]
  private(set) var rejections: [ResourceReference: Rejection] = [:]

  /// - Parameter knowsGRPC: inbound GRPCRoutes exist since edge-24.7.4.
  init(
    routes: [GatewayAPIRoute], servers: [LinkerdServer], grants: LinkerdGrantBook, knowsGRPC: Bool
  ) {
    let known = Set(servers.map { NameKey(namespace: $0.namespace, name: $0.name) })
    var kinds: [NameKey: Set<GatewayAPIRoute.Kind>] = [:]
    for route in routes {
      for parent in route.parents where InboundRoute.isServer(parent) {
        // A rival counts from every namespace and with every content (policy-controller
        // k8s/status/src/index.rs).
        let key = NameKey(
          namespace: parent.namespace ?? route.namespace, name: parent.name)
        kinds[key, default: []].insert(route.kind)
      }
    }
    for route in routes {
      let parents = route.parents.filter(InboundRoute.isServer)
      guard !parents.isEmpty, route.kind == .http || (route.kind == .grpc && knowsGRPC) else {
        continue
      }
      let prepared: InboundRoute
      do {
        prepared = try InboundRoute.prepared(route, grants: grants.grants(for: route))
      } catch {
        rejections[route.reference] = .defect(error.defect, error.location)
        continue
      }
      var seen: Set<NameKey> = []
      for parent in parents {
        let key = NameKey(namespace: route.namespace, name: parent.name)
        guard seen.insert(key).inserted else { continue }
        if !known.contains(key) {
          rejections[route.reference] = .noMatchingParent(parent.name)
        } else if route.kind == .http, knowsGRPC, kinds[key]?.contains(.grpc) ?? false {
          rejections[route.reference] = .conflicted(.grpc)
        } else {
          byServer[key, default: []].append(prepared)
        }
      }
    }
    for key in Array(byServer.keys) { byServer[key]?.sort(by: LinkerdRouteBook.isBefore) }
  }

  func routes(at server: LinkerdServer, _ kind: GatewayAPIRoute.Kind) -> [InboundRoute] {
    (byServer[NameKey(namespace: server.namespace, name: server.name)] ?? [])
      .filter { $0.route?.kind == kind }
  }

  /// Oldest first, those without time last, then by group, kind and name (policy-controller
  /// grpc/src/inbound.rs and core/src/routes.rs).
  private static func isBefore(_ left: InboundRoute, _ right: InboundRoute) -> Bool {
    guard let first = left.route?.metadata, let second = right.route?.metadata else { return false }
    switch (first.creationTimestamp, second.creationTimestamp) {
    case (let a?, let b?) where a != b: return a < b
    case (.some, nil): return true
    case (nil, .some): return false
    default: return first.reference < second.reference
    }
  }
}
