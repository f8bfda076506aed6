with unproxied_workloads as (
  -- A workload without a proxy has no access log, and RK-001 does not ask for one.
  select m.ai_system_id, w.namespace || '/' || w.name as workload
  from ai_system_workload m
  join workload w on w.workload_id = m.workload_id
  where w.dataplane = 'none'
),
unrecorded_workloads as (
  select ai_system_id, workload
  from unproxied_workloads
  union
  select v.value ->> '$.ai_system', f.value ->> '$.evidence.workload'
  from json_each(:verdicts) v
  join json_each(v.value, '$.failing') f
),
judged_systems as (
  select
    s.ai_system_id,
    s.trade_name,
    s.location_id,
    v.value ->> '$.status' as rule_status,
    v.value ->> '$.open[0].message' as open_message,
    (select count(*) from ai_system_workload m where m.ai_system_id = s.ai_system_id) as workload_count,
    (select count(*) from unrecorded_workloads u where u.ai_system_id = s.ai_system_id)
      as unrecorded_count,
    (
      select json_group_array(workload)
      from (
        select u.workload
        from unrecorded_workloads u
        where u.ai_system_id = s.ai_system_id
        order by u.workload
      )
    ) as unrecorded
  from json_each(:verdicts) v
  join ai_system s on s.ai_system_id = v.value ->> '$.ai_system'
  where s.risk_class = 'high' and s.is_operating
)
select
  'ai-system ' || ai_system_id as subject,
  case when unrecorded_count > 0 then 'fail' else rule_status end as status,
  case
    when unrecorded_count > 0
      then 'high-risk system "' || ai_system_id || '" (' || trade_name || ') keeps no records of '
        || unrecorded_count || ' of its ' || workload_count || ' workloads: ' || unrecorded
    when rule_status = 'not-assessed'
      then 'not assessed whether every workload of system "' || ai_system_id || '" is recorded: '
        || open_message
    when rule_status = 'pass' then 'every workload of system "' || ai_system_id || '" is recorded'
    else 'no workload of system "' || ai_system_id || '" is in the inputs'
  end as message,
  location_id,
  json_object(
    'ai_system', ai_system_id, 'workloads', workload_count, 'unrecorded', json(unrecorded)
  ) as evidence
from judged_systems
order by ai_system_id
