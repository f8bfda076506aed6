select
  'ai-system ' || s.ai_system_id as subject,
  case when d.retention_years >= :years then 'pass' else 'fail' end as status,
  case
    when d.retention_years is null
      then 'system "' || s.ai_system_id || '" (' || s.trade_name
        || ') does not say for how long its technical documentation is kept; the provider keeps it for '
        || :years || ' years'
    else 'system "' || s.ai_system_id || '" keeps its technical documentation for '
      || d.retention_years || ' years'
      || case when d.retention_years >= :years then '' else ', less than ' || :years end
  end as message,
  s.location_id,
  json_object('ai_system', s.ai_system_id, 'retention_years', d.retention_years) as evidence
from ai_system s
join declared_document d
  on d.ai_system_id = s.ai_system_id and d.name = 'technicalDocumentation'
where s.risk_class = 'high' and s.is_operating and s.is_provider and d.declaration = 'given'
order by s.ai_system_id
