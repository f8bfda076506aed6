/// The view `policy_operation`.
extension View {
  static let policyOperation = View(
    name: "policy_operation", group: .access,
    description: """
      Values in the operations of a rule. Terms of one kind in one operation are \
      alternatives, kinds add up.
      """,
    columns: [
      Column(
        "policy_term_id", "key",
        "t.policy_term_id"),
      Column(
        "policy_rule_id", "joins `policy_rule`",
        "t.policy_rule_id"),
      Column(
        "operation_index", "which operation of the rule, 0-based",
        "t.clause_index"),
      Column(
        "kind", "method, path, host or port",
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
      where t.part = 'operation' and p.run_id = (select run_id from current_run)
      """)
}
