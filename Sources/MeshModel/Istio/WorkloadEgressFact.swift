/// What a workload's proxy does with destinations that the mesh does not know.
///
/// A configuration of visibility, not a security boundary (Istio docs › Sidecar).
package struct WorkloadEgressFact: Hashable, Sendable {
  package var workload: WorkloadID
  /// Nil where nothing restricts: no proxy, or ambient, which knows no outbound policy.
  package var mode: IstioOutboundMode?
  /// `Sidecar agents/default`, `MeshConfig outboundTrafficPolicy` or `mesh default`.
  package var decidedBy: String
  /// `namespace/host` as the Sidecar writes them; `*/*` without one.
  package var visibleHosts: [String]
  package var location: SourceLocation

  package init(
    workload: WorkloadID, mode: IstioOutboundMode?, decidedBy: String, visibleHosts: [String],
    location: SourceLocation
  ) {
    self.workload = workload
    self.mode = mode
    self.decidedBy = decidedBy
    self.visibleHosts = visibleHosts
    self.location = location
  }
}
