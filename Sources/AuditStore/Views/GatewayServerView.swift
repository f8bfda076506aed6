/// The view `gateway_server`.
extension View {
  static let gatewayServer = View(
    name: "gateway_server", group: .configuration,
    description: "Servers of Istio Gateways.",
    columns: [
      Column(
        "gateway_server_id", "key",
        "g.gateway_server_id"),
      Column(
        "namespace", "namespace of the Gateway",
        "g.namespace"),
      Column(
        "name", "name of the Gateway",
        "g.name"),
      Column(
        "position", "place among its servers, from 0",
        "g.position"),
      Column(
        "port", "port of the service",
        "g.port"),
      Column(
        "protocol", "as written: HTTP, HTTPS, TLS, …",
        "g.protocol"),
      Column(
        "hosts", "JSON array",
        "g.hosts"),
      Column(
        "tls_mode", "PASSTHROUGH, SIMPLE, MUTUAL, …; null without TLS",
        "g.tls_mode"),
      Column(
        "minimum_protocol_version", "TLSV1_2 unless written otherwise; null without TLS",
        "g.minimum_protocol_version"),
      Column(
        "redirects_to_https", "1 when it only sends callers to HTTPS",
        "g.redirects_to_https"),
      Column(
        "credential_names", "JSON array of Secret names",
        "g.credential_names"),
      Column(
        "workload_count", "workloads whose pods it selects",
        "(select count(*) from gateway_server_workloads x where x.gateway_server_id = g.gateway_server_id)"
      ),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "g.location_id"),
    ],
    source: """
      gateway_server_facts g
      where g.run_id = (select run_id from current_run)
      """)
}
