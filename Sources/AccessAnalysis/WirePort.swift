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
  /// How a connection travels between workloads; nil for a client that no manifest describes.
  ///
  /// - Parameter principal: the identity that the caller shows, or nil. That of a workload of another
  ///   mesh does not count.
  func wire(
    from source: WorkloadID?, principal: String?, to destination: WorkloadID, port: Int
  ) -> Wire {
    guard let target = place(of: destination) else {
      return Wire(port: port, carriesIdentity: principal != nil)
    }
    return wire(
      from: source.flatMap { place(of: $0) }, principal: principal, to: target, port: port,
      isUnknown: source != nil)
  }

  /// - Parameter isUnknown: a source that has no place is a workload that no manifest describes, not
  ///   one that its identity may tell.
  func wire(
    from source: AccessPlace?, principal: String?, to target: AccessPlace, port: Int,
    isUnknown: Bool = false
  ) -> Wire {
    var principal = principal
    if let layer = source?.layer, layer != target.layer { principal = nil }
    switch target.dataplane {
    case .linkerd:
      guard let pod = target.linkerd else {
        return Wire(port: port, carriesIdentity: principal != nil)
      }
      let known = source ?? (isUnknown ? nil : principal.flatMap { identity($0)?.places.first })
      let wire = linkerd.wire(
        from: known?.linkerd, to: pod, port: port, showsIdentity: principal != nil)
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
