/// The view `policy_rule`.
extension View {
  static let policyRule = View(
    name: "policy_rule", group: .access,
    description: """
      Rules of policies: any of its sources, any of its operations, all of its conditions.
      """,
    columns: [
      Column(
        "policy_rule_id", "key",
        "r.policy_rule_id"),
      Column(
        "policy_id", "joins `policy`",
        "r.policy_id"),
      Column(
        "rule_index", "0-based position",
        "r.rule_index"),
      Column(
        "reported_id", "id that the mesh logs when it decides",
        "r.reported_id"),
      Column(
        "source_count", "sources; 0 means anyone",
        "r.source_count"),
      Column(
        "operation_count", "operations; 0 means all",
        "r.operation_count"),
      Column(
        "condition_count", "conditions",
        "r.condition_count"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "r.location_id"),
    ],
    source: """
      policy_rules r
      join policies p on p.policy_id = r.policy_id
      where p.run_id = (select run_id from current_run)
      """)
}
