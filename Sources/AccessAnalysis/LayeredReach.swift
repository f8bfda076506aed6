import AuditModel
import IstioPolicy
import KubernetesPolicy
import LinkerdPolicy
package import MeshModel

extension AccessModel {
  /// What a peer can do at a port of a workload, over all layers and all operations at once.
  package func reach(from peer: PeerProfile, to workload: WorkloadID, port: Int) -> Reach {
    layeredReach(from: peer, to: workload, port: port).reach
  }

  /// The reach over all layers, and what each says where there is more than one.
  func layeredReach(from peer: PeerProfile, to workload: WorkloadID, port: Int)
    -> AccessGraph.Outcome
  {
    let outcome = reachAsDescribed(from: peer, to: workload, port: port)
    guard !withNamespaces.isEmpty else { return outcome }
    return settled(outcome, from: peer, to: workload, port: port)
  }

  private func reachAsDescribed(from peer: PeerProfile, to workload: WorkloadID, port: Int)
    -> AccessGraph.Outcome
  {
    let mesh = meshReach(from: peer, to: workload, port: port)
    guard !network.isEmpty else { return AccessGraph.Outcome(reach: mesh) }
    let wire = wire(from: peer.workload, principal: peer.principal, to: workload, port: port)
    let below = network.reach(
      from: seen(peer), to: workload, at: place(of: workload)?.outsideAddress, port: wire.port)
    let isGoverned =
      network.isGoverned(workload, .ingress)
      || peer.workload.map { network.isGoverned($0, .egress) } ?? false
    let layers = LayerOutcomes(
      mesh: mesh, network: isGoverned ? below : nil, wirePort: wire.port)
    switch below.outcome {
    case .deny: return AccessGraph.Outcome(reach: below, layers: layers)
    case .unknown:
      return AccessGraph.Outcome(reach: mesh.outcome == .deny ? mesh : below, layers: layers)
    case .allow, .partial, .delegate:
      let isBelow = mesh.layer == .none && network.isIsolated(workload, .ingress)
      return AccessGraph.Outcome(reach: isBelow ? below : mesh, layers: layers)
    }
  }

  /// A peer as network policies see it: a workload outside the cluster is its address.
  private func seen(_ peer: PeerProfile) -> PeerProfile {
    guard let address = peer.workload.flatMap({ place(of: $0)?.outsideAddress }) else {
      return peer
    }
    return PeerProfile(principal: nil, ip: address)
  }

  private func meshReach(from peer: PeerProfile, to workload: WorkloadID, port: Int) -> Reach {
    guard let destination = fact(of: workload) else {
      return Reach(
        .unknown, layer: .none, reason: "no manifest describes the workload \(workload)")
    }
    var peer = peer
    // No identity crosses from one mesh to the other, or past a proxy that is skipped.
    if let source = peer.workload.flatMap({ fact(of: $0) }) {
      let wire = wire(from: peer.workload, principal: peer.principal, to: workload, port: port)
      if source.layer != destination.layer || !wire.carriesIdentity { peer.principal = nil }
    }
    switch destination.layer {
    case .istio: return istio.reach(from: peer, to: workload, port: port)
    case .linkerd: return linkerd.reach(from: peer, to: workload, port: port)
    case .networkPolicy, .none:
      return Reach(.allow, layer: .none, reason: destination.dataplaneReason)
    }
  }
}
