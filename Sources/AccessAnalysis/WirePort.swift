import AuditModel
import MeshModel

extension AccessModel {
  /// The port that a NetworkPolicy sees for a call to an application port: proxies of ambient Istio
  /// talk HBONE on port 15008 (Istio docs, Ambient and Kubernetes NetworkPolicy).
  func wirePort(from peer: PeerProfile, to workload: WorkloadID, port: Int) -> Int {
    guard let destination = fact(of: workload) else { return port }
    if destination.dataplane == .ambient, peer.principal != nil { return 15_008 }
    return port
  }
}
