/// The view `policy_condition`.
extension View {
  static let policyCondition = View(
    name: "policy_condition", group: .access,
    description: "Conditions of a rule; all must hold, values of one key are alternatives.",
    columns: [
      Column(
        "policy_term_id", "key",
        "t.policy_term_id"),
      Column(
        "policy_rule_id", "joins `policy_rule`",
        "t.policy_rule_id"),
      Column(
        "condition_index", "which condition of the rule, 0-based",
        "t.clause_index"),
      Column(
        "kind", "the key, for example request.headers[x-agent-tier]",
        "t.kind"),
      Column(
        "value", "as written",
        "t.value"),
      Column(
        "is_negated", "1 when it must not match",
        "t.is_negated"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "t.location_id"),
    ],
    source: """
      policy_terms t
      join policy_rules r on r.policy_rule_id = t.policy_rule_id
      join policies p on p.policy_id = r.policy_id
      where t.part = 'condition' and p.run_id = (select run_id from current_run)
      """)
}
