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
        "subject", "JSON array of source terms as kind=value; empty means anyone",
        """
        (select json_group_array(value) from (select t.kind || '=' || case t.is_negated when \
        1 then '!' else '' end || t.value as value from policy_terms t where \
        t.policy_rule_id = r.policy_rule_id and t.part = 'source' and t.clause_index = \
        s.clause_index order by t.policy_term_id))
        """),
      Column(
        "workload_id", "destination, joins `workload`",
        "x.workload_id"),
      Column(
        "ports", "JSON array; empty means all",
        """
        (select json_group_array(value) from (select case t.is_negated when 1 then '!' || \
        t.value else t.value end as value from policy_terms t where t.policy_rule_id = \
        r.policy_rule_id and t.part = 'operation' and t.clause_index = o.clause_index and \
        t.kind = 'port' order by t.policy_term_id))
        """),
      Column(
        "methods", "JSON array; empty means all",
        """
        (select json_group_array(value) from (select case t.is_negated when 1 then '!' || \
        t.value else t.value end as value from policy_terms t where t.policy_rule_id = \
        r.policy_rule_id and t.part = 'operation' and t.clause_index = o.clause_index and \
        t.kind = 'method' order by t.policy_term_id))
        """),
      Column(
        "paths", "JSON array; empty means all",
        """
        (select json_group_array(value) from (select case t.is_negated when 1 then '!' || \
        t.value else t.value end as value from policy_terms t where t.policy_rule_id = \
        r.policy_rule_id and t.part = 'operation' and t.clause_index = o.clause_index and \
        t.kind = 'path' order by t.policy_term_id))
        """),
      Column(
        "hosts", "JSON array; empty means all",
        """
        (select json_group_array(value) from (select case t.is_negated when 1 then '!' || \
        t.value else t.value end as value from policy_terms t where t.policy_rule_id = \
        r.policy_rule_id and t.part = 'operation' and t.clause_index = o.clause_index and \
        t.kind = 'host' order by t.policy_term_id))
        """),
      Column(
        "conditions", "JSON array of key=value",
        """
        (select json_group_array(value) from (select t.kind || '=' || case t.is_negated when \
        1 then '!' else '' end || t.value as value from policy_terms t where \
        t.policy_rule_id = r.policy_rule_id and t.part = 'condition' order by \
        t.policy_term_id))
        """),
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
