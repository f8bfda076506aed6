import MeshModel

/// Says which calls a counter counts: who called whom, as far as its labels go.
struct CounterMeaning {
  private let resolver: ShapeResolver
  private let directory: TrafficDirectory
  private let ports: ServicePorts
  static let istio = "istio-counters"
  static let linkerd = "linkerd-counters"

  init(directory: TrafficDirectory) {
    self.directory = directory
    resolver = ShapeResolver(directory: directory, owner: nil, unknownAddress: .omit)
    ports = ServicePorts(directory)
  }

  /// The key of a call that the series counts, without its day; nil for what is no call.
  func key(of series: CounterSeries, owner: WorkloadID?) -> ObservedRequestKey? {
    series.name.hasPrefix("istio_") ? istioKey(series) : linkerdKey(series, owner: owner)
  }

  /// The workload whose proxy measured.
  func workload(of series: CounterSeries, owner: WorkloadID?) -> WorkloadID? {
    if series.name.hasPrefix("istio_") {
      let side = series.labels["reporter"] == "source" ? "source" : "destination"
      return istioWorkload(series.labels, side) ?? podWorkload(series.labels) ?? owner
    }
    return podWorkload(series.labels) ?? owner
  }

  // MARK: Istio

  /// What a counter of Istio's counts.
  ///
  /// Istio documentation, Istio Standard Metrics: `reporter` is the side whose proxy counted;
  /// `source_principal` is the authenticated peer on the server's side. A waypoint reports as
  /// `waypoint`, on behalf of the called.
  private func istioKey(_ series: CounterSeries) -> ObservedRequestKey? {
    let labels = series.labels
    let isClient = labels["reporter"] == "source"
    let isTCP = series.name.contains("_tcp_")
    var key = emptyKey(format: CounterMeaning.istio, side: isClient ? .client : .server)
    key.protocolName = isTCP ? "tcp" : labels["request_protocol"] == "grpc" ? "grpc" : "http"
    key.responseClass = isTCP ? "tcp" : CounterMeaning.responseClass(labels["response_code"])
    key.outcome = CounterMeaning.outcome(labels, isTCP: isTCP)
    if CounterMeaning.flags(labels).contains("UAEX") {
      key.outcome = .denied
      key.deniedBy = "ext_authz_denied"
    }
    let source = CounterMeaning.spiffeID(labels["source_principal"])
    let destination = CounterMeaning.spiffeID(labels["destination_principal"])
    switch labels["connection_security_policy"] {
    case "mutual_tls": key.isMTLS = true
    case "none": key.isMTLS = false
    default: key.isMTLS = source != nil && !isClient ? true : nil
    }
    key.source.principal = source
    key.destination.principal = destination
    let sourceWorkload = istioWorkload(labels, "source")
    if isClient {
      key.source.workload = sourceWorkload ?? resolver.workload(principal: source)
      if key.source.workload != nil || source != nil { key.identitySource = .ownProxy }
    } else if let source {
      // Names of the caller's workload are what it says of itself; its identity was verified.
      let known = directory.workloadsByPrincipal[source] ?? []
      key.source.workload =
        known.count == 1 ? known[0] : sourceWorkload.flatMap { known.contains($0) ? $0 : nil }
      key.identitySource = .counter
    }
    key.destination.workload =
      istioWorkload(labels, "destination") ?? resolver.workload(principal: destination)
    if key.destination.workload == nil {
      key.destination.host =
        CounterMeaning.known(labels["destination_service"])
        ?? CounterMeaning.known(labels["destination_service_name"])
    }
    key.port = port(to: key.destination.workload, labels)
    return key
  }

  private func istioWorkload(_ labels: [String: String], _ side: String) -> WorkloadID? {
    guard let name = CounterMeaning.known(labels["\(side)_workload"]),
      let namespace = CounterMeaning.known(labels["\(side)_workload_namespace"])
    else { return nil }
    let id = WorkloadID(namespace: namespace, name: name)
    return directory.workloads.contains(id) ? id : nil
  }

  /// The container port, which Istio's counters do not have: that of the service, where its ports all
  /// lead to one, or the only one that any service leads to.
  private func port(to workload: WorkloadID?, _ labels: [String: String]) -> Int? {
    guard let workload else { return nil }
    if let name = CounterMeaning.known(labels["destination_service_name"]),
      let namespace = CounterMeaning.known(labels["destination_service_namespace"])
    {
      var found: Set<Int> = []
      for (address, targets) in directory.serviceTargets
      where address.name == name && address.namespace == namespace {
        found.formUnion(targets.filter { $0.workload == workload }.map(\.containerPort))
      }
      if found.count == 1 { return found.first }
    }
    return ports.only(of: workload)
  }

  // MARK: Linkerd

