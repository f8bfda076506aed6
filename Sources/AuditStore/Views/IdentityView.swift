/// The view `identity`.
extension View {
  static let identity = View(
    name: "identity", group: .access,
    description: "Identities that the meshes issue to workloads.",
    columns: [
      Column(
        "identity_id", "key",
        "i.identity_id"),
      Column(
        "principal", "SPIFFE URI or Linkerd name",
        "i.principal"),
      Column(
        "trust_domain", "trust domain",
        "i.trust_domain"),
      Column(
        "identity_key", "one key for the same account in either mesh: trust domain/ns/…/sa/…",
        "i.identity_key"),
      Column(
        "namespace", "namespace",
        "i.namespace"),
      Column(
        "service_account", "service account",
        "i.service_account"),
      Column(
        "workload_count", "workloads that carry it",
        """
        (select count(*) from workloads w where w.run_id = i.run_id and w.identity = \
        i.principal)
        """),
      Column(
        "application_count", "different applications among them",
        """
        (select count(distinct coalesce(w.application, w.name)) from workloads w where \
        w.run_id = i.run_id and w.identity = i.principal)
        """),
    ],
    source: """
      identities i
      where i.run_id = (select run_id from current_run)
      """)
}
