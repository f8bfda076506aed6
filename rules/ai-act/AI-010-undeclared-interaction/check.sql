with judged_peers as (
  select
    p.ai_system_id,
    p.direction,
    p.peer,
    p.identity,
    p.is_granted,
    case when p.last_seen >= add_days(:as_of, -:window_days) then p.request_count else 0 end
      as request_count,
    p.interaction_id is not null as is_declared
  from ai_system_peer p
)
select
  'ai-system ' || j.ai_system_id as subject,
  j.direction || ' ' || j.peer as discriminator,
  case when j.is_declared then 'pass' else 'fail' end as status,
  '"' || j.peer || '" '
    || case
      when j.request_count > 0 and j.direction = 'in' then 'calls'
      when j.request_count > 0 then 'is called by'
      when j.direction = 'in' then 'may call'
      else 'may be called by'
    end
    || ' system "' || j.ai_system_id || '"'
    || case when j.is_declared then ', as declared' else ', and the register does not declare it' end
    as message,
  s.location_id,
  json_object(
    'ai_system', j.ai_system_id, 'direction', j.direction, 'peer', j.peer, 'identity', j.identity,
    'is_granted', j.is_granted, 'requests', j.request_count
  ) as evidence
from judged_peers j
join ai_system s on s.ai_system_id = j.ai_system_id
where j.is_granted or j.request_count > 0
order by j.ai_system_id, j.direction, j.peer
