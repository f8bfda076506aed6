select
  'workload ' || w.namespace || '/' || w.name as subject,
  case t.has_access_log
    when 1 then 'pass'
    when 0 then 'fail'
    else 'not-assessed'
  end as status,
  case t.has_access_log
    when 1
      then 'workload "' || w.namespace || '/' || w.name || '" logs its requests ('
        || t.access_log_decided_by || ')'
    when 0
      then 'workload "' || w.namespace || '/' || w.name || '" logs no requests ('
        || t.access_log_decided_by || ')'
    else 'not assessed whether workload "' || w.namespace || '/' || w.name
      || '" logs its requests: the manifests do not say (' || t.access_log_decided_by || ')'
  end as message,
  coalesce(t.location_id, w.location_id) as location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'dataplane', w.dataplane,
    'has_access_log', t.has_access_log, 'decided_by', t.access_log_decided_by
  ) as evidence
from workload_telemetry t
join workload w on w.workload_id = t.workload_id
where w.dataplane <> 'none'
order by subject
