/// The view `denial_agreement`.
extension View {
  static let denialAgreement = View(
    name: "denial_agreement", group: .traffic,
    description: """
      Whether the policies of this run refuse what the mesh refused, and by the same rule: how far \
      the model can be trusted. One row for each workload and the policy id that its proxy named; \
      refusals by an external authorizer or for a token are left out, for no policy is named there.
      """,
    columns: [
      Column("workload_id", "destination, joins `workload`", "w.workload_id"),
      Column("denied_by", "policy id that the proxy named, or null", "nullif(o.denied_by, '')"),
      Column("request_count", "requests that the mesh refused", "sum(o.request_count)"),
      Column(
        "agreed_count",
        "of them, refused by the policies of this run, by the same rule where one is named",
        """
        sum(case when d.decision = 'deny' and (o.denied_by = '' or o.denied_by = \
        coalesce(d.decided_by, '')) then o.request_count else 0 end)
        """),
      Column(
        "other_rule_count", "of them, refused by another rule",
        """
        sum(case when d.decision = 'deny' and o.denied_by <> '' and o.denied_by <> \
        coalesce(d.decided_by, '') then o.request_count else 0 end)
        """),
      Column(
        "allowed_count", "of them, allowed by the policies of this run",
        "sum(case when d.decision = 'allow' then o.request_count else 0 end)"),
      Column(
        "undecided_count", "of them, delegated, unknown or not decided",
        """
        sum(case when d.decision is null or d.decision in ('unknown', 'delegate') then \
        o.request_count else 0 end)
        """),
      Column("first_seen", "UTC", "min(o.first_seen)"),
      Column("last_seen", "UTC", "max(o.last_seen)"),
    ],
    source: """
      observed_requests o
      join workloads w on w.namespace = o.destination_namespace and w.name =
        o.destination_name and w.run_id = (select run_id from current_run)
      left join observed_decisions d on d.observed_request_id = o.observed_request_id and d.run_id
        = (select run_id from current_run)
      where o.side = 'server' and o.outcome = 'denied' and o.evidence = 'log'
        and coalesce(o.denied_by, '') not in ('ext_authz_denied', 'jwt_authn_access_denied')
      group by 1, 2
      """)
}
