/// What the manifests know that a log line can be resolved against.
///
/// Built once a run, read only.
package struct TrafficDirectory: Sendable {
  /// Pod address to workload.
  package var workloadsByAddress: [String: WorkloadID] = [:]
  /// For addresses of one pod alone: the first UTC day all of which it has had the address.
  ///
  /// Addresses are given again: a line of an earlier day may be of another pod.
  package var firstWholeDays: [String: String] = [:]
  /// Pod name (`namespace/pod`) to workload.
  package var workloadsByPod: [String: WorkloadID] = [:]
  /// All workloads, so that a pod that is gone can still be known by its owner's name.
  package var workloads: Set<WorkloadID> = []
  /// Identity (SPIFFE URI or Linkerd name) to its workloads; more than one when they share it.
  package var workloadsByPrincipal: [String: [WorkloadID]] = [:]
  /// Service host (`name.namespace`) and service port to workload and container port.
  package var serviceTargets: [ServiceAddress: [ServiceTarget]] = [:]

  package struct ServiceAddress: Hashable, Sendable {
    package var namespace: String
    package var name: String
    package var port: Int

    package init(namespace: String, name: String, port: Int) {
      self.namespace = namespace
      self.name = name
      self.port = port
    }
  }

  package struct ServiceTarget: Hashable, Sendable {
    package var workload: WorkloadID
    package var containerPort: Int

    package init(workload: WorkloadID, containerPort: Int) {
      self.workload = workload
      self.containerPort = containerPort
    }
  }

  package init() {}
}
