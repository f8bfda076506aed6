with declared_callers as (
  select distinct m.workload_id
  from interaction i
  join ai_system_workload m on m.ai_system_id = i.ai_system_id
  where i.external is not null and i.direction = 'out'
),
observed_callers as (
  -- What its own proxy counted or logged of calls to hosts that are no workload of the mesh.
  select
    source_workload_id as workload_id,
    sum(case when evidence = 'counter' then request_count else 0 end) as counted_count,
    sum(case when evidence = 'log' then request_count else 0 end) as logged_count,
    min(destination_host) as host
  from observed_request
  where side = 'client' and source_workload_id is not null
    and destination_workload_id is null and destination_host is not null
    and evidence in ('log', 'counter')
  group by source_workload_id
),
callers as (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    coalesce(t.location_id, w.location_id) as location_id,
    t.has_client_log,
    t.client_log_decided_by,
    e.mode,
    e.decided_by as mode_decided_by,
    d.workload_id is not null as is_declared,
    o.counted_count,
    o.logged_count,
    o.host
  from workload w
  join workload_telemetry t on t.workload_id = w.workload_id
  left join workload_egress e on e.workload_id = w.workload_id
  left join declared_callers d on d.workload_id = w.workload_id
  left join observed_callers o on o.workload_id = w.workload_id
  where w.dataplane in ('sidecar', 'ambient', 'linkerd')
    and t.has_client_log is not null
    and (e.mode in ('ALLOW_ANY', 'ALLOW_ANY_DYNAMIC_DNS') or d.workload_id is not null
      or o.workload_id is not null)
)
select
  'workload ' || workload as subject,
  case
    when has_client_log = 0 and coalesce(logged_count, 0) = 0 then 'fail'
    when coalesce(counted_count, 0) > 0 and coalesce(logged_count, 0) = 0 then 'fail'
    else 'pass'
  end as status,
  case
    when coalesce(counted_count, 0) > 0 and coalesce(logged_count, 0) = 0
      then 'workload "' || workload || '" made ' || counted_count || ' calls to "' || host
        || '" and others outside the mesh by its counters, and no log that was given has one'
    when has_client_log = 0 and coalesce(logged_count, 0) = 0
      then 'workload "' || workload || '" '
        || case
          when is_declared then 'is registered to call outside the mesh'
          else 'may call any host (' || coalesce(mode_decided_by, mode, 'mesh default') || ')'
        end || ', and its proxy does not log the calls that it makes ('
        || coalesce(client_log_decided_by, 'mesh default') || ')'
    else 'calls that workload "' || workload || '" makes outside the mesh are logged'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'logs_own_calls', has_client_log, 'decided_by', client_log_decided_by,
    'egress', mode, 'counted', counted_count, 'logged', logged_count
  ) as evidence
from callers
order by workload
