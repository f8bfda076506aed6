/// The view `observed_request`.
extension View {
  static let observedRequest = View(
    name: "observed_request", group: .traffic,
    description: """
      Calls that logs, counters and traces show, added up by day. Rows of one call from both of its \
      sides differ in `side`: count one side. Rows of one call from several evidences differ in \
      `evidence`: count one, or leave out what is repeated.
      """,
    columns: [
      Column(
        "observed_request_id", "key",
        "o.observed_request_id"),
      Column(
        "day", "UTC day",
        "o.day"),
      Column(
        "side", "server or client: who wrote the line",
        "o.side"),
      Column(
        "source", "identity of the caller, or null",
        "nullif(o.source_principal, '')"),
      Column(
        "source_workload_id", "caller in `workload`, or null",
        """
        (select min(w.workload_id) from workloads w where w.run_id = (select run_id from \
        current_run) and w.namespace = o.source_namespace and w.name = o.source_name)
        """),
      Column(
        "source_namespace", "namespace of the caller, or null",
        "nullif(o.source_namespace, '')"),
      Column(
        "source_name", "name of the calling workload, or null",
        "nullif(o.source_name, '')"),
      Column(
        "source_host", "caller when no workload is known",
        "nullif(o.source_host, '')"),
      Column(
        "destination", "identity of the called, or null",
        "nullif(o.destination_principal, '')"),
      Column(
        "destination_workload_id", "called in `workload`, or null",
        """
        (select min(w.workload_id) from workloads w where w.run_id = (select run_id from \
        current_run) and w.namespace = o.destination_namespace and w.name = \
        o.destination_name)
        """),
      Column(
        "destination_namespace", "namespace of the called, or null",
        "nullif(o.destination_namespace, '')"),
      Column(
        "destination_name", "name of the called workload, or null",
        "nullif(o.destination_name, '')"),
      Column(
        "destination_host", "host that was called when no workload is known",
        "nullif(o.destination_host, '')"),
      Column(
        "port", "container port on the server side, service port on the client side, or null",
        "nullif(o.port, 0)"),
      Column(
        "protocol", "http, grpc or tcp",
        "o.protocol"),
      Column(
        "method", "HTTP method or null",
        "nullif(o.method, '')"),
      Column(
        "path_template", "path without query, identifiers as {id}; null for TCP",
        "nullif(o.path_template, '')"),
      Column(
        "response_class", "2xx, 4xx, …, none, tcp, or unknown where a counter does not tell",
        "o.response_class"),
      Column(
        "outcome", "allowed, denied (by mesh policy) or failed",
        "o.outcome"),
      Column(
        "denied_by", "policy id that the proxy named",
        "nullif(o.denied_by, '')"),
      Column(
        "identity_source", "how the caller is known: peer-uri-san, xfcc, address, …",
        "o.identity_source"),
      Column(
        "is_identity_verified", "1 when the mesh verified the caller",
        "o.is_identity_verified"),
      Column(
        "is_path_trusted", "1 when the logged path is the one that policy saw",
        "o.is_path_trusted"),
      Column(
        "is_mtls", "1, 0, or null when the line does not say",
        "o.is_mtls"),
      Column(
        "format", "format of the lines",
        "o.format"),
      Column(
        "evidence",
        "log, counter (identities without method and path) or trace (weak, sampled)",
        "o.evidence"),
      Column(
        "is_repeated",
        """
        1 where a counter or trace shows a caller that log lines of the same day and workload show, \
        or a trace one that counters show: leave out when adding up
        """,
        TrafficSQL.isRepeated("o")),
      Column(
        "request_count", "requests",
        "o.request_count"),
      Column(
        "paired_count",
        """
        of them, those of which the other side's line is counted, too: each request once is \
        request_count of the server's side and request_count - paired_count of the client's
        """,
        "o.paired_count"),
      Column(
        "first_seen", "UTC",
        "o.first_seen"),
      Column(
        "last_seen", "UTC",
        "o.last_seen"),
      Column(
        "decision",
        """
        what the policies of this run decide on it: allow, deny, delegate, unknown; null \
        when not decided
        """,
        "x.decision"),
      Column(
        "decided_by", "rule id",
        "x.decided_by"),
      Column(
        "granted_by", "`reported_id` of the ALLOW rule that grants it, or null",
        "x.granted_by"),
      Column(
        "decision_reason", "why unknown or denied",
        "x.reason"),
    ],
    source: """
      observed_requests o
      left
      join observed_decisions x on x.observed_request_id = o.observed_request_id and x.run_id
        = (select run_id from current_run)
      """)
}
