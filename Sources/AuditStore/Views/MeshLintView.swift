/// The view `mesh_lint`.
extension View {
  static let meshLint = View(
    name: "mesh_lint", group: .configuration,
    description: """
      Configurations of Linkerd that do not do what they seem to say.
      """,
    columns: [
      Column(
        "mesh_lint_id", "key",
        "l.mesh_lint_id"),
      Column(
        "lint", "what kind of lint: L01 to L38, or admission: what Linkerd's webhook would refuse",
        "l.lint"),
      Column(
        "subject", "kind namespace/name of the policy or the workload",
        """
        l.subject_kind || ' ' || case l.namespace when '' then l.name else l.namespace || '/' \
        || l.name end
        """),
      Column(
        "api_group", "API group of the subject, empty for core",
        "l.subject_group"),
      Column(
        "kind", "kind of the subject",
        "l.subject_kind"),
      Column(
        "namespace", "namespace of the subject",
        "l.namespace"),
      Column(
        "name", "name of the subject",
        "l.name"),
      Column(
        "detail", "tells lints of one kind and subject apart, or empty",
        "l.detail"),
      Column(
        "message", "what was found",
        "l.message"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "l.location_id"),
    ],
    source: """
      mesh_lints l
      where l.run_id = (select run_id from current_run)
      """)
}
