select
  'ai-system ' || s.ai_system_id as subject,
  case
    when d.declaration = 'reasoned' then 'not-applicable'
    when d.declaration = 'missing' or d.sha256 <> d.read_sha256 then 'fail'
    else 'pass'
  end as status,
  case
    when d.declaration = 'reasoned'
      then 'system "' || s.ai_system_id || '" has no technical documentation here, with the reason "'
        || d.reason || '"'
    when d.declaration = 'missing'
      then 'system "' || s.ai_system_id || '" (' || s.trade_name
        || ') refers to no technical documentation'
    when d.sha256 <> d.read_sha256
      then 'the technical documentation of system "' || s.ai_system_id || '" (' || s.trade_name
        || ') at "' || d.uri || '" has another digest than the register says'
    when d.sha256 = d.read_sha256
      then 'system "' || s.ai_system_id || '" refers to its technical documentation at "' || d.uri
        || '", and the file has the declared digest'
    else 'system "' || s.ai_system_id || '" refers to its technical documentation at "' || d.uri
      || '"; its contents were not looked at'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'uri', d.uri, 'date', d.date, 'sha256', d.sha256,
    'read_sha256', d.read_sha256, 'reason', d.reason
  ) as evidence
from ai_system s
join declared_document d
  on d.ai_system_id = s.ai_system_id and d.name = 'technicalDocumentation'
where s.risk_class = 'high' and s.is_operating and s.is_provider
order by s.ai_system_id
