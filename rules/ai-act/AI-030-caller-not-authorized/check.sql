select
  'ai-system ' || s.ai_system_id as subject,
  v.value ->> '$.status' as status,
  case v.value ->> '$.status'
    when 'fail'
      then 'high-risk system "' || s.ai_system_id || '" (' || s.trade_name || ') admits callers that nobody named: '
        || (v.value ->> '$.failing[0].message')
        || case json_array_length(v.value, '$.failing')
          when 1 then ''
          else ' (and ' || (json_array_length(v.value, '$.failing') - 1) || ' more)'
        end
    when 'not-assessed'
      then 'not assessed for system "' || s.ai_system_id || '" by ' || (v.value ->> '$.open[0].rule')
        || ': ' || (v.value ->> '$.open[0].message')
    when 'pass' then 'system "' || s.ai_system_id || '" admits named callers only'
    else 'nothing of system "' || s.ai_system_id || '" is a subject of the rules that this one rests on'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id,
    'failing', (
      select json_group_array((f.value ->> '$.rule') || ' ' || (f.value ->> '$.subject'))
      from json_each(v.value, '$.failing') f
    ),
    'not_assessed', (
      select json_group_array((o.value ->> '$.rule') || ' ' || (o.value ->> '$.subject'))
      from json_each(v.value, '$.open') o
    ),
    'passing', json_array_length(v.value, '$.passing')
  ) as evidence
from json_each(:verdicts) v
join ai_system s on s.ai_system_id = v.value ->> '$.ai_system'
where s.risk_class = 'high' and s.is_operating
order by s.ai_system_id
