with recorded_workloads as (
  select
    s.ai_system_id,
    s.trade_name,
    s.location_id,
    w.namespace || '/' || w.name as workload,
    -- A workload without a proxy has no access log either.
    case when w.dataplane = 'none' then 0 else t.has_access_log end as has_access_log
  from ai_system s
  left join ai_system_workload m on m.ai_system_id = s.ai_system_id
  left join workload w on w.workload_id = m.workload_id
  left join workload_telemetry t on t.workload_id = w.workload_id
  where s.risk_class = 'high' and s.status in ('in-service', 'on-market')
),
judged_systems as (
  select
    ai_system_id,
    min(trade_name) as trade_name,
    min(location_id) as location_id,
    count(workload) as workload_count,
    sum(has_access_log = 0) as unrecorded_count,
    sum(workload is not null and has_access_log is null) as unknown_count,
    (
      select json_group_array(workload)
      from (
        select o.workload
        from recorded_workloads o
        where o.ai_system_id = r.ai_system_id and o.has_access_log = 0
        order by o.workload
      )
    ) as unrecorded
  from recorded_workloads r
  group by ai_system_id
)
select
  'ai-system ' || ai_system_id as subject,
  case
    when workload_count = 0 then 'not-applicable'
    when unrecorded_count > 0 then 'fail'
    when unknown_count > 0 then 'not-assessed'
    else 'pass'
  end as status,
  case
    when workload_count = 0
      then 'no workload of system "' || ai_system_id || '" is in the inputs'
    when unrecorded_count > 0
      then 'high-risk system "' || ai_system_id || '" (' || trade_name || ') keeps no records of '
        || unrecorded_count || ' of its ' || workload_count || ' workloads: ' || unrecorded
    when unknown_count > 0
      then 'not assessed whether every workload of system "' || ai_system_id
        || '" is recorded: the manifests do not say'
    else 'every workload of system "' || ai_system_id || '" is recorded'
  end as message,
  location_id,
  json_object(
    'ai_system', ai_system_id, 'workloads', workload_count, 'unrecorded', json(unrecorded)
  ) as evidence
from judged_systems
order by ai_system_id
