/// The view `policy_decision`.
extension View {
  static let policyDecision = View(
    name: "policy_decision", group: .traffic,
    description: """
      What external authorizers (OPA) decided, from their decision logs, added up by day.
      """,
    columns: [
      Column(
        "policy_decision_id", "key",
        "x.external_decision_id"),
      Column(
        "day", "UTC day",
        "x.day"),
      Column(
        "source", "identity of the caller, or null",
        "x.source"),
      Column(
        "destination", "identity of the called, or null",
        "x.destination"),
      Column(
        "destination_workload_id", "called in `workload`, or null",
        """
        (select min(w.workload_id) from workloads w where w.run_id = x.run_id and \
        w.namespace = x.destination_namespace and w.name = x.destination_name)
        """),
      Column(
        "port", "container port or null",
        "x.port"),
      Column(
        "method", "HTTP method or null",
        "x.method"),
      Column(
        "path_template", "path without query, identifiers as {id}",
        "x.path_template"),
      Column(
        "policy", "document that was asked for, as in envoy/authz/allow",
        "x.policy"),
      Column(
        "revision", "revisions of the bundles in force as name=revision, or null",
        "x.revision"),
      Column(
        "outcome", "allow, deny, undefined or error",
        "x.outcome"),
      Column(
        "decision_count", "decisions",
        "x.decision_count"),
      Column(
        "first_seen", "UTC",
        "x.first_seen"),
      Column(
        "last_seen", "UTC",
        "x.last_seen"),
      Column(
        "mesh_decision",
        """
        what the policies of this run decide on such a call: delegate where they ask the authorizer; \
        null where the called workload is not known
        """,
        "x.mesh_decision"),
      Column(
        "mesh_decided_by", "rule id, or null",
        "x.mesh_decided_by"),
    ],
    source: """
      external_decisions x
      where x.run_id = (select run_id from current_run)
      """)
}
