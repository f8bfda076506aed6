/// The view `workload_registration`.
extension View {
  static let workloadRegistration = View(
    name: "workload_registration", group: .certificates,
    description: """
      What SPIRE issues to which workload: by ClusterSPIFFEIDs, ClusterStaticEntries and the entries of\
       its servers. A registration that no known workload gets has one row without workload.
      """,
    columns: [
      Column(
        "workload_registration_id", "key",
        "r.workload_registration_id"),
      Column(
        "source", "ClusterSPIFFEID, ClusterStaticEntry or entry (of a server)",
        "r.source"),
      Column(
        "name", "name of the resource, or id of the entry",
        "r.name"),
      Column(
        "spiffe_id", "SPIFFE ID, null where a part of it is not known",
        "r.spiffe_id"),
      Column(
        "workload_id", "joins `workload`, or null",
        "r.workload_id"),
      Column(
        "workload", "namespace/name of the workload, or null",
        """
        (select w.namespace || '/' || w.name from workloads w where w.workload_id = \
        r.workload_id)
        """),
      Column(
        "is_certain", "1 when the workload surely gets the ID",
        "r.workload_id is not null and r.reason is null"),
      Column(
        "reason", "what does not let that be certain, or null",
        "r.reason"),
      Column(
        "selectors", "JSON array of type:value, those that are known",
        "r.selectors"),
      Column(
        "dns_names", "JSON array, those that are known",
        "r.dns_names"),
      Column(
        "x509_ttl_seconds", "lifetime of its X.509-SVIDs, 0 for the default of the server",
        "r.x509_ttl_seconds"),
      Column(
        "jwt_ttl_seconds", "lifetime of its JWT-SVIDs, 0 for the default of the server",
        "r.jwt_ttl_seconds"),
      Column(
        "federates_with", "JSON array of trust domains",
        "r.federates_with"),
      Column(
        "is_admin", "1 when it may use the API of the server",
        "r.is_admin"),
      Column(
        "is_downstream", "1 when it may issue as a CA of its own",
        "r.is_downstream"),
      Column(
        "is_fallback", "1 when it holds only for pods without another ID",
        "r.is_fallback"),
      Column(
        "hint", "hint for the workload which of its IDs to use, or empty",
        "r.hint"),
      Column(
        "class_name", "class of the controller that acts on it, or empty",
        "r.class_name"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "r.location_id"),
    ],
    source: """
      workload_registrations r
      where r.run_id = (select run_id from current_run)
      """)
}
