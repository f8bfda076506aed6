package import MeshModel

extension IstioMesh {
  /// Where two resources are for the same and only their names say which holds.
  ///
  /// Istio takes the oldest; manifests that were never applied have no age, so that the order of names
  /// is an assumption, which is made known wherever the two differ.
  package func orderAssumptions() -> [Diagnostic] {
    var found = OrderAssumptions()
    for tie in peerAuthentications.wideTies { found.add(tie.taken, tie.left) }
    for tie in sidecars.wideTies { found.add(tie.taken, tie.left) }
    for prepared in endpoints {
      let endpoint = prepared.value
      switch endpoint.dataplane.dataplane {
      case .none, .linkerd: continue
      case .sidecar, .ambient, .gateway, .waypoint: break
      }
      if let tie = peerAuthentications.tie(
        namespace: endpoint.namespace, labels: endpoint.labels)
      {
        found.add(tie.taken, tie.left)
      }
      if let tie = sidecars.tie(namespace: endpoint.namespace, labels: endpoint.labels) {
        found.add(tie.taken, tie.left)
      }
      if let tie = protocolTie(endpoint) { found.add(tie.taken, tie.left) }
    }
    for tie in destinationRules.ties { found.add(tie.taken, tie.left) }
    for tie in TelemetryIndex.ties(istio.telemetries) { found.add(tie.taken, tie.left) }
    return found.diagnostics
  }

  /// Two services that forward to one port and declare different protocols.
  private func protocolTie(_ endpoint: Endpoint) -> (taken: Service, left: Service)? {
    let selecting = services.selecting(namespace: endpoint.namespace, labels: endpoint.labels)
    guard selecting.count > 1 else { return nil }
    var first: [Int: (service: Service, kind: PortProtocol)] = [:]
    for service in selecting {
      for port in service.ports {
        let number = port.targetPort.flatMap { Int($0) } ?? port.port
        let kind = PortProtocol(port)
        guard let known = first[number] else {
          first[number] = (service, kind)
          continue
        }
        if known.kind != kind, known.service.name != service.name,
          known.service.metadata.creationTimestamp == service.metadata.creationTimestamp
        {
          return (known.service, service)
        }
      }
    }
    return nil
  }
}

/// Collects pairs, each once, in the order in which they were found.
private struct OrderAssumptions {
  private struct Pair: Hashable {
    var taken: ResourceReference
    var left: ResourceReference
  }

  private var seen: Set<Pair> = []
  private(set) var diagnostics: [Diagnostic] = []

  mutating func add(_ taken: some MeshResource, _ left: some MeshResource) {
    guard seen.insert(Pair(taken: taken.reference, left: left.reference)).inserted else { return }
    diagnostics.append(
      Diagnostic(
        code: "order-assumed", severity: .note,
        message:
          "\"\(taken.reference.text)\" and \"\(left.reference.text)\" are for the same and have no "
          + "creation times that differ; order assumed: the first by name holds",
        location: left.location,
        hint: "merge the two, or give resources as the cluster has them, with creationTimestamp"))
  }
}
