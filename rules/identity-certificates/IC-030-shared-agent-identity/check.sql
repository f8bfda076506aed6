with agents as (
  select distinct
    w.identity,
    w.namespace || '/' || coalesce(w.application, w.name) as agent,
    m.ai_system_id,
    w.location_id
  from ai_system_workload m
  join workload w on w.workload_id = m.workload_id
  where m.kind = 'agent' and w.identity is not null
),
identities as (
  select
    identity,
    count(distinct agent) as agent_count,
    count(distinct ai_system_id) as system_count,
    json_group_array(distinct agent) as agents,
    json_group_array(distinct ai_system_id) as systems,
    max(location_id) as location_id
  from agents
  group by identity
)
select
  'identity ' || identity as subject,
  case when agent_count > 1 or system_count > 1 then 'fail' else 'pass' end as status,
  case
    when agent_count > 1
      then agent_count || ' agents of ' || system_count
        || case system_count when 1 then ' AI system' else ' AI systems' end
        || ' share the identity "' || identity || '"'
    when system_count > 1
      then 'the agent with the identity "' || identity || '" belongs to ' || system_count
        || ' AI systems'
    else '"' || identity || '" is the identity of one agent'
  end as message,
  location_id,
  json_object('identity', identity, 'agents', json(agents), 'systems', json(systems)) as evidence
from identities
order by identity
