import MeshModel

extension IstioMesh {
  /// How connections from the mesh reach an ambient workload, with the policies on the way.
  func ambientPaths(to workload: Workload, services: [Service]) -> [AmbientPath] {
    waypoints.paths(to: workload, services: services).map { path in
      AmbientPath(
        traffic: path.traffic,
        waypoint: path.waypoint.map { binding($0, of: path.called, workload) })
    }
  }

  private func binding(
    _ waypoint: WaypointDirectory.Waypoint, of called: WaypointDirectory.Called?,
    _ workload: Workload
  ) -> WaypointBinding {
    let identity = SPIFFEID.istio(
      trustDomain: config.trustDomain, namespace: waypoint.namespace,
      serviceAccount: waypoint.serviceAccount)
    var binding = WaypointBinding(
      name: waypoint.key, attached: [], principal: identity.description,
      service: called.map { "\($0.metadata.namespace)/\($0.metadata.name)" }, servicePorts: [:],
      protocols: [:])
    var service: (namespace: String, name: String)?
    var entry: (namespace: String, name: String)?
    switch called {
    case .service(let called):
      service = (called.namespace, called.name)
      for port in called.ports {
        if let number = port.containerPort(on: workload.template),
          binding.servicePorts[number] == nil
        {
          binding.servicePorts[number] = port.port
        }
      }
      binding.protocols = ServiceIndex.protocols(of: [called], on: workload.template)
    case .entry(let called):
      entry = (called.namespace, called.name)
      for port in called.ports where binding.servicePorts[port.targetPort ?? port.number] == nil {
        binding.servicePorts[port.targetPort ?? port.number] = port.number
        binding.protocols[port.targetPort ?? port.number] = PortProtocol(
          ServicePort(
            name: port.name, port: port.number, appProtocol: port.protocolName,
            location: called.location))
      }
    case nil: break
    }
    if waypoint.isAgentgateway { return binding }
    binding.attached = attachment.waypoint(
      namespace: waypoint.namespace, name: waypoint.name, service: service, serviceEntry: entry)
    if controlPlane.layersWaypointPolicies {
      // `NewWaypointTerminationBuilder(authz.Local, …)` selects as for any gateway, and leaves
      // CUSTOM out (Istio pilot/pkg/networking/plugin/authz/authorization.go).
      binding.attachedToTermination = attachment.gateway(
        namespace: waypoint.namespace, labels: waypoint.podLabels, name: waypoint.name
      ).filter { policies[Int($0)].action != .custom }
    }
    binding.unprovenReason = extensions.reason(
      namespace: waypoint.namespace,
      labels: [DataplaneRecognition.gatewayNameLabel: waypoint.name], dataplane: .waypoint)
    return binding
  }

  /// The policies that istiod adds for ztunnel, one a waypoint, when it is told to let waypoints in
  /// (Istio pilot/pkg/serviceregistry/ambient/authorization.go `implicitWaypointPolicy`).
  static func implicitPolicies(
    _ waypoints: WaypointDirectory, _ controlPlane: ControlPlane, trustDomain: String
  ) -> [IstioAuthorizationPolicy] {
    if !controlPlane.allowsWaypointsAutomatically { return [] }
    return waypoints.waypoints.values.sorted { $0.key < $1.key }.map { waypoint in
      let principal = "\(trustDomain)/ns/\(waypoint.namespace)/sa/\(waypoint.serviceAccount)"
      let source = IstioAuthorizationPolicy.Clause(
        terms: [
          .init(field: .principals, values: [Located(principal, at: waypoint.location)])
        ], location: waypoint.location)
      return IstioAuthorizationPolicy(
        metadata: ResourceMetadata(
          reference: ResourceReference(
            kind: ResourceKind(group: "security.istio.io", kind: "AuthorizationPolicy"),
            namespace: waypoint.namespace,
            name: "istio_allow_waypoint_\(waypoint.namespace)_\(waypoint.name)"),
          location: waypoint.location),
        rules: [.init(sources: [source], location: waypoint.location)])
    }
  }

  /// The added policies of a workload's waypoints.
  func implicitlyAttached(_ paths: [AmbientPath]) -> [Int32] {
    if policies.count == writtenPolicyCount { return [] }
    let names = Set(
      paths.compactMap(\.waypoint).map {
        $0.name.split(separator: "/").map(String.init)
      }.filter { $0.count == 2 }.map { "istio_allow_waypoint_\($0[0])_\($0[1])" })
    return policies.indices.dropFirst(writtenPolicyCount).filter {
      names.contains(policies[$0].name)
    }.map(Int32.init)
  }
}
