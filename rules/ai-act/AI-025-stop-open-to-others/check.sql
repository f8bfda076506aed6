with callers as (
  select
    t.ai_system_id,
    case t.source_kind when 'workload' then t.source else 'any caller' end as caller,
    max(t.is_own_workload) as is_own,
    max(t.decision = 'allow') as is_allowed,
    max(t.decision in ('unknown', 'delegate')) as is_open,
    min(case t.decision when 'allow' then t.port end) as port,
    min(case t.decision when 'allow' then t.decided_by end) as granted_by,
    min(case when t.decision in ('unknown', 'delegate') then t.reason end) as reason
  from stop_path t
  where t.is_overseer = 0
  group by t.ai_system_id, 2
),
judged as (
  select
    s.ai_system_id,
    s.trade_name,
    s.stop_workload,
    s.stop_endpoint,
    s.location_id,
    count(c.caller) as caller_count,
    max(c.is_allowed) as is_allowed,
    max(c.is_allowed and c.caller = 'any caller') as is_public,
    max(c.is_open) as is_open,
    min(c.reason) as reason
  from ai_system s
  left join callers c on c.ai_system_id = s.ai_system_id
  where s.risk_class = 'high' and s.is_operating
  group by s.ai_system_id
),
found as (
  select j.ai_system_id, c.caller, c.is_own, c.port, c.granted_by
  from judged j
  join callers c on c.ai_system_id = j.ai_system_id and c.is_allowed
  -- Where anybody may call, one finding says it for all.
  where c.caller = 'any caller' or not j.is_public
)
select
  'ai-system ' || j.ai_system_id as subject,
  f.caller as discriminator,
  case
    when f.caller is not null then 'fail'
    when j.stop_workload is null or j.stop_endpoint is null then 'not-applicable'
    when j.caller_count = 0 or j.is_open then 'not-assessed'
    else 'pass'
  end as status,
  case
    when f.caller = 'any caller'
      then 'callers without an identity of the mesh may call the stop endpoint "' || j.stop_endpoint
        || '" of system "' || j.ai_system_id || '" (' || j.trade_name || ') at "' || j.stop_workload
        || ':' || f.port || '"'
    when f.is_own
      then 'workload "' || f.caller || '" of system "' || j.ai_system_id || '" (' || j.trade_name
        || ') may itself call its stop endpoint "' || j.stop_endpoint || '" at "' || j.stop_workload
        || ':' || f.port || '"'
    when f.caller is not null
      then 'workload "' || f.caller || '", no overseer, may call the stop endpoint "' || j.stop_endpoint
        || '" of system "' || j.ai_system_id || '" (' || j.trade_name || ') at "' || j.stop_workload
        || ':' || f.port || '"'
    when j.stop_workload is null or j.stop_endpoint is null
      then 'system "' || j.ai_system_id || '" (' || j.trade_name || ') declares no stop endpoint'
    when j.caller_count = 0
      then 'stop workload "' || j.stop_workload || '" of system "' || j.ai_system_id
        || '" is not among the inputs, or declares no port that takes HTTP'
    when j.is_open
      then 'whether others may call "' || j.stop_endpoint || '" at "' || j.stop_workload
        || '" is not known: ' || coalesce(j.reason, 'an external authorizer decides')
    else 'only overseers may call "' || j.stop_endpoint || '" at "' || j.stop_workload || '"'
  end as message,
  coalesce(
    (select min(r.location_id) from policy_rule r where r.reported_id = f.granted_by), j.location_id
  ) as location_id,
  json_object(
    'ai_system', j.ai_system_id, 'caller', f.caller, 'stop_workload', j.stop_workload,
    'stop_endpoint', j.stop_endpoint, 'port', f.port, 'granted_by', f.granted_by
  ) as evidence
from judged j
left join found f on f.ai_system_id = j.ai_system_id
order by j.ai_system_id, f.caller
