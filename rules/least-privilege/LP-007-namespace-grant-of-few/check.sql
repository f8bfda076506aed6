with namespace_grants as materialized (
  select
    s.policy_rule_id,
    s.value as pattern,
    s.location_id,
    r.reported_id,
    r.rule_index,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    x.workload_id
  from policy_source s
  join policy_rule r on r.policy_rule_id = s.policy_rule_id
  join policy p on p.policy_id = r.policy_id
  join policy_workload x on x.policy_id = p.policy_id
  where s.kind = 'namespace'
    and s.is_negated = 0
    and p.action = 'allow'
    and p.is_dry_run = 0
    and p.layer in ('istio', 'linkerd')
),
granted_identities as materialized (
  -- A workload that calls itself is no caller to grant anything to.
  select
    g.policy_rule_id,
    g.pattern,
    g.workload_id,
    g.location_id,
    g.reported_id,
    g.rule_index,
    g.policy,
    i.principal
  from namespace_grants g
  join workload d on d.workload_id = g.workload_id
  join identity i
    on i.namespace glob g.pattern and i.workload_count > 0 and i.principal is not d.identity
),
observed_users as materialized (
  select distinct
    o.granted_by,
    o.destination_workload_id,
    o.source
  from observed_request o
  where o.side = 'server'
    and o.outcome <> 'denied'
    and o.granted_by is not null
    and o.source is not null
    and o.last_seen >= add_days(:as_of, -:window_days)
),
judged_grants as (
  select
    g.policy_rule_id,
    g.pattern,
    g.workload_id,
    g.location_id,
    g.rule_index,
    g.policy,
    count(*) as identity_count,
    count(u.source) as used_count,
    json_group_array(g.principal) filter (where u.source is not null) as used_identities
  from granted_identities g
  left join observed_users u
    on u.granted_by = g.reported_id
    and u.destination_workload_id = g.workload_id
    and u.source = g.principal
  group by g.policy_rule_id, g.pattern, g.workload_id, g.location_id, g.rule_index, g.policy
)
select
  j.policy as subject,
  'rule ' || j.rule_index || ' namespace ' || j.pattern || ' workload ' || w.namespace || '/' || w.name
    as discriminator,
  case
    when 100 * j.used_count >= :least_used_percent * j.identity_count then 'pass'
    when coalesce(t.day_count, 0) < :min_days then 'not-assessed'
    when 100 * t.decided_count < :min_coverage * t.request_count then 'not-assessed'
    else 'fail'
  end as status,
  'rule ' || j.rule_index || ' of ' || j.policy || ' lets the namespace "' || j.pattern || '" call "'
    || w.namespace || '/' || w.name || '"; ' || j.used_count || ' of its ' || j.identity_count
    || case j.identity_count when 1 then ' identity' else ' identities' end || ' did'
    || coalesce(
      ' from ' || day_of(t.first_seen) || ' to ' || day_of(t.last_seen),
      ', and no log of the workload was given'
    ) as message,
  j.location_id,
  json_object(
    'policy', j.policy, 'rule', j.rule_index, 'namespace', j.pattern,
    'workload', w.namespace || '/' || w.name, 'identities', j.identity_count,
    'used_identities', json(j.used_identities), 'first_seen', t.first_seen, 'last_seen', t.last_seen,
    'days', coalesce(t.day_count, 0),
    'coverage_percent', 100 * t.decided_count / t.request_count
  ) as evidence
from judged_grants j
join workload w on w.workload_id = j.workload_id
left join traffic_window t on t.workload_id = j.workload_id
order by subject, discriminator
