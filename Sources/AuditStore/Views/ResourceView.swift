/// The view `resource`.
extension View {
  static let resource = View(
    name: "resource", group: .configuration,
    description: "Every resource of the manifests, of any kind.",
    columns: [
      Column(
        "resource_id", "key",
        "r.resource_id"),
      Column(
        "api_group", "API group, empty for core",
        "r.api_group"),
      Column(
        "api_version", "version inside the group",
        "r.api_version"),
      Column(
        "kind", "kind",
        "r.kind"),
      Column(
        "namespace", "namespace, empty when cluster-scoped",
        "r.namespace"),
      Column(
        "name", "name",
        "r.name"),
      Column(
        "labels", "JSON object",
        "r.labels"),
      Column(
        "annotations", "JSON object",
        "r.annotations"),
      Column(
        "spec", "JSON; values of Secrets are never in it",
        "r.spec"),
      Column(
        "created_at", "creation timestamp, null in manifests never applied",
        "r.created_at"),
      Column(
        "is_incomplete", "1 when something in it could not be read",
        "r.is_incomplete"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "r.location_id"),
    ],
    source: """
      resources r
      where r.run_id = (select run_id from current_run)
      """)
}
