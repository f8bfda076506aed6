/// The view `workload_telemetry`.
extension View {
  static let workloadTelemetry = View(
    name: "workload_telemetry", group: .configuration,
    description: "What a workload's proxy records.",
    columns: [
      Column(
        "workload_id", "joins `workload`",
        "t.workload_id"),
      Column(
        "has_access_log", "1 when inbound requests are logged, 0 when not, null when unknown",
        "t.has_access_log"),
      Column(
        "access_log_encoding", "text or json, null for what is sent to a log service",
        "t.access_log_encoding"),
      Column(
        "access_log_format",
        "format string or JSON object of fields; for OpenTelemetry its body and attributes",
        "t.access_log_format"),
      Column(
        "access_log_filter", "CEL filter or null",
        "t.access_log_filter"),
      Column(
        "access_log_decided_by", "what set it",
        "t.access_log_decided_by"),
      Column(
        "logs_peer_identity", "1 when the format carries a verified peer identity",
        "t.logs_peer_identity"),
      Column(
        "logs_request_path", "1 when the format carries the path that policy is evaluated on",
        "t.logs_request_path"),
      Column(
        "has_tracing", "1 when spans are reported",
        "t.has_tracing"),
      Column(
        "tracing_sampling", "percent of requests, 0 to 100, or null",
        "t.tracing_sampling"),
      Column(
        "access_log_sink", "where the log goes, /dev/stdout or a collector's service, or null",
        "t.access_log_sink"),
      Column(
        "has_client_log",
        "1 when the calls that it makes are logged by its proxy, 0 when not, null when unknown",
        "t.has_client_log"),
      Column(
        "client_log_filter", "CEL filter of the calls that it makes, or null",
        "t.client_log_filter"),
      Column(
        "client_log_decided_by", "what set that, or null",
        "t.client_log_decided_by"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "t.location_id"),
    ],
    source: """
      workload_telemetry_facts t
      join workloads w on w.workload_id = t.workload_id
      where w.run_id = (select run_id from current_run)
      """)
}
