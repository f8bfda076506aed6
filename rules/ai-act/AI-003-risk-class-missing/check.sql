select
  'ai-system ' || s.ai_system_id as subject,
  case
    when s.risk_class = 'unclassified' then 'fail'
    when s.risk_class = 'high' and s.route is null then 'fail'
    else 'pass'
  end as status,
  case
    when s.risk_class = 'unclassified'
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') has no risk class'
    when s.risk_class = 'high' and s.route is null
      then 'system "' || s.ai_system_id || '" (' || s.trade_name
        || ') is high-risk, and the register does not say by which route'
    else 'system "' || s.ai_system_id || '" is classified: ' || s.risk_class
      || coalesce(' by ' || s.route, '')
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'risk_class', s.risk_class, 'route', s.route, 'point', s.point
  ) as evidence
from ai_system s
where s.status <> 'withdrawn' and s.status <> 'recalled'
order by s.ai_system_id
