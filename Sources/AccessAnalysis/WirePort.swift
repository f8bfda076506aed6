import AuditModel
import LinkerdPolicy
import MeshModel

/// How a call looks to the layers below the mesh, and whether its identity arrives.
struct Wire: Hashable {
  /// The destination port of the packets: what NetworkPolicy sees.
  var port: Int
  /// Whether the destination's proxy learns who calls.
  var carriesIdentity: Bool
  /// One clause that says why, where the packets do not go to the port that was asked about.
  var reason: String?
}

extension AccessModel {
  /// - Parameter principal: the identity that the caller shows, or nil. That of a workload of another
  ///   mesh does not count.
  func wire(
    from source: WorkloadID?, principal: String?, to destination: WorkloadID, port: Int
  ) -> Wire {
    guard let target = fact(of: destination) else {
      return Wire(port: port, carriesIdentity: principal != nil)
    }
    var principal = principal
    if let layer = source.flatMap({ fact(of: $0) })?.layer, layer != target.layer {
      principal = nil
    }
    switch target.dataplane {
    case .linkerd:
      let known = source ?? principal.flatMap { workloads(withPrincipal: $0).first }
      let wire = linkerd.wire(
        from: known, to: destination, port: port, showsIdentity: principal != nil)
      return Wire(
        port: wire.port, carriesIdentity: wire.carriesIdentity,
        reason: wire.port == port ? nil : wire.reason)
    case .ambient:
      // A caller with an identity comes over HBONE, port 15008 (Istio docs, Ambient and Kubernetes
      // NetworkPolicy).
      guard principal != nil else { return Wire(port: port, carriesIdentity: false) }
      return Wire(
        port: 15_008, carriesIdentity: true, reason: "ambient workloads talk HBONE to each other")
    case .sidecar, .waypoint, .gateway, .none:
      return Wire(port: port, carriesIdentity: principal != nil)
    }
  }
}
