/// The view `metric_sample`.
extension View {
  static let metricSample = View(
    name: "metric_sample", group: .traffic,
    description: """
      Memory and latency of proxies, by their own metrics in this run's inputs: one row for each metric, \
      proxy and side.
      """,
    columns: [
      Column("metric_sample_id", "key", "m.metric_sample_id"),
      Column("metric", "`envoy_server_memory_allocated`, `response_latency_ms`, …", "m.metric"),
      Column("kind", "memory (bytes) or latency (milliseconds)", "m.kind"),
      Column(
        "workload_id", "whose proxy measured, joins `workload`, or null",
        """
        (select min(w.workload_id) from workloads w where w.run_id = m.run_id and w.namespace = \
        m.namespace and w.name = m.name)
        """),
      Column("namespace", "namespace of that workload, or null", "m.namespace"),
      Column("name", "name of that workload, or null", "m.name"),
      Column("instance", "pod, scrape target or file; empty where pods are added up", "m.instance"),
      Column("side", "server, client, or null for memory", "m.side"),
      Column("sample_count", "values of a gauge, or requests of a histogram", "m.sample_count"),
      Column("minimum", "least value, null for latency", "m.minimum"),
      Column("maximum", "greatest value, null for latency", "m.maximum"),
      Column("last_value", "latest value, null for latency", "m.last_value"),
      Column("p50", "what half of the requests did not exceed, null for memory", "m.p50"),
      Column("p95", "what 95 % of them did not exceed, null for memory", "m.p95"),
      Column("p99", "what 99 % of them did not exceed, null for memory", "m.p99"),
      Column("first_time", "UTC", "m.first_time"),
      Column("last_time", "UTC", "m.last_time"),
      Column("location_id", "the file, joins `location`", "m.location_id"),
    ],
    source: """
      metric_samples m
      where m.run_id = (select run_id from current_run)
      """)
}
