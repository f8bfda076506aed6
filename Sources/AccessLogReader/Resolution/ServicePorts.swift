import MeshModel

/// The container ports that services lead to, for evidence that has no port.
struct ServicePorts {
  private var ports: [WorkloadID: Set<Int>] = [:]

  init(_ directory: TrafficDirectory) {
    for target in directory.serviceTargets.values.joined() {
      ports[target.workload, default: []].insert(target.containerPort)
    }
  }

  /// The port of a workload, where all services that lead to it lead to one.
  func only(of workload: WorkloadID?) -> Int? {
    guard let workload, let all = ports[workload], all.count == 1 else { return nil }
    return all.first
  }
}
