import AuditModel
import IstioPolicy
import KubernetesPolicy
import LinkerdPolicy
package import MeshModel

extension AccessModel {
  /// Whether a request may happen, over all layers: NetworkPolicy on the port that is on the wire, then
  /// the mesh at the destination.
  ///
  /// The layer in the record is the one that decided. A denial of one layer stands whatever another does
  /// not know.
  package func decision(for request: AccessRequest, isTraced: Bool = false) -> DecisionRecord {
    let source = request.source.workload.flatMap { place(of: $0) }
    let destination = request.destination.workload.flatMap { place(of: $0) }
    let record = decision(
      for: request, shownBy: source, to: destination, isTraced: isTraced)
    guard !withNamespaces.isEmpty else { return record }
    return settled(record, for: request, from: source, to: destination)
  }

  private func decision(
    for request: AccessRequest, shownBy source: AccessPlace?, to destination: AccessPlace?,
    isTraced: Bool
  ) -> DecisionRecord {
    guard let principal = shownPrincipal(request, source, destination) else {
      return decision(for: request, from: source, to: destination, isTraced: isTraced)
    }
    var filled = request
    filled.source.principal = principal
    return decision(for: filled, from: source, to: destination, isTraced: isTraced)
  }

  /// - Parameter source: the caller's place, also where the request names no workload.
  func decision(
    for request: AccessRequest, from source: AccessPlace?, to destination: AccessPlace?,
    isTraced: Bool
  ) -> DecisionRecord {
    guard !network.isEmpty else {
      return meshDecision(for: request, from: source, to: destination, isTraced: isTraced)
    }
    let below = networkDecision(for: request, from: source, to: destination, isTraced: isTraced)
    // Nothing above changes a denial below; only a trace tells both.
    if below.decision == .deny, !isTraced { return below }
    let mesh = meshDecision(for: request, from: source, to: destination, isTraced: isTraced)
    return AccessModel.combined(network: below, mesh: mesh)
  }

  /// NetworkPolicy first, because packets meet it first; its trace comes first, too.
  static func combined(network: DecisionRecord, mesh: DecisionRecord) -> DecisionRecord {
    func with(_ record: DecisionRecord) -> DecisionRecord {
      // Without a trace there is nothing to add, and a copy costs.
      guard !network.trace.isEmpty else { return record }
      var record = record
      record.trace = network.trace + mesh.trace
      return record
    }
    if network.decision == .deny { return with(network) }
    if mesh.decision == .deny { return with(mesh) }
    if network.decision == .unknown { return with(network) }
    if mesh.layer == .none, mesh.decision == .allow, network.layer != .none { return with(network) }
    return with(mesh)
  }

  private func meshDecision(
    for request: AccessRequest, from source: AccessPlace?, to place: AccessPlace?, isTraced: Bool
  ) -> DecisionRecord {
    if let dataplane = request.destination.dataplane {
      switch dataplane {
      case .linkerd: return linkerd.decision(for: request, isTraced: isTraced)
      case .none: return AccessModel.unenforced("the request says that no mesh enforces there")
      case .sidecar, .ambient, .waypoint, .gateway:
        return istio.decision(for: request, isTraced: isTraced)
      }
    }
    guard let workload = request.destination.workload else {
      if request.destination.labels != nil {
        return istio.decision(for: request, isTraced: isTraced)
      }
      if request.destination.ip != nil {
        return egressDecision(for: request, from: source, isTraced: isTraced)
      }
      return DecisionRecord(
        .unknown, reason: "the request names no destination workload", layer: .none)
    }
    guard let place else {
      return DecisionRecord(
        .unknown, reason: "no manifest describes the workload \(workload)", layer: .none)
    }
    switch place.layer {
    case .istio: return istio.decision(for: request, isTraced: isTraced)
    case .linkerd:
      guard let pod = place.linkerd else {
        return linkerd.decision(for: request, isTraced: isTraced)
      }
      return linkerd.decision(for: request, at: pod, isTraced: isTraced)
    case .networkPolicy, .none: return AccessModel.unenforced(place.dataplaneReason)
    }
  }

  /// An address outside the cluster: Linkerd asks the source's own proxy (EgressNetwork), a sidecar of
  /// Istio's that passes registered hosts only may not know the address.
  private func egressDecision(
    for request: AccessRequest, from source: AccessPlace?, isTraced: Bool
  ) -> DecisionRecord {
    let known = source ?? request.source.principal.flatMap { identity($0)?.places.first }
    guard let known, known.layer == .linkerd else {
      if let known, let reason = refusedAsUnregistered(known) {
        return DecisionRecord(
          .unknown, reason: reason, layer: .istio,
          trace: [TraceStep(.decided, "\(reason): unknown")])
      }
      return AccessModel.unenforced("the destination is an address outside the cluster")
    }
    var request = request
    request.source.workload = known.workload
    return linkerd.decision(for: request, isTraced: isTraced)
  }

  /// Why a sidecar may not pass a connection on (Istio docs › Accessing external services,
  /// `REGISTRY_ONLY`): it knows hosts and not addresses, and which host is meant is not compared.
  private func refusedAsUnregistered(_ source: AccessPlace) -> String? {
    guard source.layer == .istio,
      let workload = inventory.workloads.first(where: { $0.id == source.workload })
    else { return nil }
    let egress = istio.egressFact(of: workload)
    guard egress.mode == .registryOnly else { return nil }
    return
      "the caller's sidecar passes registered hosts only (\(egress.decidedBy)), and whether this "
      + "address belongs to one is not compared"
  }

  private static func unenforced(_ reason: String) -> DecisionRecord {
    DecisionRecord(
      .allow, layer: .none, trace: [TraceStep(.decided, "no mesh enforces here: \(reason)")])
  }

  /// The identity that the destination sees of the caller; nil for none.
  package func shownIdentity(in request: AccessRequest) -> String? {
    if let principal = request.source.principal { return principal }
    return carriedIdentity(
      request, request.source.workload.flatMap { place(of: $0) },
      request.destination.workload.flatMap { place(of: $0) })
  }

  /// The identity that a workload shows in place of one that the request names.
  ///
  /// It is that of its mesh, where the destination belongs to the same mesh and both proxies take part:
  /// no identity crosses from one mesh to the other.
  private func shownPrincipal(
    _ request: AccessRequest, _ source: AccessPlace?, _ destination: AccessPlace?
  ) -> String? {
    guard request.source.principal == nil else { return nil }
    // Linkerd's own model knows the pods at both ends.
    if destination?.linkerd != nil, source?.layer == .linkerd { return nil }
    return carriedIdentity(request, source, destination)
  }

  private func carriedIdentity(
    _ request: AccessRequest, _ source: AccessPlace?, _ destination: AccessPlace?
  ) -> String? {
    guard let source, source.layer == destination?.layer ?? .istio else { return nil }
    if let destination, let port = request.destination.port {
      let wire = wire(from: source, principal: source.principal, to: destination, port: port)
      guard wire.carriesIdentity else { return nil }
    }
    return source.principal
  }
}
