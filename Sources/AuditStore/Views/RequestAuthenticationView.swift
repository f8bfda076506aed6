/// The view `request_authentication`.
extension View {
  static let requestAuthentication = View(
    name: "request_authentication", group: .access,
    description: "Where tokens are checked, and whether requests without one are refused.",
    columns: [
      Column(
        "workload_id", "joins `workload`",
        "r.workload_id"),
      Column(
        "namespace", "namespace of the RequestAuthentication",
        "r.namespace"),
      Column(
        "name", "name of the RequestAuthentication",
        "r.name"),
      Column(
        "issuers", "JSON array",
        "r.issuers"),
      Column(
        "issuer_count", "number of its issuers",
        "r.issuer_count"),
      Column(
        "is_token_required", "1 when policies of the workload refuse requests without a token",
        "r.is_token_required"),
      Column(
        "is_enforced", "0 when nothing in front of the workload reads tokens",
        "r.is_enforced"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "r.location_id"),
    ],
    source: """
      request_authentication_facts r
      join workloads w on w.workload_id = r.workload_id
      where w.run_id = (select run_id from current_run)
      """)
}
