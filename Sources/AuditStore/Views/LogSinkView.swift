/// The view `log_sink`.
extension View {
  static let logSink = View(
    name: "log_sink", group: .configuration,
    description: """
      Where logs are written to: outputs of log collectors, by their ConfigMap (Fluent Bit, \
      OpenTelemetry Collector, Promtail, Vector) or OpenTelemetryCollector, and Istio's providers of \
      access logs that are services.
      """,
    columns: [
      Column("log_sink_id", "key", "s.log_sink_id"),
      Column(
        "collector",
        """
        fluent-bit, opentelemetry-collector, promtail, vector, or the provider: envoyOtelAls, \
        envoyHttpAls, envoyTcpAls
        """,
        "s.collector"),
      Column("namespace", "namespace of what configures it", "s.namespace"),
      Column("name", "name of what configures it", "s.name"),
      Column("kind", "s3, loki, es, otlp, … in the collector's words", "s.kind"),
      Column(
        "address", "host and port or bucket, or null where the environment tells", "s.address"),
      Column(
        "is_in_cluster", "1 for an address of the cluster, 0 for another, null when unknown",
        "s.is_in_cluster"),
      Column(
        "service_namespace", "namespace of the Service at the address, or null",
        "s.service_namespace"),
      Column("service_name", "name of the Service at the address, or null", "s.service_name"),
      Column("location_id", "place in the inputs, joins `location`", "s.location_id"),
    ],
    source: """
      log_sinks s
      where s.run_id = (select run_id from current_run)
      """)
}
