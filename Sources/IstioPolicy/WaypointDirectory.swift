import MeshModel

/// The waypoints of the inventory and who is bound to them (Istio docs › Ambient › Configure
/// waypoint proxies; labels `istio.io/use-waypoint`, `istio.io/use-waypoint-namespace`,
/// `istio.io/waypoint-for`, and those of canaries).
struct WaypointDirectory: Sendable {
  /// A Gateway whose proxy is a waypoint.
  struct Waypoint: Sendable {
    var namespace: String
    var name: String
    /// `service` (default), `workload`, `all` or `none`.
    var servesWhat: String
    var serviceAccount: String
    /// Labels of its pods, as far as manifests tell.
    var podLabels: [String: String]
    /// Agentgateways get no Istio policy (pilot/pkg/config/kube/agentgateway/
    /// agentgateway_controller.go).
    var isAgentgateway: Bool
    var location: SourceLocation

    var key: String { "\(namespace)/\(name)" }

    func serves(_ traffic: String) -> Bool { servesWhat == traffic || servesWhat == "all" }
  }

  private(set) var waypoints: [String: Waypoint] = [:]
  private let entries: [IstioServiceEntry]
  private let namespaces: [String: Namespace]
  private let hasCanaries: Bool

  init(_ inventory: MeshInventory, controlPlane: ControlPlane) {
    hasCanaries = controlPlane.version.hasWaypointCanaries
    entries = inventory.istio.serviceEntries.filter { $0.workloadSelector?.isEmpty == false }
      .oldestFirst()
    namespaces = Dictionary(
      inventory.kubernetes.namespaces.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    var proxies: [String: Workload] = [:]
    for workload in inventory.workloads {
      if let name = workload.podLabels[DataplaneRecognition.gatewayNameLabel] {
        proxies["\(workload.id.namespace)/\(name)"] = workload
      }
    }
    for gateway in inventory.gateway.gateways {
      let isAgentgateway = gateway.gatewayClassName?.value == "istio-agentgateway-waypoint"
      guard
        gateway.gatewayClassName?.value == "istio-waypoint"
          || (isAgentgateway && controlPlane.deploysAgentgateways)
      else { continue }
      let key = "\(gateway.namespace)/\(gateway.name)"
      var labels = gateway.labels.merging(gateway.infrastructureLabels) { $1 }
      labels[DataplaneRecognition.gatewayNameLabel] = gateway.name
      waypoints[key] = Waypoint(
        namespace: gateway.namespace, name: gateway.name,
        servesWhat: gateway.labels["istio.io/waypoint-for"] ?? "service",
        // istiod names the service account of a waypoint's pods after the Gateway.
        serviceAccount: proxies[key]?.serviceAccount ?? gateway.name,
        podLabels: proxies[key]?.podLabels ?? labels, isAgentgateway: isAgentgateway,
        location: gateway.metadata.location)
    }
  }

  /// How connections from the mesh reach an ambient workload: through the waypoints of the services
  /// that select it, else through its own.
  ///
  /// Without a waypoint, or when the named one is in no manifest, traffic goes straight to the pod.
  /// Several paths stand for what the request does not tell: which service it calls, and which
  /// waypoint a weight picks.
  func paths(to workload: Workload, services: [Service]) -> [Path] {
    if waypoints.isEmpty { return [] }
    let called =
      services.map { Called.service($0) }
      + entries.filter {
        $0.namespace == workload.id.namespace
          && $0.workloadSelector?.matches(workload.podLabels) == true
      }.map { Called.entry($0) }
    var result: [Path] = []
    for service in called {
      guard let waypoint = bound(service.metadata.labels, in: workload.id.namespace),
        waypoint.serves("service")
      else {
        result.append(Path(traffic: "connections to \(service.text)"))
        continue
      }
      result += weighted(waypoint, service, in: workload.id.namespace)
    }
    if result.contains(where: { $0.waypoint != nil }) { return result }
    if let waypoint = bound(workload.podLabels, in: workload.id.namespace),
      waypoint.serves("workload")
    {
      return [Path(traffic: "connections to the pod", waypoint: waypoint)]
    }
    return []
  }

  /// A way to a workload, before policies are attached to it.
  struct Path {
    var traffic: String
    var waypoint: Waypoint?
    /// The service that binds the waypoint; nil when the workload itself does.
    var called: Called?
  }

  /// What a client names as its destination.
  enum Called {
    case service(Service)
    /// A ServiceEntry that selects pods is a service of theirs, and policies may target it (Istio docs
    /// › ServiceEntry `workloadSelector`; pilot/pkg/model/policyattachment.go).
    case entry(IstioServiceEntry)

    var metadata: ResourceMetadata {
      switch self {
      case .service(let service): service.metadata
      case .entry(let entry): entry.metadata
      }
    }

    var text: String { metadata.reference.text }
  }

  /// The primary waypoint and the canary by their weights.
  ///
  /// A canary that is not there, serves no services or has an unreadable weight gets nothing: the
  /// primary takes all (Istio 1.31 docs › Ambient › Configure waypoint proxies; tests/integration/
  /// ambient `TestWeightedWaypointCanaryNotReady`, serviceregistry/ambient `getCanaryWeight`).
  private func weighted(_ primary: Waypoint, _ called: Called, in namespace: String) -> [Path] {
    let text = "connections to \(called.text)"
    let all = [Path(traffic: text, waypoint: primary, called: called)]
    let own = called.metadata
    let space = namespaces[namespace]
    guard hasCanaries,
      let canary = self.waypoint(
        labelled: "istio.io/use-waypoint-canary", own.labels, space?.labels ?? [:], namespace),
      canary.serves("service"), canary.key != primary.key
    else { return all }
    let name = "istio.io/use-waypoint-canary-weight"
    let written = own.annotations[name] ?? space?.metadata.annotations[name] ?? "0"
    guard let weight = UInt32(written), (1...100).contains(weight) else { return all }
    let share = Path(
      traffic: "\(weight) % of \(text) (\(name))", waypoint: canary, called: called)
    if weight == 100 { return [share] }
    return [
      Path(traffic: "\(100 - weight) % of \(text)", waypoint: primary, called: called), share,
    ]
  }

  private func bound(_ labels: [String: String], in namespace: String) -> Waypoint? {
    waypoint(
      labelled: "istio.io/use-waypoint", labels, namespaces[namespace]?.labels ?? [:], namespace)
  }

  /// A label of the object itself outweighs one of its namespace; `none` opts out.
  private func waypoint(
    labelled label: String, _ own: [String: String], _ inherited: [String: String],
    _ namespace: String
  ) -> Waypoint? {
    let source = own[label] == nil ? inherited : own
    guard let name = source[label], name != "none", !name.isEmpty else { return nil }
    return waypoints["\(source["\(label)-namespace"] ?? namespace)/\(name)"]
  }
}
