with undeclared as materialized (
  select ai_system_id, min(peer) as peer, count(distinct peer) as peer_count
  from ai_system_peer
  where ai_system_count > 0 and request_count > 0 and interaction_id is null
  group by ai_system_id
)
select
  'ai-system ' || s.ai_system_id as subject,
  case
    when d.declaration = 'missing' then 'fail'
    when u.peer is not null then 'fail'
    when d.declaration = 'reasoned' then 'not-applicable'
    else 'pass'
  end as status,
  case
    when d.declaration = 'missing'
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') refers to no post-market monitoring plan'
    when u.peer is not null
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') interacts with "' || u.peer
        || '" of another AI system'
        || case u.peer_count when 1 then '' else ', and ' || (u.peer_count - 1) || ' more' end
        || ', and the register does not declare it'
    when d.declaration = 'reasoned'
      then 'system "' || s.ai_system_id || '" has no post-market monitoring plan, with the reason "' || d.reason || '"'
    else 'system "' || s.ai_system_id || '" refers to its post-market monitoring plan at "' || d.uri || '"'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'uri', d.uri, 'reason', d.reason, 'undeclared_peer', u.peer,
    'undeclared_peers', coalesce(u.peer_count, 0)
  ) as evidence
from ai_system s
join declared_document d on d.ai_system_id = s.ai_system_id and d.name = 'postMarketPlan'
left join undeclared u on u.ai_system_id = s.ai_system_id
where s.risk_class = 'high' and s.is_operating and s.is_provider
order by s.ai_system_id
