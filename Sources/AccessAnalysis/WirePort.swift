import AuditModel
import LinkerdPolicy
import MeshModel

/// How a call looks to the layers below the mesh, and whether its identity arrives.
struct Wire: Hashable {
  /// The destination port of the packets: what NetworkPolicy sees.
  var port: Int
  /// Whether the destination's proxy learns who calls.
  var carriesIdentity: Bool
}

extension AccessModel {
  /// - Parameter principal: the identity that the caller shows, or nil.
  func wire(
    from source: WorkloadID?, principal: String?, to destination: WorkloadID, port: Int
  ) -> Wire {
    guard let target = fact(of: destination) else {
      return Wire(port: port, carriesIdentity: principal != nil)
    }
    switch target.dataplane {
    case .linkerd:
      let known = source ?? principal.flatMap { workloads(withPrincipal: $0).first }
      guard let known else { return Wire(port: port, carriesIdentity: principal != nil) }
      let wire = linkerd.wire(from: known, to: destination, port: port)
      return Wire(port: wire.port, carriesIdentity: wire.carriesIdentity)
    case .ambient:
      // A caller with an identity comes over HBONE, port 15008 (Istio docs, Ambient and Kubernetes
      // NetworkPolicy).
      return Wire(port: principal == nil ? port : 15_008, carriesIdentity: principal != nil)
    case .sidecar, .waypoint, .gateway, .none:
      return Wire(port: port, carriesIdentity: principal != nil)
    }
  }
}
