select
  'ai-system ' || s.ai_system_id as subject,
  case
    when s.uses_personal_data is null then 'not-assessed'
    when s.uses_personal_data = 0 or d.declaration = 'reasoned' then 'not-applicable'
    when d.declaration = 'given' then 'pass'
    else 'fail'
  end as status,
  case
    when s.uses_personal_data is null
      then 'not assessed: the register does not say whether system "' || s.ai_system_id
        || '" uses personal data'
    when s.uses_personal_data = 0 then 'system "' || s.ai_system_id || '" uses no personal data'
    when d.declaration = 'given'
      then 'system "' || s.ai_system_id || '" refers to its data protection impact assessment at "'
        || d.uri || '"'
    when d.declaration = 'reasoned'
      then 'system "' || s.ai_system_id || '" has no data protection impact assessment, with the reason "'
        || d.reason || '"'
    else 'system "' || s.ai_system_id || '" (' || s.trade_name
      || ') uses personal data and refers to no data protection impact assessment'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'personal_data', s.uses_personal_data, 'uri', d.uri, 'date', d.date,
    'reason', d.reason
  ) as evidence
from ai_system s
join declared_document d on d.ai_system_id = s.ai_system_id and d.name = 'dpia'
where s.risk_class = 'high' and s.is_operating and s.is_deployer
order by s.ai_system_id
