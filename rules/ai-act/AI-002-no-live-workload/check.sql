with known_clusters as materialized (
  select distinct cluster
  from workload
),
judged_systems as (
  select
    s.ai_system_id,
    s.trade_name,
    s.location_id,
    (
      select count(*)
      from ai_system_workload m
      where m.ai_system_id = s.ai_system_id
    ) as workload_count,
    coalesce(json_array_length(s.entry, '$.workloads'), 0) as selector_count,
    (
      select count(*)
      from json_each(s.entry, '$.workloads') l
      where l.value ->> '$.cluster' not in (select cluster from known_clusters)
    ) as elsewhere_count
  from ai_system s
  where s.status = 'in-service'
)
select
  'ai-system ' || ai_system_id as subject,
  case
    when workload_count > 0 then 'pass'
    when selector_count > 0 and elsewhere_count = selector_count then 'not-assessed'
    else 'fail'
  end as status,
  case
    when workload_count > 0
      then 'system "' || ai_system_id || '" has ' || workload_count
        || case workload_count when 1 then ' workload' else ' workloads' end
    when selector_count > 0 and elsewhere_count = selector_count
      then 'not assessed whether system "' || ai_system_id
        || '" has workloads: all of them are declared for clusters that are not among the inputs'
    when selector_count = 0
      then 'system "' || ai_system_id || '" (' || trade_name
        || ') is in service, names no workloads, and no pod carries its label'
    else 'system "' || ai_system_id || '" (' || trade_name
      || ') is in service, and its selectors match no workload'
  end as message,
  location_id,
  json_object('ai_system', ai_system_id, 'workloads', workload_count, 'selectors', selector_count)
    as evidence
from judged_systems
order by ai_system_id
