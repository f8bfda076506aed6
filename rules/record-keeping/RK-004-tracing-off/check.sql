with ai_paths as (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    w.ai_system_id,
    w.location_id
  from workload w
  where w.dataplane in ('sidecar', 'gateway', 'waypoint', 'linkerd')
    and (
      w.ai_system_id is not null
      or not exists (select 1 from ai_system)
    )
)
select
  'workload ' || p.workload as subject,
  case
    when t.has_tracing is null then 'not-applicable'
    when t.has_tracing = 0 or coalesce(t.tracing_sampling, 1) = 0 then 'fail'
    else 'pass'
  end as status,
  case
    when t.has_tracing is null
      then 'the manifests do not say whether workload "' || p.workload || '" is traced'
    when t.has_tracing = 0 then 'no call of workload "' || p.workload || '" is traced'
    when t.tracing_sampling = 0
      then 'tracing of workload "' || p.workload || '" samples 0 % of its calls'
    else 'calls of workload "' || p.workload || '" are traced'
  end as message,
  coalesce(t.location_id, p.location_id) as location_id,
  json_object(
    'workload', p.workload, 'ai_system', p.ai_system_id, 'has_tracing', t.has_tracing,
    'sampling_percent', t.tracing_sampling
  ) as evidence
from ai_paths p
join workload_telemetry t on t.workload_id = p.workload_id
order by p.workload
