with agents as (
  select distinct a.workload_id from ai_system_workload a where a.kind = 'agent'
),
calls as (
  select
    e.source_workload_id,
    e.destination_workload_id,
    min(e.port) as port,
    min(e.decided_by) as decided_by
  from access_edge e
  join agents s on s.workload_id = e.source_workload_id
  join agents d on d.workload_id = e.destination_workload_id
  where e.decision in ('allow', 'partial')
    and e.source_workload_id <> e.destination_workload_id
  group by e.source_workload_id, e.destination_workload_id
),
placed_rules as (
  select r.reported_id, min(r.location_id) as location_id
  from policy_rule r
  join policy p on p.policy_id = r.policy_id
  where p.action = 'allow' and p.is_dry_run = 0 and r.reported_id is not null
  group by r.reported_id
)
select
  'edge ' || s.namespace || '/' || s.name || ' <-> ' || d.namespace || '/' || d.name as subject,
  case when back.port is null then 'pass' else 'fail' end as status,
  case
    when back.port is null
      then 'agent "' || s.namespace || '/' || s.name || '" may call agent "' || d.namespace || '/'
        || d.name || '", and not the other way round'
    else 'agents "' || s.namespace || '/' || s.name || '" and "' || d.namespace || '/' || d.name
      || '" may call each other'
  end as message,
  coalesce(
    (
      select min(p.location_id)
      from json_each(c.decided_by) b
      join placed_rules p on p.reported_id = b.value
    ), d.location_id
  ) as location_id,
  json_object(
    'first', s.namespace || '/' || s.name, 'second', d.namespace || '/' || d.name,
    'port', c.port, 'port_back', back.port, 'decided_by', json(c.decided_by),
    'decided_by_back', json(back.decided_by)
  ) as evidence
from calls c
join workload s on s.workload_id = c.source_workload_id
join workload d on d.workload_id = c.destination_workload_id
left join calls back on back.source_workload_id = c.destination_workload_id
  and back.destination_workload_id = c.source_workload_id
where back.port is null or c.source_workload_id < c.destination_workload_id
order by subject
