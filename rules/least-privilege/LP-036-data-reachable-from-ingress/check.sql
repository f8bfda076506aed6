with stores as materialized (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    l.value as data_class,
    w.location_id
  from workload w
  join json_each(w.labels) l on l.key = :data_class_label
  where l.value in (select value from json_each(:sensitive_classes))
),
gateways as materialized (
  select workload_id from workload where dataplane = 'gateway'
),
agents as materialized (
  select distinct workload_id from ai_system_workload where kind = 'agent'
),
calls as materialized (
  select distinct e.source_workload_id as source_id, e.destination_workload_id as destination_id
  from access_edge e
  where e.source_kind = 'workload'
    and e.decision in ('allow', 'partial', 'delegate')
    and e.source_workload_id <> e.destination_workload_id
    and e.source_workload_id in (
      select workload_id from gateways union select workload_id from agents
    )
    and e.destination_workload_id in (
      select workload_id from agents union select workload_id from stores
    )
),
-- Nearest first, and each workload once for each number of calls: the size is that of the calls, not
-- that of the paths.
reached(gateway_id, workload_id, hop_count) as (
  select workload_id, workload_id, 0 from gateways
  union
  select r.gateway_id, c.destination_id, r.hop_count + 1
  from reached r
  join calls c on c.source_id = r.workload_id
  where r.hop_count < :most_hops
    and (r.hop_count = 0 or r.workload_id in (select workload_id from agents))
),
nearest_ways as materialized (
  select r.workload_id as store_id, r.gateway_id, min(r.hop_count) as hop_count
  from reached r
  where r.hop_count > 0 and r.workload_id in (select workload_id from stores)
  group by r.workload_id, r.gateway_id
),
-- From the store back to the gateway, by the first of those that are one call nearer to it.
steps(store_id, gateway_id, workload_id, hop_count, path) as (
  select n.store_id, n.gateway_id, n.store_id, n.hop_count, w.namespace || '/' || w.name
  from nearest_ways n
  join workload w on w.workload_id = n.store_id
  union all
  select
    s.store_id,
    s.gateway_id,
    w.workload_id,
    s.hop_count - 1,
    w.namespace || '/' || w.name || ' -> ' || s.path
  from steps s
  join workload w on w.workload_id = (
    select min(r.workload_id)
    from reached r
    join calls c on c.source_id = r.workload_id
    where r.gateway_id = s.gateway_id
      and r.hop_count = s.hop_count - 1
      and c.destination_id = s.workload_id
      and (r.hop_count = 0 or r.workload_id in (select workload_id from agents))
  )
  where s.hop_count > 0
),
paths as materialized (
  select
    store_id,
    count(*) as gateway_count,
    min(path) as path,
    json_group_array(path) as paths
  from steps
  where hop_count = 0
  group by store_id
)
select
  'workload ' || s.workload as subject,
  case when p.path is null then 'pass' else 'fail' end as status,
  case
    when p.path is null
      then 'no gateway reaches "' || s.workload || '" (' || s.data_class || ') in ' || :most_hops
        || ' calls through agents'
    else '"' || s.workload || '" holds ' || s.data_class || ' data and can be reached from outside: '
      || p.path
  end as message,
  s.location_id,
  json_object(
    'workload', s.workload, 'data_class', s.data_class, 'most_hops', :most_hops,
    'paths', json(coalesce(p.paths, '[]'))
  ) as evidence
from stores s
left join paths p on p.store_id = s.workload_id
order by s.workload
