/// The view `workload_container`.
extension View {
  static let workloadContainer = View(
    name: "workload_container", group: .configuration,
    description: "Containers of a workload.",
    columns: [
      Column(
        "workload_container_id", "key",
        "c.workload_container_id"),
      Column(
        "workload_id", "joins `workload`",
        "c.workload_id"),
      Column(
        "name", "name",
        "c.name"),
      Column(
        "image", "image",
        "c.image"),
      Column(
        "run_as_user", "UID or null",
        "c.run_as_user"),
      Column(
        "is_init", "1 for init containers",
        "c.is_init"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "c.location_id"),
    ],
    source: """
      workload_containers c
      join workloads w on w.workload_id = c.workload_id
      where w.run_id = (select run_id from current_run)
      """)
}
