select
  'workload ' || w.namespace || '/' || w.name as subject,
  case
    when t.access_log_filter is null then 'pass'
    when t.access_log_filter in (select f.value from json_each(:accepted_filters) f) then 'pass'
    else 'fail'
  end as status,
  case
    when t.access_log_filter is null
      then 'workload "' || w.namespace || '/' || w.name || '" logs its requests without a filter'
    when t.access_log_filter in (select f.value from json_each(:accepted_filters) f)
      then 'workload "' || w.namespace || '/' || w.name || '" logs by the accepted filter "'
        || t.access_log_filter || '"'
    else 'workload "' || w.namespace || '/' || w.name || '" logs only what "' || t.access_log_filter
      || '" lets through'
      || case
        when instr(t.access_log_filter, 'headers') > 0
          then ', which the caller decides by its headers'
        when instr(t.access_log_filter, 'response.') > 0
          then ', so that what is recorded depends on how a call ended'
        else ''
      end || ' (' || t.access_log_decided_by || ')'
  end as message,
  coalesce(t.location_id, w.location_id) as location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'filter', t.access_log_filter,
    'decided_by', t.access_log_decided_by
  ) as evidence
from workload_telemetry t
join workload w on w.workload_id = t.workload_id
where t.has_access_log = 1 and w.dataplane <> 'none'
order by w.namespace, w.name
