with agents as (
  select
    w.namespace,
    count(*) as workload_count,
    sum(e.sees_everything) as unscoped_count,
    json_group_array(w.name) filter (where e.sees_everything = 1) as unscoped,
    min(w.location_id) as location_id
  from workload w
  join workload_egress e on e.workload_id = w.workload_id
  where w.dataplane = 'sidecar'
    and w.ai_system_id is not null
  group by w.namespace
)
select
  'namespace ' || a.namespace as subject,
  case when a.unscoped_count > 0 then 'fail' else 'pass' end as status,
  case
    when a.unscoped_count > 0
      then 'sidecars in namespace "' || a.namespace || '" know every service of the mesh: '
        || a.unscoped
    else 'sidecars in namespace "' || a.namespace || '" know the hosts that a Sidecar lists'
  end as message,
  coalesce(n.location_id, a.location_id) as location_id,
  json_object(
    'namespace', a.namespace, 'workloads', a.workload_count, 'unscoped', json(a.unscoped)
  ) as evidence
from agents a
left join namespace n on n.name = a.namespace
order by a.namespace
