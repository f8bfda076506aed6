select
  kind || ' ' || namespace || '/' || name as subject,
  case when workload_count = 0 then 'fail' else 'pass' end as status,
  case
    when workload_count = 0
      then kind || ' "' || namespace || '/' || name || '" selects no workload of the inputs'
    else kind || ' "' || namespace || '/' || name || '" selects ' || workload_count
      || case workload_count when 1 then ' workload' else ' workloads' end
  end as message,
  location_id,
  json_object(
    'policy', kind || ' ' || namespace || '/' || name, 'layer', layer, 'scope', scope,
    'action', action, 'workloads', workload_count
  ) as evidence
from policy
where scope in ('workload', 'target')
order by subject, layer
