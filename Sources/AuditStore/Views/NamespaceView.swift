/// The view `namespace`.
extension View {
  static let namespace = View(
    name: "namespace", group: .configuration,
    description: "Namespaces that are declared or that hold a workload.",
    columns: [
      Column(
        "namespace_id", "key",
        "n.namespace_id"),
      Column(
        "name", "name",
        "n.name"),
      Column(
        "labels", "JSON object",
        "n.labels"),
      Column(
        "is_declared", "1 when a manifest declares it",
        "n.is_declared"),
      Column(
        "workload_count", "workloads in it",
        """
        (select count(*) from workloads w where w.run_id = n.run_id and w.namespace = \
        n.name)
        """),
      Column(
        "meshed_count", "workloads in it that a mesh enforces policy for",
        """
        (select count(*) from workloads w where w.run_id = n.run_id and w.namespace = n.name \
        and w.dataplane <> 'none')
        """),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "n.location_id"),
    ],
    source: """
      namespaces n
      where n.run_id = (select run_id from current_run)
      """)
}
