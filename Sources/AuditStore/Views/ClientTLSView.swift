/// The view `client_tls`.
extension View {
  static let clientTLS = View(
    name: "client_tls", group: .configuration,
    description:
      "Connections that a DestinationRule secures otherwise than auto mTLS would, or with a setting that does not do what it seems to.",
    columns: [
      Column(
        "client_tls_id", "key",
        "c.client_tls_id"),
      Column(
        "client_namespace", "the clients' namespace",
        "c.client_namespace"),
      Column(
        "client_workload_id",
        "one client, joins `workload`; null means all of the namespace with a proxy",
        "c.client_workload_id"),
      Column(
        "server_workload_id", "joins `workload`",
        "c.server_workload_id"),
      Column(
        "port", "container port of the server",
        "c.port"),
      Column(
        "subset", "subset that traffic is routed to, null without",
        "c.subset"),
      Column(
        "outcome", "mutual, user-tls, plaintext or broken",
        "c.outcome"),
      Column(
        "traps",
        "JSON array: port-level-reset, credential-ignored, verification-skipped, names-unchecked",
        "c.traps"),
      Column(
        "decided_by", "the DestinationRule, or auto mTLS",
        "c.decided_by"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "c.location_id"),
    ],
    source: """
      client_tls_facts c
      where c.run_id = (select run_id from current_run)
      """)
}
