import MeshModel

/// Says whose span a span is.
struct TraceParties {
  private let directory: TrafficDirectory
  private let byName: [String: [WorkloadID]]

  init(_ directory: TrafficDirectory) {
    self.directory = directory
    byName = Dictionary(grouping: directory.workloads, by: \.name)
  }

  /// The workload by what the span's process says of its pod, by the node id of Istio's proxies, or by the
  /// service's name; a name that no manifest knows is kept as a host.
  func party(of span: TraceSpan, in processes: [TraceProcess]) -> ObservedParty {
    let process =
      processes.indices.contains(span.process) ? processes[span.process] : TraceProcess()
    if let workload = workload(of: span, process) { return ObservedParty(workload: workload) }
    return ObservedParty(host: process.serviceName.isEmpty ? nil : process.serviceName)
  }

  private func workload(of span: TraceSpan, _ process: TraceProcess) -> WorkloadID? {
    let attributes = process.attributes
    if let namespace = attributes["k8s.namespace.name"] {
      for kind in ["deployment", "statefulset", "daemonset", "cronjob", "job"] {
        if let id = known(attributes["k8s.\(kind).name"], in: namespace) { return id }
      }
      if let pod = attributes["k8s.pod.name"],
        let id = AccessLogOwner.workload(pod: pod, namespace: namespace, in: directory)
      {
        return id
      }
      if let id = known(process.serviceName, in: namespace) { return id }
    }
    if let id = span.attributes["node_id"].flatMap(workload(ofNode:)) { return id }
    if let namespace = span.attributes["istio.namespace"] ?? attributes["service.namespace"],
      let id = known(
        span.attributes["istio.canonical_service"] ?? process.serviceName, in: namespace)
    {
      return id
    }
    return workload(ofService: process.serviceName)
      ?? attributes[TraceAttributes.address].flatMap { directory.workloadsByAddress[$0] }
  }

  private func known(_ name: String?, in namespace: String) -> WorkloadID? {
    guard let name else { return nil }
    let id = WorkloadID(namespace: namespace, name: name)
    return directory.workloads.contains(id) ? id : nil
  }

  /// `sidecar~10.1.2.3~planner-7d9f-x2x4q.agents~agents.svc.cluster.local` (Istio pilot/pkg/model
  /// `Proxy.ServiceNode`).
  private func workload(ofNode node: String) -> WorkloadID? {
    let parts = node.split(separator: "~", omittingEmptySubsequences: false)
    guard parts.count == 4, let dot = parts[2].lastIndex(of: ".") else { return nil }
    return AccessLogOwner.workload(
      pod: String(parts[2][..<dot]), namespace: String(parts[2][parts[2].index(after: dot)...]),
      in: directory)
  }

  /// `planner.agents` (Istio's default name of a traced service: app and namespace), `agents/planner`, or a
  /// name that one workload has.
  private func workload(ofService name: String) -> WorkloadID? {
    guard !name.isEmpty else { return nil }
    if let dot = name.lastIndex(of: "."),
      let id = known(String(name[..<dot]), in: String(name[name.index(after: dot)...]))
    {
      return id
    }
    if let slash = name.firstIndex(of: "/"),
      let id = known(String(name[name.index(after: slash)...]), in: String(name[..<slash]))
    {
      return id
    }
    guard let named = byName[name], named.count == 1 else { return nil }
    return named[0]
  }
}
