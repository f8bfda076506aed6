with root_namespace as (
  select coalesce(
    (select value from setting where layer = 'istio' and name = 'root_namespace'), 'istio-system'
  ) as name
),
recorded_workloads as (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    t.has_access_log,
    t.access_log_format,
    t.access_log_filter,
    t.access_log_decided_by,
    coalesce(t.location_id, w.location_id) as location_id,
    t.access_log_decided_by like 'Telemetry %'
      and t.access_log_decided_by not like 'Telemetry ' || n.name || '/%' as is_own
  from workload_telemetry t
  join workload w on w.workload_id = t.workload_id
  cross join root_namespace n
  where w.layer = 'istio' and w.dataplane <> 'none' and t.has_access_log is not null
),
mesh_wide as (
  select
    max(has_access_log) as has_access_log,
    min(coalesce(access_log_format, '')) as first_format,
    max(coalesce(access_log_format, '')) as last_format,
    min(access_log_decided_by) as decided_by
  from recorded_workloads
  where not is_own and has_access_log = 1
),
compared as (
  select
    r.workload,
    r.is_own,
    r.access_log_decided_by,
    r.location_id,
    m.decided_by as mesh_decided_by,
    case
      when not r.is_own or m.has_access_log is null then null
      when r.has_access_log = 0 then 'switches its access log off'
      when r.access_log_filter is not null then 'filters its access log'
      when coalesce(r.access_log_format, '') not in (m.first_format, m.last_format)
        then 'changes the format of its access log'
    end as change
  from recorded_workloads r
  cross join mesh_wide m
)
select
  'workload ' || workload as subject,
  case
    when change is not null then 'fail'
    when is_own and mesh_decided_by is null then 'not-applicable'
    else 'pass'
  end as status,
  case
    when change is not null
      then access_log_decided_by || ' ' || change || ' for workload "' || workload
        || '", beside what the mesh sets (' || mesh_decided_by || ')'
    when is_own and mesh_decided_by is null
      then 'no workload takes its access log from the mesh'
    else 'workload "' || workload || '" logs as the mesh sets'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'decided_by', access_log_decided_by, 'mesh_decided_by', mesh_decided_by,
    'change', change
  ) as evidence
from compared
order by workload
