with named_persons as (
  select
    s.ai_system_id,
    count(p.value) as person_count,
    sum(
      json_extract(p.value, '$.contact') is not null
        and json_extract(p.value, '$.competence.uri') is not null
    ) as complete_count
  from ai_system s
  left join json_each(s.entry, '$.oversight.persons') p
  group by s.ai_system_id
)
select
  'ai-system ' || s.ai_system_id as subject,
  case when coalesce(n.complete_count, 0) > 0 then 'pass' else 'fail' end as status,
  case
    when coalesce(n.complete_count, 0) > 0
      then 'system "' || s.ai_system_id || '" names ' || n.complete_count
        || case n.complete_count when 1 then ' person' else ' persons' end || ' for its oversight'
    when n.person_count > 0
      then 'system "' || s.ai_system_id || '" (' || s.trade_name
        || ') names nobody for its oversight with both contact and competence reference'
    else 'system "' || s.ai_system_id || '" (' || s.trade_name || ') names nobody for its oversight'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'persons', n.person_count,
    'with_contact_and_competence', coalesce(n.complete_count, 0),
    'principals', json(s.oversight_principals)
  ) as evidence
from ai_system s
join named_persons n on n.ai_system_id = s.ai_system_id
where s.risk_class = 'high' and s.status in ('in-service', 'on-market')
order by s.ai_system_id
