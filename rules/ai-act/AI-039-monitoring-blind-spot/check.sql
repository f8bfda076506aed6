with counted as materialized (
  select destination_workload_id as workload_id
  from observed_request
  where evidence in ('counter', 'log') and side = 'server' and destination_workload_id is not null
    and last_seen >= add_days(:as_of, -:window_days)
  group by destination_workload_id
),
judged as (
  select distinct
    s.ai_system_id,
    s.trade_name,
    w.namespace || '/' || w.name as workload,
    w.location_id,
    w.layer,
    t.has_access_log,
    t.has_tracing,
    w.workload_id in (select c.workload_id from counted c) as is_counted
  from ai_system s
  join ai_system_workload m on m.ai_system_id = s.ai_system_id
  join workload w on w.workload_id = m.workload_id
  left join workload_telemetry t on t.workload_id = w.workload_id
  where s.risk_class = 'high' and s.is_operating
)
select
  'ai-system ' || j.ai_system_id as subject,
  j.workload as discriminator,
  case
    when j.is_counted or j.has_access_log = 1 or j.has_tracing = 1 then 'pass'
    when j.layer <> 'none' and (j.has_access_log is null or j.has_tracing is null) then 'not-assessed'
    else 'fail'
  end as status,
  case
    when j.is_counted or j.has_access_log = 1 or j.has_tracing = 1
      then 'workload "' || j.workload || '" of system "' || j.ai_system_id || '" is monitored'
    when j.layer = 'none'
      then 'workload "' || j.workload || '" of system "' || j.ai_system_id || '" (' || j.trade_name
        || ') has no proxy that could record anything, and nothing else shows its calls'
    when j.has_access_log is null or j.has_tracing is null
      then 'whether the proxy of workload "' || j.workload || '" records anything is not known'
    else 'workload "' || j.workload || '" of system "' || j.ai_system_id || '" (' || j.trade_name
      || ') has neither access log nor spans, and no counters of its calls were given'
  end as message,
  j.location_id,
  json_object(
    'ai_system', j.ai_system_id, 'workload', j.workload, 'has_access_log', j.has_access_log,
    'has_tracing', j.has_tracing, 'is_counted', j.is_counted
  ) as evidence
from judged j
order by j.ai_system_id, j.workload
