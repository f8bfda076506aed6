package import MeshModel

extension LinkerdMesh {
  /// What the proxy of each meshed workload logs of the requests that it serves, sorted by workload.
  ///
  /// Annotation `config.linkerd.io/access-log` of the pod, else of the namespace when the pod is
  /// created, else `proxy.accessLog` of the chart; `apache` or `json`, and off by default
  /// (linkerd2-proxy v2.366.0, app/src/env.rs and http/access-log). Connections that are not HTTP are
  /// never logged. The proxy exports spans only with the extension linkerd-jaeger, which no manifest of
  /// an application shows.
  package func telemetryFacts() -> [WorkloadTelemetryFact] {
    pods.values.filter { $0.membership.isMeshed && !$0.isExternal }.sorted { $0.id < $1.id }
      .map(telemetry)
  }

  private func telemetry(of pod: LinkerdPod) -> WorkloadTelemetryFact {
    let key = "config.linkerd.io/access-log"
    var fact = WorkloadTelemetryFact(
      workload: pod.id, hasServerLog: false, logDecidedBy: "Linkerd's default",
      tracingDecidedBy: "Linkerd's default", location: pod.location)
    // The proxy's inbound server alone writes the log (linkerd2-proxy v2.366.0, app/inbound).
    fact.hasClientLog = false
    fact.clientLogDecidedBy = "Linkerd logs inbound requests only"
    let text: String
    if let annotation = pod.annotations[key] {
      text = annotation
      fact.logDecidedBy = "annotation \(key)"
    } else if let value = settings.configuration?.accessLog {
      text = value
      fact.logDecidedBy = "proxy.accessLog of linkerd-config"
    } else {
      return fact
    }
    switch text.lowercased() {
    case "json": fact.logEncoding = "JSON"
    case "apache": fact.logEncoding = "TEXT"
    default: return fact
    }
    fact.hasServerLog = true
    return fact
  }
}
