select
  'ai-system ' || s.ai_system_id as subject,
  p.peer as discriminator,
  case when p.interaction_id is not null then 'pass' else 'fail' end as status,
  case
    when p.interaction_id is not null
      then '"' || p.peer || '" calls system "' || s.ai_system_id || '", as declared'
    else '"' || p.peer || '" sent ' || p.request_count
      || case p.request_count when 1 then ' request' else ' requests' end || ' to system "' || s.ai_system_id
      || '" (' || s.trade_name || '), and the register does not declare it as a source'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'peer', p.peer, 'identity', p.identity, 'requests', p.request_count,
    'last_seen', p.last_seen
  ) as evidence
from ai_system s
join ai_system_peer p on p.ai_system_id = s.ai_system_id and p.direction = 'in'
where s.risk_class = 'high'
  and p.request_count > 0
  and p.last_seen >= add_days(:as_of, -:window_days)
order by s.ai_system_id, p.peer
