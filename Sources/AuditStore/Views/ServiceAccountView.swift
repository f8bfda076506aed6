/// The view `service_account`.
extension View {
  static let serviceAccount = View(
    name: "service_account", group: .configuration,
    description: "Service accounts that are declared or that a workload runs as.",
    columns: [
      Column(
        "service_account_id", "key",
        "a.service_account_id"),
      Column(
        "namespace", "namespace",
        "a.namespace"),
      Column(
        "name", "name",
        "a.name"),
      Column(
        "is_declared", "1 when a manifest declares it",
        "a.is_declared"),
      Column(
        "workload_count", "workloads that run as it",
        """
        (select count(*) from workloads w where w.run_id = a.run_id and w.namespace = \
        a.namespace and w.service_account = a.name)
        """),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "a.location_id"),
    ],
    source: """
      service_accounts a
      where a.run_id = (select run_id from current_run)
      """)
}
