select
  'ai-system ' || s.ai_system_id as subject,
  case
    when s.is_profiling = 1 then 'fail'
    when s.is_provider = 0 then 'not-applicable'
    when d.declaration = 'missing' then 'fail'
    when d.declaration = 'reasoned' then 'not-applicable'
    when s.is_profiling is null then 'not-assessed'
    else 'pass'
  end as status,
  'system "' || s.ai_system_id || '" (' || s.trade_name || ') claims the derogation of Article 6(3)('
    || s.derogation || ')'
    || case
      when s.is_profiling = 1 then ', and it profiles natural persons'
      when s.is_provider = 0 then '; its provider documents the assessment'
      when d.declaration = 'missing' then ', and the register refers to no assessment'
      when d.declaration = 'reasoned' then '; for the missing assessment the reason is "' || d.reason || '"'
      when s.is_profiling is null
        then '; not assessed, since the register does not say whether it profiles natural persons'
      else '; the assessment is at "' || d.uri || '"'
    end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'derogation', s.derogation, 'profiling', s.is_profiling,
    'assessment', d.uri, 'reason', d.reason
  ) as evidence
from ai_system s
join declared_document d on d.ai_system_id = s.ai_system_id and d.name = 'assessment'
where s.derogation is not null and s.status not in ('withdrawn', 'recalled')
order by s.ai_system_id
