/// The view `identity`.
extension View {
  static let identity = View(
    name: "identity", group: .access,
    description: "Identities that the meshes and SPIRE issue to workloads.",
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
        "namespace", "namespace, null where the identity names none",
        "i.namespace"),
      Column(
        "service_account", "service account, null where the identity names none",
        "i.service_account"),
      Column(
        "issuer", "istio or linkerd; spire where SPIRE alone issues it",
        "i.issuer"),
      Column(
        "workload_count", "workloads to which their mesh issues it",
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
      Column(
        "registered_workload_count", "workloads to which SPIRE surely issues it",
        """
        (select count(distinct r.workload_id) from workload_registrations r where r.run_id = \
        i.run_id and r.spiffe_id = i.principal and r.reason is null)
        """),
      Column(
        "selectors", "JSON array of the selectors by which SPIRE issues it, null where it does not",
        "i.selectors"),
    ],
    source: """
      identities i
      where i.run_id = (select run_id from current_run)
      """)
}
