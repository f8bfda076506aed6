import MeshModel

/// The waypoints of the inventory and who is bound to them (Istio docs › Ambient › Configure
/// waypoint proxies; labels `istio.io/use-waypoint`, `istio.io/use-waypoint-namespace`,
/// `istio.io/waypoint-for`).
struct WaypointDirectory: Sendable {
  private struct Waypoint {
    var namespace: String
    var name: String
    /// `service` (default), `workload`, `all` or `none`.
    var servesWhat: String
    var serviceAccount: String
  }

  private var waypoints: [String: Waypoint] = [:]
  private let entries: [IstioServiceEntry]

  init(_ inventory: MeshInventory) {
    entries = inventory.istio.serviceEntries.filter { $0.workloadSelector?.isEmpty == false }
      .oldestFirst()
    var accounts: [String: String] = [:]
    for workload in inventory.workloads {
      if let name = workload.podLabels[DataplaneRecognition.gatewayNameLabel] {
        accounts["\(workload.id.namespace)/\(name)"] = workload.serviceAccount
      }
    }
    for gateway in inventory.gateway.gateways
    where gateway.gatewayClassName?.value == "istio-waypoint" {
      let key = "\(gateway.namespace)/\(gateway.name)"
      waypoints[key] = Waypoint(
        namespace: gateway.namespace, name: gateway.name,
        servesWhat: gateway.labels["istio.io/waypoint-for"] ?? "service",
        // istiod names the service account of a waypoint's pods after the Gateway.
        serviceAccount: accounts[key] ?? gateway.name)
    }
  }

  /// The waypoint in front of an ambient workload; nil when none is bound, or the bound one is in
  /// no manifest: traffic then goes straight to the pod.
  func binding(
    of workload: Workload, services: [Service], recognition: DataplaneRecognition,
    attachment: PolicyAttachment, extensions: ProxyExtensions, trustDomain: String
  ) -> WaypointBinding? {
    if waypoints.isEmpty { return nil }
    var binding = self.binding(of: workload, services, recognition, attachment, trustDomain)
    if let parts = binding?.name.split(separator: "/"), parts.count == 2 {
      binding?.unprovenReason = extensions.reason(
        namespace: String(parts[0]),
        labels: [DataplaneRecognition.gatewayNameLabel: String(parts[1])], dataplane: .waypoint)
    }
    return binding
  }

  private func binding(
    of workload: Workload, _ services: [Service], _ recognition: DataplaneRecognition,
    _ attachment: PolicyAttachment, _ trustDomain: String
  ) -> WaypointBinding? {
    let namespaceLabels = recognition.labels(of: workload.id.namespace)
    for service in services {
      if let waypoint = bound(service.metadata.labels, namespaceLabels, workload.id.namespace),
        waypoint.servesWhat == "service" || waypoint.servesWhat == "all"
      {
        var ports: [Int: Int] = [:]
        for port in service.ports {
          if let number = port.containerPort(on: workload.template), ports[number] == nil {
            ports[number] = port.port
          }
        }
        return binding(
          waypoint, trustDomain,
          attachment.waypoint(
            namespace: waypoint.namespace, name: waypoint.name,
            service: (service.namespace, service.name)),
          service: "\(service.namespace)/\(service.name)", ports: ports,
          protocols: ServiceIndex.protocols(of: [service], on: workload.template))
      }
    }
    if let binding = binding(ofEntryFor: workload, namespaceLabels, attachment, trustDomain) {
      return binding
    }
    if let waypoint = bound(workload.podLabels, namespaceLabels, workload.id.namespace),
      waypoint.servesWhat == "workload" || waypoint.servesWhat == "all"
    {
      return binding(
        waypoint, trustDomain,
        attachment.waypoint(namespace: waypoint.namespace, name: waypoint.name), service: nil,
        ports: [:], protocols: [:])
    }
    return nil
  }

  /// A ServiceEntry that selects pods is a service of theirs, and policies may target it (Istio docs ›
  /// ServiceEntry `workloadSelector`; pilot/pkg/model/policyattachment.go).
  private func binding(
    ofEntryFor workload: Workload, _ namespaceLabels: [String: String],
    _ attachment: PolicyAttachment, _ trustDomain: String
  ) -> WaypointBinding? {
    for entry in entries
    where entry.namespace == workload.id.namespace
      && entry.workloadSelector?.matches(workload.podLabels) == true
    {
      guard let waypoint = bound(entry.metadata.labels, namespaceLabels, workload.id.namespace),
        waypoint.servesWhat == "service" || waypoint.servesWhat == "all"
      else { continue }
      var ports: [Int: Int] = [:]
      var protocols: [Int: PortProtocol] = [:]
      for port in entry.ports where ports[port.targetPort ?? port.number] == nil {
        ports[port.targetPort ?? port.number] = port.number
        protocols[port.targetPort ?? port.number] = PortProtocol(
          ServicePort(
            name: port.name, port: port.number, appProtocol: port.protocolName,
            location: entry.location))
      }
      return binding(
        waypoint, trustDomain,
        attachment.waypoint(
          namespace: waypoint.namespace, name: waypoint.name,
          serviceEntry: (entry.namespace, entry.name)),
        service: "\(entry.namespace)/\(entry.name)", ports: ports, protocols: protocols)
    }
    return nil
  }

  private func bound(
    _ labels: [String: String], _ namespaceLabels: [String: String], _ namespace: String
  ) -> Waypoint? {
    let source = labels["istio.io/use-waypoint"] == nil ? namespaceLabels : labels
    guard let name = source["istio.io/use-waypoint"], name != "none" else { return nil }
    return waypoints["\(source["istio.io/use-waypoint-namespace"] ?? namespace)/\(name)"]
  }

  private func binding(
    _ waypoint: Waypoint, _ trustDomain: String, _ attached: [Int32], service: String?,
    ports: [Int: Int], protocols: [Int: PortProtocol]
  ) -> WaypointBinding {
    let identity = SPIFFEID.istio(
      trustDomain: trustDomain, namespace: waypoint.namespace,
      serviceAccount: waypoint.serviceAccount)
    return WaypointBinding(
      name: "\(waypoint.namespace)/\(waypoint.name)", httpChain: 0, tcpChain: 0,
      attached: attached, principal: identity.description, service: service, servicePorts: ports,
      protocols: protocols)
  }
}
