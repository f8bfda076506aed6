with consoles as materialized (
  select s.ai_system_id, w.workload_id, w.namespace || '/' || w.name as console
  from ai_system s
  join json_each(s.oversight_principals) p
  join workload w on w.identity = p.value
  where s.risk_class = 'high' and s.is_operating
),
edges as materialized (
  select
    c.ai_system_id,
    c.workload_id,
    c.console,
    e.source,
    e.decision,
    e.port,
    e.source_kind <> 'workload' as is_nobody,
    exists (
      select 1
      from ai_system_workload m
      where m.ai_system_id = c.ai_system_id and m.workload_id = e.source_workload_id
    ) as is_own
  from consoles c
  join access_edge e on e.destination_workload_id = c.workload_id
  where e.source_workload_id is null or e.source_workload_id <> c.workload_id
),
problems as (
  select
    ai_system_id,
    workload_id,
    console,
    case when is_nobody then 'any caller' else source end as caller,
    min(port) as port
  from edges
  where decision in ('allow', 'partial') and (is_nobody or is_own)
  group by ai_system_id, workload_id, 4
),
open_consoles as (
  select ai_system_id, workload_id, min(decision in ('allow', 'partial', 'deny')) as is_decided
  from edges
  where is_nobody or is_own
  group by ai_system_id, workload_id
)
select
  'ai-system ' || s.ai_system_id as subject,
  c.console || coalesce(' from ' || p.caller, '') as discriminator,
  case
    when json_array_length(s.oversight_principals) = 0 then 'not-applicable'
    when c.console is null then 'not-assessed'
    when p.console is not null then 'fail'
    when o.is_decided is null then 'not-applicable'
    when o.is_decided then 'pass'
    else 'not-assessed'
  end as status,
  case
    when json_array_length(s.oversight_principals) = 0
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') names no oversight principal'
    when c.console is null
      then 'no workload of the inputs carries an oversight principal of system "' || s.ai_system_id || '" ('
        || s.trade_name || ')'
    when p.caller = 'any caller'
      then 'callers without an identity of the mesh may call the oversight console "' || c.console || ':' || p.port
        || '" of system "' || s.ai_system_id || '" (' || s.trade_name || ')'
    when p.caller is not null
      then 'workload "' || p.caller || '" of system "' || s.ai_system_id || '" (' || s.trade_name
        || ') may call the console "' || c.console || ':' || p.port || '" that oversees it'
    when o.is_decided is null
      then 'the oversight console "' || c.console || '" declares no port'
    when o.is_decided
      then 'neither system "' || s.ai_system_id || '" nor callers without an identity may call the console "'
        || c.console || '"'
    else 'whether system "' || s.ai_system_id || '" may call the console "' || c.console
      || '" is left to an external authorizer, or not known'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'console', c.console, 'caller', p.caller, 'port', p.port
  ) as evidence
from ai_system s
left join consoles c on c.ai_system_id = s.ai_system_id
left join problems p on p.ai_system_id = s.ai_system_id and p.workload_id = c.workload_id
left join open_consoles o on o.ai_system_id = s.ai_system_id and o.workload_id = c.workload_id
where s.risk_class = 'high' and s.is_operating
order by s.ai_system_id, c.console, p.caller
