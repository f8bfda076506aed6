/// The view `workload_port`.
extension View {
  static let workloadPort = View(
    name: "workload_port", group: .configuration,
    description: """
      TCP ports that containers of a workload declare, and how they take connections.
      """,
    columns: [
      Column(
        "workload_port_id", "key",
        "p.workload_port_id"),
      Column(
        "workload_id", "joins `workload`",
        "p.workload_id"),
      Column(
        "port", "container port",
        "p.port"),
      Column(
        "name", "port name or null",
        "p.name"),
      Column(
        "protocol", "http, http2, grpc, tcp, tls, opaque, or null when detected",
        "p.protocol"),
      Column(
        "mtls_mode", "strict, permissive, disabled, or none without a proxy",
        "p.mtls_mode"),
      Column(
        "mtls_decided_by", "what set the mode",
        "p.mtls_decided_by"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "p.location_id"),
    ],
    source: """
      workload_ports p
      join workloads w on w.workload_id = p.workload_id
      where w.run_id = (select run_id from current_run)
      """)
}