  /// What a counter of Linkerd's counts.
  ///
  /// linkerd2-proxy app/inbound/src/policy: one count a request or connection, with the client's identity
  /// under mutual TLS; app/core/src/metrics.rs: `response_total` of both directions.
  private func linkerdKey(_ series: CounterSeries, owner: WorkloadID?) -> ObservedRequestKey? {
    let labels = series.labels
    let isResponse = series.name == "response_total"
    // Calls of the proxy to its own control plane and of the proxy's admin server have no direction.
    if isResponse, labels["direction"] == nil { return nil }
    let isClient = isResponse && labels["direction"] == "outbound"
    var key = emptyKey(format: CounterMeaning.linkerd, side: isClient ? .client : .server)
    key.protocolName =
      series.name.hasPrefix("inbound_tcp")
      ? "tcp" : labels["grpc_status_code"]?.isEmpty == false ? "grpc" : "http"
    key.responseClass =
      key.protocolName == "tcp"
      ? "tcp"
      : isResponse ? CounterMeaning.responseClass(labels["status_code"]) : "unknown"
    if isResponse { key.outcome = CounterMeaning.outcome(labels, isTCP: false) }
    if series.name.hasSuffix("_deny_total") { key.outcome = .denied }
    let writer = workload(of: series, owner: owner)
    if isClient {
      takeOutbound(labels, writer: writer, into: &key)
    } else {
      takeInbound(labels, writer: writer, into: &key)
    }
    return key
  }

  private func takeInbound(
    _ labels: [String: String], writer: WorkloadID?, into key: inout ObservedRequestKey
  ) {
    let address = (labels["target_addr"] ?? labels["target_ip"]).flatMap(SocketAddress.init)
    key.destination.workload =
      writer ?? address.flatMap { resolver.workload(address: $0.address) }
    key.port = labels["target_port"].flatMap { Int($0) } ?? address?.port
    if key.destination.workload == nil { key.destination.host = address?.address }
    if let client = labels["client_id"], !client.isEmpty {
      key.source = ObservedParty(
        principal: client, workload: resolver.workload(principal: client))
      key.identitySource = .counter
      key.isMTLS = true
    } else {
      key.isMTLS = labels["tls"] == "true" ? nil : false
    }
  }

  private func takeOutbound(
    _ labels: [String: String], writer: WorkloadID?, into key: inout ObservedRequestKey
  ) {
    if let writer {
      key.source = ObservedParty(workload: writer)
      key.identitySource = .ownProxy
    }
    let server = labels["server_id"].flatMap { $0.isEmpty ? nil : $0 }
    key.destination.principal = server
    if server != nil { key.isMTLS = true }
    let namespace = labels["dst_namespace"] ?? ""
    let kinds = ["dst_deployment", "dst_statefulset", "dst_daemonset", "dst_cronjob", "dst_job"]
    let named = kinds.compactMap { labels[$0] }.map { WorkloadID(namespace: namespace, name: $0) }
    key.destination.workload =
      named.first { directory.workloads.contains($0) } ?? resolver.workload(principal: server)
    let host = labels["authority"].map(ServiceHost.init(authority:))
    if key.destination.workload == nil { key.destination.host = host?.host }
    key.port =
      labels["target_port"].flatMap { Int($0) }
      ?? labels["target_addr"].flatMap(SocketAddress.init)?.port ?? host?.port
  }

  /// The workload of the pod that relabelling names (`pod` and `namespace` of Prometheus' Kubernetes
  /// discovery, `deployment` and its like of Linkerd viz).
  private func podWorkload(_ labels: [String: String]) -> WorkloadID? {
    guard let namespace = labels["namespace"] ?? labels["kubernetes_namespace"] else { return nil }
    for kind in ["deployment", "statefulset", "daemonset", "cronjob", "job"] {
      guard let name = labels[kind] else { continue }
      let id = WorkloadID(namespace: namespace, name: name)
      if directory.workloads.contains(id) { return id }
    }
    guard let pod = labels["pod"] ?? labels["kubernetes_pod_name"] else { return nil }
    return AccessLogOwner.workload(pod: pod, namespace: namespace, in: directory)
  }

  // MARK: Labels

  private func emptyKey(format: String, side: ObservedRequestKey.Side) -> ObservedRequestKey {
    ObservedRequestKey(
      day: "", side: side, source: ObservedParty(), destination: ObservedParty(), port: nil,
      protocolName: "http", method: nil, pathTemplate: nil, responseClass: "unknown",
      outcome: .allowed, deniedBy: nil, identitySource: .none, isPathTrusted: false, isMTLS: nil,
      format: format, evidence: .counter)
  }

  /// Decision: a counter tells a refusal by policy from one by the application by nothing, so a 403 is
  /// neither allowed nor denied.
  private static func outcome(_ labels: [String: String], isTCP: Bool)
    -> ObservedRequestKey.Outcome
  {
    if EnvoyOutcome.isUnreached(flags: flags(labels)) { return .failed }
    if isTCP { return .allowed }
    let code = labels["response_code"] ?? labels["status_code"] ?? ""
    return ["0", "", "403"].contains(code) ? .failed : .allowed
  }

  private static func flags(_ labels: [String: String]) -> [Substring] {
    labels["response_flags"]?.split(separator: ",") ?? []
  }

  private static func responseClass(_ code: String?) -> String {
    guard let code, let first = code.first, code.utf8.count == 3, ("1"..."5").contains(first) else {
      return "none"
    }
    return "\(first)xx"
  }

  /// Istio writes `unknown` where it does not know.
  private static func known(_ label: String?) -> String? {
    guard let label, !label.isEmpty, label != "unknown" else { return nil }
    return label
  }

  /// The SPIFFE ID of a principal, written with its scheme or as Istio's principals are without it.
  private static func spiffeID(_ label: String?) -> String? {
    guard let label = known(label) else { return nil }
    let text = label.hasPrefix("spiffe://") ? label : "spiffe://\(label)"
    return SPIFFEID(text) == nil ? nil : text
  }
}
