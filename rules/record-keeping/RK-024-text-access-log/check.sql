select
  'workload ' || w.namespace || '/' || w.name as subject,
  case lower(t.access_log_encoding) when 'text' then 'fail' else 'pass' end as status,
  case lower(t.access_log_encoding)
    when 'text'
      then 'workload "' || w.namespace || '/' || w.name
        || '" writes its access log as text, in which a caller can write what looks like fields'
    else 'workload "' || w.namespace || '/' || w.name || '" writes its access log as JSON'
  end as message,
  coalesce(t.location_id, w.location_id) as location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'encoding', t.access_log_encoding,
    'decided_by', t.access_log_decided_by
  ) as evidence
from workload_telemetry t
join workload w on w.workload_id = t.workload_id
where t.has_access_log = 1
  and t.access_log_encoding is not null
  and w.layer = 'istio'
  and w.dataplane in ('sidecar', 'gateway', 'waypoint')
order by w.namespace, w.name
