import MeshModel

extension LinkerdMesh {
  /// The namespace whose EgressNetworks hold for namespaces without their own (policy-controller
  /// `--global-egress-network-namespace`, chart default).
  static let globalEgressNamespace = "linkerd-egress"

  /// The decision of the source's proxy about an address outside the cluster.
  func egressDecision(for request: AccessRequest, trace: inout LinkerdTrace) -> DecisionRecord {
    guard let workload = request.source.workload, let pod = pods[workload] else {
      trace.add(.decided, "the source is no known workload: no egress policy is asked")
      return DecisionRecord(.allow, layer: .none, trace: trace.steps)
    }
    guard pod.membership.isMeshed, settings.version >= .egressNetwork else {
      trace.add(.decided, "no proxy of Linkerd is asked: \(pod.membership.reason)")
      return DecisionRecord(.allow, layer: .none, trace: trace.steps)
    }
    if let port = request.destination.port, pod.skippedOutboundPorts.contains(port) {
      trace.add(.decided, "port \(port) is among the source's skip-outbound-ports")
      return DecisionRecord(.allow, layer: .none, trace: trace.steps)
    }
    guard let address = request.destination.ip,
      let networks = egressNetworks(from: workload.namespace, to: address)
    else {
      trace.add(.decided, "no EgressNetwork holds the address: allowed")
      return DecisionRecord(.allow, layer: .linkerd, trace: trace.steps)
    }
    var result: InboundOutcome?
    for network in networks {
      trace.add(.attached, "\(network.reference.text) holds the address", network.reference)
      let outcome = egressOutcome(of: network, for: request, trace: &trace)
      if let first = result, first.decision != outcome.decision {
        return DecisionRecord(
          .unknown,
          reason:
            "EgressNetworks of one size hold the address and the oldest one wins, but creation "
            + "times are missing", layer: .linkerd, trace: trace.steps)
      }
      result = result ?? outcome
    }
    let outcome = result ?? InboundOutcome(decision: .allow)
    return DecisionRecord(
      outcome.decision, decidedBy: outcome.decidedBy, reason: outcome.reason, layer: .linkerd,
      trace: trace.steps)
  }

  /// EgressNetworks that may apply: nil for none; several when missing creation times would decide.
  ///
  /// One EgressNetwork in the source's own namespace, whatever it holds, switches off those of the
  /// global namespace. Among those that hold the address the smallest block wins, then the oldest,
  /// then the name (policy-controller k8s/index/src/outbound/index/egress_network.rs).
  func egressNetworks(from namespace: String, to address: IPAddress) -> [LinkerdEgressNetwork]? {
    let accepted = resources.egressNetworks.filter(isAccepted)
    let own = accepted.filter { $0.namespace == namespace }
    let asked =
      own.isEmpty ? accepted.filter { $0.namespace == LinkerdMesh.globalEgressNamespace } : own
    let sized = asked.compactMap { network -> (network: LinkerdEgressNetwork, size: Double)? in
      let sizes = blocks(of: network).filter { $0.contains(address) }.map(LinkerdMesh.size)
      return sizes.min().map { (network, $0) }
    }
    guard let smallest = sized.map(\.size).min() else { return nil }
    let tied = sized.filter { $0.size == smallest }.map(\.network).oldestFirst()
    guard tied.count > 1 else { return tied }
    let undated = tied.filter { $0.metadata.creationTimestamp == nil }
    if undated.isEmpty { return [tied[0]] }
    return (tied[0].metadata.creationTimestamp != nil ? [tied[0]] : []) + undated
  }

  /// Without networks everything but the cluster's (policy-controller k8s/index/src/outbound).
  func blocks(of network: LinkerdEgressNetwork) -> [AddressBlock] {
    network.networks
      ?? AddressRange.everything.map { all in
        AddressBlock(
          range: all, exceptions: settings.clusterNetworks.filter { all.contains($0) },
          location: network.location)
      }
  }

  /// One that overlaps the cluster's networks is not accepted (policy-controller
  /// k8s/status/src/index.rs, `InClusterNetOverlap`); neither is one with an empty list.
  func isAccepted(_ network: LinkerdEgressNetwork) -> Bool {
    guard let networks = network.networks else { return true }
    guard !networks.isEmpty else { return false }
    return !networks.contains { block in
      settings.clusterNetworks.contains { cluster in
        cluster.overlaps(block.range)
          && !block.exceptions.contains { $0.contains(cluster) || $0.contains(block.range) }
      }
    }
  }

  private static func size(_ block: AddressBlock) -> Double {
    func count(_ range: AddressRange) -> Double {
      (0..<(range.base.bitCount - range.prefixLength)).reduce(1.0) { size, _ in size * 2 }
    }
    return block.exceptions.reduce(count(block.range)) { $0 - count($1) }
  }

  /// Routes with the EgressNetwork and this port as parent permit what they match, also under Deny.
  private func egressOutcome(
    of network: LinkerdEgressNetwork, for request: AccessRequest, trace: inout LinkerdTrace
  ) -> InboundOutcome {
    let id = "egressnetwork:\(network.namespace)/\(network.name)"
    let attached = allRoutes.filter { isAttached($0, to: network, port: request.destination.port) }
    // A more special kind on the same parent turns the others away (policy-controller
    // k8s/status/src/index.rs, `RouteReasonConflicted`).
    let ranking: [GatewayAPIRoute.Kind] = [.grpc, .http, .tls, .tcp]
    let kind = ranking.first { kind in attached.contains { $0.kind == kind } }
    for route in attached where route.kind == kind {
      if egressMatches(route, request) {
        trace.add(.decided, "\(route.reference.text) matches", route.reference, route.location)
        return InboundOutcome(
          decision: .allow,
          decidedBy:
            "\(id) route:\(route.kind.rawValue.lowercased()):\(route.namespace)/\(route.name)")
      }
      trace.add(.notMatched, "\(route.reference.text) does not match", route.reference)
    }
    let isAllowed = network.trafficPolicy.value == "Allow"
    trace.add(
      .decided, "traffic policy \(network.trafficPolicy.value)", network.reference,
      network.trafficPolicy.location)
    return InboundOutcome(
      decision: isAllowed ? .allow : .deny, decidedBy: id, reason: isAllowed ? nil : "no-route")
  }

  private func isAttached(
    _ route: GatewayAPIRoute, to network: LinkerdEgressNetwork, port: Int?
  ) -> Bool {
    route.parents.contains { parent in
      parent.group == "policy.linkerd.io" && parent.kind == "EgressNetwork"
        && parent.name == network.name
        && (parent.namespace ?? route.namespace) == network.namespace && parent.port != nil
        && (port == nil || parent.port == port)
    }
  }

  private func egressMatches(_ route: GatewayAPIRoute, _ request: AccessRequest) -> Bool {
    switch route.kind {
    case .tcp: return true
    case .tls:
      guard let name = request.sni?.lowercased() else { return false }
      return route.hostnames.isEmpty
        || route.hostnames.contains { InboundHost($0.value).rank(name) != nil }
    case .http, .grpc:
      guard request.destination.applicationProtocol != .tcp, let http = request.http,
        let prepared = try? InboundRoute.prepared(route, grants: .none), !prepared.isOpaque
      else { return false }
      return prepared.rank(InboundRequest(http), isGRPC: route.kind == .grpc) != nil
    }
  }
}
