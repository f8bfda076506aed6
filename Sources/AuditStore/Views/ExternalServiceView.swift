/// The view `external_service`.
extension View {
  static let externalService = View(
    name: "external_service", group: .configuration,
    description: "Hosts of ServiceEntries.",
    columns: [
      Column(
        "external_service_id", "key",
        "e.external_service_id"),
      Column(
        "namespace", "namespace of the ServiceEntry",
        "e.namespace"),
      Column(
        "name", "name of the ServiceEntry",
        "e.name"),
      Column(
        "host", "host, perhaps with a wildcard",
        "e.host"),
      Column(
        "mesh_location", "MESH_EXTERNAL or MESH_INTERNAL",
        "e.mesh_location"),
      Column(
        "resolution", "NONE, STATIC, DNS, DNS_ROUND_ROBIN or DYNAMIC_DNS",
        "e.resolution"),
      Column(
        "ports", "JSON array",
        "e.ports"),
      Column(
        "export_to", "namespaces that see it, JSON array: *, . or names",
        "e.export_to"),
      Column(
        "is_export_written", "1 when the entry says so itself, 0 when the mesh default holds",
        "e.is_export_written"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "e.location_id"),
    ],
    source: """
      external_service_facts e
      where e.run_id = (select run_id from current_run)
      """)
}
