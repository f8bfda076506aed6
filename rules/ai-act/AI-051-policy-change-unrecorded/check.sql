select
  'ai-system ' || s.ai_system_id as subject,
  v.value ->> '$.status' as status,
  case v.value ->> '$.status'
    when 'fail'
      then 'high-risk system "' || s.ai_system_id || '" (' || s.trade_name
        || ') has policies whose changes nothing records: ' || (v.value ->> '$.message')
    when 'pass' then 'changes to the policies of system "' || s.ai_system_id || '" are on record'
    else v.value ->> '$.message'
  end as message,
  s.location_id,
  v.value -> '$.evidence' as evidence
from json_each(:verdicts) v
join ai_system s on s.ai_system_id = v.value ->> '$.ai_system'
where s.risk_class = 'high' and s.is_operating and s.is_provider
order by s.ai_system_id
