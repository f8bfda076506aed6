/// The view `extension_provider`.
extension View {
  static let extensionProvider = View(
    name: "extension_provider", group: .configuration,
    description: "External authorizers, log and trace sinks of MeshConfig.",
    columns: [
      Column(
        "extension_provider_id", "key",
        "e.extension_provider_id"),
      Column(
        "name", "name that policies use",
        "e.name"),
      Column(
        "kind", "envoyExtAuthzHttp, envoyExtAuthzGrpc, envoyFileAccessLog, …; null when unknown",
        "e.kind"),
      Column(
        "service", "service that is asked or written to",
        "e.service"),
      Column(
        "port", "its port",
        "e.port"),
      Column(
        "fails_open", "1 when requests pass while an authorizer does not answer",
        "e.fails_open"),
      Column(
        "timeout", "as written, or null",
        "e.timeout"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "e.location_id"),
    ],
    source: """
      extension_provider_facts e
      where e.run_id = (select run_id from current_run)
      """)
}
