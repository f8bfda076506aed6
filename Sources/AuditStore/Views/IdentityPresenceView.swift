/// The view `identity_presence`.
extension View {
  static let identityPresence = View(
    name: "identity_presence", group: .access,
    description: """
      Identities from wherever they are known, and in what: workloads, certificates, SPIRE entries,\
       policies (ALLOW rules that name them exactly) and observed requests.
      """,
    columns: [
      Column(
        "principal", "SPIFFE URI or Linkerd name",
        "i.principal"),
      Column(
        "trust_domain", "trust domain of a SPIFFE ID, else null",
        """
        case
          when i.principal like 'spiffe://%' then
            substr(i.principal, 10, instr(substr(i.principal, 10) || '/', '/') - 1)
        end
        """),
      Column(
        "workload_count", "workloads that carry it",
        """
        (
          select count(*)
          from workloads w
          where w.run_id = (select run_id from current_run) and w.identity = i.principal
        )
        """),
      Column(
        "certificate_count", "certificates of it in this run",
        """
        (
          select count(*)
          from certificates c
          where c.run_id = (select run_id from current_run) and c.identity = i.principal
        )
        """),
      Column(
        "entry_count", "SPIRE entries and ClusterSPIFFEIDs that issue it",
        """
        (
          select count(*)
          from spire_entries e
          where e.run_id = (select run_id from current_run) and e.spiffe_id = i.principal
        ) + (
          select count(distinct r.name)
          from workload_registrations r
          where r.run_id = (select run_id from current_run) and r.source = 'ClusterSPIFFEID'
            and r.spiffe_id = i.principal
        )
        """),
      Column(
        "is_granted", "1 when an ALLOW rule names it exactly",
        "g.principal is not null"),
      Column(
        "grant_location_id", "place of such a rule in the inputs, joins `location`, or null",
        "g.location_id"),
      Column(
        "request_count",
        "requests observed from it, by the side and evidence that saw most",
        """
        (
          select coalesce(max(n.request_count), 0)
          from (
            select sum(q.request_count) as request_count
            from observed_requests q
            where q.source_principal = i.principal
            group by q.side, q.evidence
          ) n
        )
        """),
      Column(
        "last_seen", "last observed request from it, or null",
        """
        (
          select max(q.last_seen)
          from observed_requests q
          where q.source_principal = i.principal
        )
        """),
    ],
    source: """
      (
        select p.principal
        from (
          select w.identity as principal
          from workloads w
          where w.run_id = (select run_id from current_run)
          union
          select c.identity
          from certificates c
          where c.run_id = (select run_id from current_run)
            and exists (
              select 1
              from certificate_sightings s
              where s.certificate_id = c.certificate_id and s.role <> 'anchor'
            )
          union
          select e.spiffe_id
          from spire_entries e
          where e.run_id = (select run_id from current_run)
          union
          select r.spiffe_id
          from workload_registrations r
          where r.run_id = (select run_id from current_run)
          union
          select g.principal
          from (
            \(granted)
          ) g
          union
          select nullif(q.source_principal, '')
          from observed_requests q
        ) p
        where p.principal is not null
      ) i
      left join (
        \(granted)
      ) g on g.principal = i.principal
      """)

  /// What ALLOW rules name exactly, in the form of certificates: `cluster.local` stands for the mesh's
  /// own trust domain (Istio, Trust domain migration).
  private static let granted = """
    select n.principal, min(n.location_id) as location_id
    from (
      select
        case o.layer
          when 'istio' then
            'spiffe://' || case
              when t.value like 'cluster.local/%' then
                coalesce(
                  (
                    select s.value
                    from settings s
                    where s.run_id = o.run_id and s.layer = 'istio' and s.name = 'trust_domain'
                  ),
                  'cluster.local'
                ) || substr(t.value, 14)
              else t.value
            end
          else t.value
        end as principal,
        t.location_id
      from policy_terms t
      join policy_rules r on r.policy_rule_id = t.policy_rule_id
      join policies o on o.policy_id = r.policy_id
      where o.run_id = (select run_id from current_run)
        and o.action = 'allow' and t.kind = 'principal' and t.is_negated = 0
        and t.value not like '%*%'
    ) n
    group by n.principal
    """
}
