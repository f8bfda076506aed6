/// The view `gateway_server_workload`.
extension View {
  static let gatewayServerWorkload = View(
    name: "gateway_server_workload", group: .configuration,
    description: "Which workloads serve a Gateway.",
    columns: [
      Column(
        "gateway_server_id", "joins `gateway_server`",
        "x.gateway_server_id"),
      Column(
        "workload_id", "joins `workload`",
        "x.workload_id"),
    ],
    source: """
      gateway_server_workloads x
      join gateway_server_facts g on g.gateway_server_id = x.gateway_server_id
      where g.run_id = (select run_id from current_run)
      """)
}
