/// The view `traffic_window`.
extension View {
  static let trafficWindow = View(
    name: "traffic_window", group: .traffic,
    description: """
      For how long the logs of each workload's own proxy were seen: without it, not seen \
      is never not used.
      """,
    columns: [
      Column(
        "workload_id", "joins `workload`",
        "w.workload_id"),
      Column(
        "first_seen", "UTC",
        "min(o.first_seen)"),
      Column(
        "last_seen", "UTC",
        "max(o.last_seen)"),
      Column(
        "day_count", "days with at least one line",
        "count(distinct o.day)"),
      Column(
        "request_count", "requests on the server side",
        "sum(o.request_count)"),
    ],
    source: """
      observed_requests o
      join workloads w on w.namespace = o.destination_namespace and w.name =
        o.destination_name
      where o.side = 'server' and w.run_id = (select run_id from current_run)
      group by w.workload_id
      """)
}
