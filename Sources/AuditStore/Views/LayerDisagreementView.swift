/// The view `layer_disagreement`.
extension View {
  static let layerDisagreement = View(
    name: "layer_disagreement", group: .access,
    description: """
      Edges that the mesh and NetworkPolicy answer differently: one lets through what the \
      other refuses. A layer that says nothing of an edge does not disagree.
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
        "wire_port", "port of the packets, which NetworkPolicy sees",
        "e.wire_port"),
      Column(
        "refused_by", "mesh or network-policy",
        "case e.mesh_decision when 'deny' then 'mesh' else 'network-policy' end"),
      Column(
        "mesh_layer", "istio or linkerd",
        "e.mesh_layer"),
      Column(
        "mesh_decision", "allow, partial, deny or delegate",
        "e.mesh_decision"),
      Column(
        "mesh_decided_by", "JSON array of the rules of the mesh that decided",
        "e.mesh_decided_by"),
      Column(
        "network_decision", "allow or deny",
        "e.network_decision"),
      Column(
        "network_decided_by", "JSON array of the rules of NetworkPolicy that decided",
        "e.network_decided_by"),
    ],
    source: """
      \(AccessPairSQL.tables)
      where e.run_id = (select run_id from current_run)
        and \(AccessPairSQL.isHeld)
        and e.mesh_layer <> 'none'
        and (
          (e.mesh_decision in ('allow', 'partial', 'delegate') and e.network_decision = 'deny')
          or (e.mesh_decision = 'deny' and e.network_decision = 'allow')
        )
      """)
}
