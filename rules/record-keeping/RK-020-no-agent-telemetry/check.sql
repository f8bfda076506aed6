select
  'workload ' || w.namespace || '/' || w.name as subject,
  m.ai_system_id as discriminator,
  case when t.agent_span_count = 0 then 'fail' else 'pass' end as status,
  case
    when t.agent_span_count = 0
      then 'agent "' || w.namespace || '/' || w.name || '" of system "' || m.ai_system_id || '" has '
        || t.span_count || ' spans, none of which says which model or tool was used'
    else t.agent_span_count || ' of ' || t.span_count || ' spans of agent "' || w.namespace || '/'
      || w.name || '" say which model or tool was used'
  end as message,
  w.location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'ai_system', m.ai_system_id, 'spans', t.span_count,
    'agent_spans', t.agent_span_count, 'first_day', t.first_day, 'last_day', t.last_day
  ) as evidence
from ai_system_workload m
join ai_system s on s.ai_system_id = m.ai_system_id
join traced_workload t on t.workload_id = m.workload_id
join workload w on w.workload_id = m.workload_id
where m.kind = 'agent' and s.status in ('in-service', 'on-market')
order by w.namespace, w.name, m.ai_system_id
