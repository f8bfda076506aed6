with judged_systems as (
  select
    s.ai_system_id,
    s.trade_name,
    s.log_retention_days,
    s.log_retention_legal_basis,
    s.location_id,
    v.value ->> '$.status' as rule_status,
    v.value ->> '$.failing[0].evidence.is_six_months_now' as is_six_months_now,
    coalesce(
      v.value ->> '$.failing[0].message', v.value ->> '$.message', v.value ->> '$.passing[0].message'
    ) as rule_message
  from json_each(:verdicts) v
  join ai_system s on s.ai_system_id = v.value ->> '$.ai_system'
  where s.risk_class = 'high' and s.is_operating and s.is_provider
)
select
  'ai-system ' || ai_system_id as subject,
  -- RK-006 has no subject where nothing is declared; the provider declares it.
  case rule_status when 'not-applicable' then 'fail' else rule_status end as status,
  case when is_six_months_now then 'medium' end as severity,
  case rule_status
    when 'fail' then rule_message || '; the provider keeps them for at least six months'
    when 'not-applicable'
      then 'system "' || ai_system_id || '" (' || trade_name
        || ') declares no retention of its logs; the provider keeps them for at least six months'
    else rule_message
  end as message,
  location_id,
  json_object(
    'ai_system', ai_system_id, 'role', 'provider', 'retention_days', log_retention_days,
    'legal_basis', log_retention_legal_basis
  ) as evidence
from judged_systems
order by ai_system_id
