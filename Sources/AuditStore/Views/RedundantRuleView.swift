/// The view `redundant_rule`.
extension View {
  static let redundantRule = View(
    name: "redundant_rule", group: .access,
    description: """
      ALLOW rules that grant nothing which another rule does not grant at the same workloads, as far as \
      their text shows. Of two equal rules the later one.
      """,
    columns: [
      Column("policy_rule_id", "joins `policy_rule`", "r.policy_rule_id"),
      Column(
        "covering_policy_rule_id",
        "the rule that grants the same and perhaps more, joins `policy_rule`",
        "r.covering_policy_rule_id"),
    ],
    source: "redundant_rules r where r.run_id = (select run_id from current_run)")
}
