package import MeshModel

/// How connections reach an ambient workload through waypoints.
package struct WaypointRoute: Sendable, Hashable {
  /// Names of its services that bind a waypoint, sorted.
  package var services: [String]
  /// Identities of the waypoints.
  package var principals: Set<String>
  /// Container port to the ports of the services, which rules at a waypoint see.
  package var servicePorts: [Int: Set<Int>]
  /// Connections that go straight to the pod, as the subject of a sentence; nil when all pass a waypoint.
  package var bypass: String?
}

extension IstioMesh {
  /// Nil for a workload without a waypoint.
  package func waypointRoute(to workload: WorkloadID) -> WaypointRoute? {
    guard let index = endpointsByWorkload[workload] else { return nil }
    let paths = endpoints[Int(index)].value.paths
    guard paths.contains(where: { $0.waypoint != nil }) else { return nil }
    var route = WaypointRoute(services: [], principals: [], servicePorts: [:], bypass: nil)
    var services: Set<String> = []
    for path in paths {
      guard let waypoint = path.waypoint, let service = waypoint.service else {
        route.bypass = route.bypass ?? path.traffic
        continue
      }
      services.insert(String(service.drop { $0 != "/" }.dropFirst()))
      route.principals.insert(waypoint.principal)
      for (port, number) in waypoint.servicePorts {
        route.servicePorts[port, default: []].insert(number)
      }
    }
    route.services = services.sorted()
    return route
  }
}
