/// The view `traffic_attribution`.
extension View {
  static let trafficAttribution = View(
    name: "traffic_attribution", group: .traffic,
    description: """
      What let the observed requests of each workload through, or refused them: one row for each \
      outcome and rule, and the unexplained apart.
      """,
    columns: [
      Column("workload_id", "destination, joins `workload`", "w.workload_id"),
      Column(
        "attribution",
        """
        granted (by the rule in `decided_by`), default (allowed, and no rule decides), denied, \
        disputed (the mesh refused it, the policies of this run allow it), unexplained (the mesh let \
        it through, the policies of this run deny it), delegated, undecided
        """,
        """
        case \
        when d.decision is null or d.decision = 'unknown' then 'undecided' \
        when d.decision = 'delegate' then 'delegated' \
        when d.decision = 'deny' and o.outcome = 'allowed' then 'unexplained' \
        when d.decision = 'deny' then 'denied' \
        when o.outcome = 'denied' then 'disputed' \
        when d.decided_by is null then 'default' \
        else 'granted' end
        """),
      Column("decided_by", "rule id, or null", "d.decided_by"),
      Column("request_count", "requests", "sum(o.request_count)"),
      Column("first_seen", "UTC", "min(o.first_seen)"),
      Column("last_seen", "UTC", "max(o.last_seen)"),
      Column("day_count", "days with at least one of them", "count(distinct o.day)"),
    ],
    source: """
      observed_requests o
      join workloads w on w.namespace = o.destination_namespace and w.name =
        o.destination_name and w.run_id = (select run_id from current_run)
      left join observed_decisions d on d.observed_request_id = o.observed_request_id and d.run_id
        = (select run_id from current_run)
      where o.side = 'server' and o.evidence <> 'trace' and not \(TrafficSQL.isRepeated("o"))
      group by 1, 2, 3
      """)
}
