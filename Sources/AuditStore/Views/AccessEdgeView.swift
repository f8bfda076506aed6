/// The view `access_edge`.
extension View {
  static let accessEdge = View(
    name: "access_edge", group: .access,
    description: """
      Who may call what: every source and every port of every workload, over all layers.
      """,
    columns: [
      Column(
        "source_kind", "workload, unauthenticated, outside or foreign-trust-domain",
        "s.kind"),
      Column(
        "source", "name of the source",
        "s.name"),
      Column(
        "source_identity", "its identity or null",
        "s.principal"),
      Column(
        "source_workload_id", "joins `workload`, or null",
        "s.workload_id"),
      Column(
        "destination_workload_id", "joins `workload`",
        "d.workload_id"),
      Column(
        "port", "container port",
        "d.port"),
      Column(
        "decision", "allow, partial, deny, delegate or unknown",
        "e.decision"),
      Column(
        "layer", "layer that decided",
        "e.layer"),
      Column(
        "operations", "JSON array of what is allowed when partial",
        "e.operations"),
      Column(
        "decided_by", "JSON array of rule ids",
        "e.decided_by"),
      Column(
        "reason", "why it is unknown or delegated",
        "e.reason"),
      Column(
        "wire_port", "port of the packets, which NetworkPolicy sees; null without NetworkPolicy",
        "e.wire_port"),
      Column(
        "mesh_decision", "what the mesh alone decides; null without NetworkPolicy",
        "e.mesh_decision"),
      Column(
        "network_decision", "what NetworkPolicy alone decides; null where it says nothing",
        "e.network_decision"),
    ],
    source: """
      \(AccessPairSQL.tables)
      where e.run_id = (select run_id from current_run)
        and \(AccessPairSQL.isHeld)
      """)
}
