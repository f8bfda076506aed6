/// The view `workload_egress`.
extension View {
  static let workloadEgress = View(
    name: "workload_egress", group: .configuration,
    description:
      "What an Istio workload's proxy does with destinations that the mesh does not know.",
    columns: [
      Column(
        "workload_id", "joins `workload`",
        "e.workload_id"),
      Column(
        "mode", "REGISTRY_ONLY, ALLOW_ANY or ALLOW_ANY_DYNAMIC_DNS; null where nothing restricts",
        "e.mode"),
      Column(
        "decided_by", "the Sidecar, MeshConfig or mesh default",
        "e.decided_by"),
      Column(
        "visible_hosts", "hosts of its Sidecar, JSON array of namespace/host",
        "e.visible_hosts"),
      Column(
        "sees_everything", "1 when every service of the mesh is among them",
        "e.sees_everything"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "e.location_id"),
    ],
    source: """
      workload_egress_facts e
      join workloads w on w.workload_id = e.workload_id
      where w.run_id = (select run_id from current_run)
      """)
}
