/// The view `http_rule`.
extension View {
  static let httpRule = View(
    name: "http_rule", group: .access,
    description: """
      Rules of Istio's ALLOW and DENY policies that ask for what only HTTP requests have: a host, method, \
      path, token or another property of the request.
      """,
    columns: [
      Column("policy_rule_id", "joins `policy_rule`", "t.policy_rule_id"),
      Column("field", "the first of what it asks for, by name", "min(t.kind)"),
      Column("location_id", "its place, joins `location`", "min(t.location_id)"),
    ],
    source: """
      policy_terms t
      join policy_rules r on r.policy_rule_id = t.policy_rule_id
      join policies p on p.policy_id = r.policy_id
      where p.run_id = (select run_id from current_run)
        and p.layer = 'istio'
        and p.is_dry_run = 0
        and p.action in ('allow', 'deny')
        and (
          (t.part = 'operation' and t.kind in ('host', 'method', 'path'))
          or (t.part = 'source' and t.kind = 'request-principal')
          or (t.part = 'condition' and t.kind like 'request.%')
        )
      group by t.policy_rule_id
      """)
}
