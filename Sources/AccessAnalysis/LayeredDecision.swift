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
    var request = request
    fillSource(&request)
    let mesh = meshDecision(for: request, isTraced: isTraced)
    guard !network.isEmpty, let below = networkDecision(for: request, isTraced: isTraced) else {
      return mesh
    }
    return AccessModel.combined(network: below, mesh: mesh)
  }

  /// NetworkPolicy first, because packets meet it first; its trace comes first, too.
  static func combined(network: DecisionRecord, mesh: DecisionRecord) -> DecisionRecord {
    func with(_ record: DecisionRecord) -> DecisionRecord {
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

  private func meshDecision(for request: AccessRequest, isTraced: Bool) -> DecisionRecord {
    let destination = request.destination
    if let dataplane = destination.dataplane {
      switch dataplane {
      case .linkerd: return linkerd.decision(for: request, isTraced: isTraced)
      case .none: return AccessModel.unenforced("the request says that no mesh enforces there")
      case .sidecar, .ambient, .waypoint, .gateway:
        return istio.decision(for: request, isTraced: isTraced)
      }
    }
    guard let workload = destination.workload else {
      if destination.labels != nil { return istio.decision(for: request, isTraced: isTraced) }
      if destination.ip != nil {
        return AccessModel.unenforced("the destination is an address outside the cluster")
      }
      return DecisionRecord(
        .unknown, reason: "the request names no destination workload", layer: .none)
    }
    guard let fact = fact(of: workload) else {
      return DecisionRecord(
        .unknown, reason: "no manifest describes the workload \(workload)", layer: .none)
    }
    switch fact.layer {
    case .istio: return istio.decision(for: request, isTraced: isTraced)
    case .linkerd: return linkerd.decision(for: request, isTraced: isTraced)
    case .networkPolicy, .none: return AccessModel.unenforced(fact.dataplaneReason)
    }
  }

  private static func unenforced(_ reason: String) -> DecisionRecord {
    DecisionRecord(
      .allow, layer: .none, trace: [TraceStep(.decided, "no mesh enforces here: \(reason)")])
  }

  /// The identity that the destination sees of the caller; nil for none.
  package func shownIdentity(in request: AccessRequest) -> String? {
    var request = request
    fillSource(&request)
    return request.source.principal
  }

  /// A workload that stands in for its principal shows the identity of its mesh, where the destination
  /// belongs to the same mesh and both proxies take part: no identity crosses from one mesh to the other.
  private func fillSource(_ request: inout AccessRequest) {
    guard request.source.principal == nil, let workload = request.source.workload,
      let source = fact(of: workload)
    else { return }
    let destination = request.destination
    let layer = destination.workload.flatMap { fact(of: $0)?.layer } ?? .istio
    guard source.layer == layer else { return }
    if let called = destination.workload, let port = destination.port {
      let wire = wire(from: workload, principal: source.principal, to: called, port: port)
      guard wire.carriesIdentity else { return }
    }
    request.source.principal = source.principal
  }
}
