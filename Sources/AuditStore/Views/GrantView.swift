/// The view `grant`.
extension View {
  static let grant = View(
    name: "grant", group: .access,
    description: """
      What ALLOW rules grant: one row for each source and operation of a rule and each \
      workload it attaches to. Negated values carry a leading `!`.
      """,
    columns: [
      Column(
        "grant_id", "key: rule, source, operation, workload",
        """
        r.policy_rule_id || ':' || s.clause_index || ':' || o.clause_index || ':' || \
        x.workload_id
        """),
      Column(
        "policy_rule_id", "joins `policy_rule`",
        "r.policy_rule_id"),
      Column(
        "policy_id", "joins `policy`",
        "p.policy_id"),
      Column(
        "layer", "rule book",
        "p.layer"),
      Column(
        "policy", "namespace/name of the policy",
        "p.namespace || '/' || p.name"),
      Column(
        "rule_index", "0-based",
        "r.rule_index"),
      Column(
        "subject", "JSON array of source terms as kind=value; empty means anyone", "s.subject"),
      Column(
        "workload_id", "destination, joins `workload`",
        "x.workload_id"),
      Column("ports", "JSON array; empty means all", "o.ports"),
      Column("methods", "JSON array; empty means all", "o.methods"),
      Column("paths", "JSON array; empty means all", "o.paths"),
      Column("hosts", "JSON array; empty means all", "o.hosts"),
      Column("conditions", "JSON array of key=value", "r.conditions"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "r.location_id"),
    ],
    source: """
      policy_rules r
      join policies p on p.policy_id = r.policy_id
      join policy_workloads x on x.policy_id = p.policy_id
      join policy_clauses s on s.policy_rule_id = r.policy_rule_id and s.part = 'source'
      join policy_clauses o on o.policy_rule_id = r.policy_rule_id and o.part = 'operation'
      where p.action = 'allow' and p.is_dry_run = 0 and p.run_id = (select run_id from
        current_run)
      """)
}
