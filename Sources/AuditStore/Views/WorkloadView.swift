/// The view `workload`.
extension View {
  static let workload = View(
    name: "workload", group: .configuration,
    description: "What runs pods, by its top owner.",
    columns: [
      Column(
        "workload_id", "key",
        "w.workload_id"),
      Column(
        "cluster", "cluster, empty when one",
        "w.cluster"),
      Column(
        "namespace", "namespace",
        "w.namespace"),
      Column(
        "name", "name of the top owner",
        "w.name"),
      Column(
        "kind", "Deployment, StatefulSet, …",
        "w.kind"),
      Column(
        "service_account", "service account of its pods",
        "w.service_account"),
      Column(
        "identity", "SPIFFE URI or Linkerd name that its mesh issues, null outside a mesh",
        "w.identity"),
      Column(
        "layer", "istio, linkerd or none",
        "w.layer"),
      Column(
        "dataplane", "sidecar, ambient, waypoint, gateway, linkerd or none",
        "w.dataplane"),
      Column(
        "dataplane_reason", "what decided that",
        "w.dataplane_reason"),
      Column(
        "version", "version label or null",
        "w.version"),
      Column(
        "application", "application label or null",
        "w.application"),
      Column(
        "labels", "pod labels, JSON object",
        "w.labels"),
      Column(
        "annotations", "pod annotations, JSON object",
        "w.annotations"),
      Column(
        "replicas", "declared replicas or null",
        "w.replicas"),
      Column(
        "uses_host_network", "1 when its pods share the node's network",
        "w.uses_host_network"),
      Column(
        "ai_system_id", "first AI system it belongs to, or null",
        """
        (select min(m.system_id) from ai_system_workloads m where m.workload_id = \
        w.workload_id)
        """),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "w.location_id"),
    ],
    source: """
      workloads w
      where w.run_id = (select run_id from current_run)
      """)
}
