select
  'ai-system ' || s.ai_system_id as subject,
  case d.declaration when 'given' then 'pass' when 'reasoned' then 'not-applicable' else 'fail' end
    as status,
  case d.declaration
    when 'given' then 'system "' || s.ai_system_id || '" refers to its suspension policy at "' || d.uri || '"'
    when 'reasoned'
      then 'system "' || s.ai_system_id || '" has no suspension policy, with the reason "' || d.reason || '"'
    else 'system "' || s.ai_system_id || '" (' || s.trade_name || ') refers to no suspension policy'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'document', d.name, 'uri', d.uri, 'date', d.date, 'reason', d.reason
  ) as evidence
from ai_system s
join declared_document d on d.ai_system_id = s.ai_system_id and d.name = 'suspendPolicy'
where s.risk_class = 'high' and s.is_operating and (s.is_provider or s.is_deployer)
order by s.ai_system_id
