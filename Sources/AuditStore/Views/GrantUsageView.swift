/// The view `grant_usage`.
extension View {
  static let grantUsage = View(
    name: "grant_usage", group: .traffic,
    description: """
      How often each ALLOW rule let a request through, for each workload that it attaches to: \
      observed requests that got through and that this rule grants. A rule without requests is \
      there, too; the window says for how long the workload was watched.
      """,
    columns: [
      Column("policy_rule_id", "joins `policy_rule`", "r.policy_rule_id"),
      Column("policy_id", "joins `policy`", "p.policy_id"),
      Column("workload_id", "destination, joins `workload`", "x.workload_id"),
      Column("request_count", "requests that the rule let through", "coalesce(u.request_count, 0)"),
      Column("first_seen", "first of them, UTC, or null", "u.first_seen"),
      Column("last_seen", "last of them, UTC, or null", "u.last_seen"),
      Column("day_count", "days with at least one of them", "coalesce(u.day_count, 0)"),
      Column(
        "window_first_seen", "first line of the workload's own proxy, UTC, or null", "t.first_seen"),
      Column(
        "window_last_seen", "last line of the workload's own proxy, UTC, or null", "t.last_seen"),
      Column(
        "window_day_count", "days with at least one line of the workload's own proxy",
        "coalesce(t.day_count, 0)"),
    ],
    source: """
      policy_rules r
      join policies p on p.policy_id = r.policy_id
      join policy_workloads x on x.policy_id = p.policy_id
      join workloads w on w.workload_id = x.workload_id
      left join (
        select
          d.granted_by,
          o.destination_namespace,
          o.destination_name,
          sum(o.request_count) as request_count,
          min(o.first_seen) as first_seen,
          max(o.last_seen) as last_seen,
          count(distinct o.day) as day_count
        from observed_decisions d
        join observed_requests o on o.observed_request_id = d.observed_request_id
        where d.run_id = (select run_id from current_run)
          and d.decision in ('allow', 'delegate')
          and o.side = 'server'
          and o.outcome <> 'denied'
          and not \(TrafficSQL.isRepeated("o"))
        group by d.granted_by, o.destination_namespace, o.destination_name
      ) u on u.granted_by = r.reported_id
        and u.destination_namespace = w.namespace
        and u.destination_name = w.name
      left join (
        select
          o.destination_namespace,
          o.destination_name,
          min(o.first_seen) as first_seen,
          max(o.last_seen) as last_seen,
          count(distinct o.day) as day_count
        from observed_requests o
        where o.side = 'server' and o.evidence <> 'trace'
        group by o.destination_namespace, o.destination_name
      ) t on t.destination_namespace = w.namespace and t.destination_name = w.name
      where p.action = 'allow' and p.is_dry_run = 0 and p.run_id = (select run_id from
        current_run)
      """)
}
