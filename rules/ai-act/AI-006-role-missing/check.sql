select
  'ai-system ' || s.ai_system_id as subject,
  case when json_array_length(s.roles) = 0 then 'fail' else 'pass' end as status,
  case
    when json_array_length(s.roles) = 0
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') names no role'
    else 'system "' || s.ai_system_id || '" names ' || s.roles
  end as message,
  s.location_id,
  json_object('ai_system', s.ai_system_id, 'roles', json(s.roles)) as evidence
from ai_system s
where s.status <> 'withdrawn' and s.status <> 'recalled'
order by s.ai_system_id
