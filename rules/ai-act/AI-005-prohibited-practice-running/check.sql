with prohibited_systems as (
  select
    s.ai_system_id,
    s.trade_name,
    s.status,
    s.is_operating,
    s.location_id,
    (
      select count(*)
      from ai_system_workload m
      where m.ai_system_id = s.ai_system_id
    ) as workload_count,
    exists (select 1 from workload) as has_manifests
  from ai_system s
  where s.risk_class = 'prohibited'
)
select
  'ai-system ' || ai_system_id as subject,
  case
    when workload_count > 0 or is_operating then 'fail'
    when has_manifests then 'pass'
    else 'not-assessed'
  end as status,
  'system "' || ai_system_id || '" (' || trade_name || ') is registered as prohibited'
    || case
      when workload_count > 0
        then ', and ' || workload_count
          || case workload_count when 1 then ' workload of it is' else ' workloads of it are' end
          || ' in the manifests'
      when is_operating then ' and as ' || status
      when has_manifests then ' and ' || status || '; none of its workloads is in the manifests'
      else '; not assessed whether it still runs, since no manifests were given'
    end as message,
  location_id,
  json_object('ai_system', ai_system_id, 'status', status, 'workloads', workload_count) as evidence
from prohibited_systems
order by ai_system_id
