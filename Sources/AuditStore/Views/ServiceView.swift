/// The view `service`.
extension View {
  static let service = View(
    name: "service", group: .configuration,
    description: "Kubernetes Services.",
    columns: [
      Column(
        "service_id", "key",
        "s.service_id"),
      Column(
        "namespace", "namespace",
        "s.namespace"),
      Column(
        "name", "name",
        "s.name"),
      Column(
        "type", "ClusterIP, NodePort, LoadBalancer or ExternalName",
        "s.type"),
      Column(
        "selector", "JSON object of labels",
        "s.selector"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "s.location_id"),
    ],
    source: """
      services s
      where s.run_id = (select run_id from current_run)
      """)
}
