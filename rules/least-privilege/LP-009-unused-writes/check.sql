with granted_writes as (
  -- No list of methods grants them all.
  select
    g.policy_rule_id,
    g.workload_id,
    max(case when g.methods = '[]' then 1 else 0 end) as is_every_method,
    max(case
      when exists (
        select 1
        from json_each(g.methods) m
        where upper(m.value) in ('POST', 'PUT', 'PATCH', 'DELETE') or m.value = '*'
      )
      then 1 else 0
    end) as is_listed
  from "grant" g
  group by g.policy_rule_id, g.workload_id
),
used_rules as (
  select
    o.granted_by,
    o.destination_workload_id,
    sum(o.request_count) as request_count,
    sum(case
      when upper(coalesce(o.method, '')) in ('GET', 'HEAD', 'OPTIONS') then o.request_count
      else 0
    end) as read_count,
    max(o.last_seen) as last_seen
  from observed_request o
  where o.side = 'server'
    and o.outcome <> 'denied'
    and o.granted_by is not null
    and o.protocol = 'http'
    and o.last_seen >= add_days(:as_of, -:window_days)
  group by o.granted_by, o.destination_workload_id
)
select
  p.kind || ' ' || p.namespace || '/' || p.name as subject,
  'rule ' || r.rule_index || ' workload ' || w.namespace || '/' || w.name as discriminator,
  case
    when u.read_count < u.request_count then 'pass'
    when coalesce(t.day_count, 0) < :min_days then 'not-assessed'
    else 'fail'
  end as status,
  'rule ' || r.rule_index || ' of ' || p.kind || ' ' || p.namespace || '/' || p.name
    || case when g.is_every_method = 1 then ' grants every method' else ' grants writing' end
    || ' at "' || w.namespace || '/' || w.name || '"; ' || u.read_count || ' of '
    || u.request_count || ' requests under it were reads, in ' || coalesce(t.day_count, 0)
    || ' days' as message,
  r.location_id,
  json_object(
    'policy', p.namespace || '/' || p.name, 'rule', r.rule_index,
    'workload', w.namespace || '/' || w.name, 'requests', u.request_count, 'reads', u.read_count,
    'last_seen', u.last_seen, 'days', coalesce(t.day_count, 0)
  ) as evidence
from granted_writes g
join policy_rule r on r.policy_rule_id = g.policy_rule_id
join policy p on p.policy_id = r.policy_id
join workload w on w.workload_id = g.workload_id
join used_rules u on u.granted_by = r.reported_id and u.destination_workload_id = w.workload_id
left join traffic_window t on t.workload_id = w.workload_id
where g.is_every_method = 1 or g.is_listed = 1
order by subject, discriminator
