with compared_refusals as materialized (
  -- An external authorizer and the check of a token refuse by no policy of the mesh.
  select
    o.destination_workload_id as workload_id,
    o.denied_by,
    o.decision,
    o.request_count,
    o.first_seen,
    o.last_seen,
    o.denied_by is not null and o.denied_by is not o.decided_by as is_by_another_rule
  from observed_request o
  where o.side = 'server'
    and o.outcome = 'denied'
    and o.denied_by is not 'ext_authz_denied'
    and o.denied_by is not 'jwt_authn_access_denied'
    and o.last_seen >= add_days(:as_of, -:window_days)
),
refusals as (
  select
    w.namespace || '/' || w.name as workload,
    w.location_id,
    c.denied_by,
    sum(c.request_count) as request_count,
    sum(case when c.decision = 'deny' and c.is_by_another_rule = 0 then c.request_count else 0 end)
      as agreed_count,
    sum(case when c.decision = 'deny' and c.is_by_another_rule = 1 then c.request_count else 0 end)
      as other_rule_count,
    sum(case when c.decision = 'allow' then c.request_count else 0 end) as allowed_count,
    sum(case when coalesce(c.decision, 'unknown') in ('unknown', 'delegate') then c.request_count
      else 0 end) as undecided_count,
    min(c.first_seen) as first_seen,
    max(c.last_seen) as last_seen
  from compared_refusals c
  join workload w on w.workload_id = c.workload_id
  group by c.workload_id, c.denied_by
)
select
  'workload ' || workload as subject,
  'refused by ' || coalesce(denied_by, 'no named policy') as discriminator,
  case
    when other_rule_count + allowed_count > 0 then 'fail'
    when agreed_count > 0 then 'pass'
    else 'not-applicable'
  end as status,
  case
    when allowed_count > 0
      then 'the proxy of "' || workload || '" refused ' || allowed_count
        || case allowed_count when 1 then ' request' else ' requests' end
        || coalesce(' by ' || denied_by, ' that no policy allows')
        || ', which the audited policies let through; last on ' || day_of(last_seen)
    when other_rule_count > 0
      then 'the proxy of "' || workload || '" refused ' || other_rule_count
        || case other_rule_count when 1 then ' request' else ' requests' end || ' by ' || denied_by
        || ', which the audited policies refuse by another rule; last on ' || day_of(last_seen)
    when agreed_count > 0
      then 'the audited policies refuse what the proxy of "' || workload || '" refused'
        || coalesce(' by ' || denied_by, '')
    else 'the log of "' || workload || '" does not carry enough to decide on what was refused'
      || coalesce(' by ' || denied_by, '')
  end as message,
  location_id,
  json_object(
    'workload', workload, 'denied_by', denied_by, 'requests', request_count,
    'agreed', agreed_count, 'refused_by_another_rule', other_rule_count, 'let_through', allowed_count,
    'undecided', undecided_count, 'first_seen', first_seen, 'last_seen', last_seen
  ) as evidence
from refusals
order by subject, discriminator
