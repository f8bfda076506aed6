with overseers as (
  select s.ai_system_id, s.trade_name, s.stop_workload, s.stop_endpoint, s.location_id,
    p.value as principal
  from ai_system s
  left join json_each(s.oversight_principals) p
  where s.risk_class = 'high' and s.is_operating
),
judged as (
  select
    o.ai_system_id,
    o.trade_name,
    o.stop_workload,
    o.stop_endpoint,
    o.location_id,
    o.principal,
    count(t.port) as port_count,
    max(t.decision = 'allow') as is_allowed,
    max(t.decision in ('unknown', 'delegate')) as is_open,
    min(t.reason) as reason,
    min(case t.decision when 'allow' then t.decided_by end) as granted_by
  from overseers o
  left join stop_path t
    on t.ai_system_id = o.ai_system_id and t.source_identity = o.principal
  group by o.ai_system_id, o.principal
)
select
  'ai-system ' || j.ai_system_id as subject,
  j.principal as discriminator,
  case
    when j.stop_workload is null or j.stop_endpoint is null or j.principal is null then 'not-applicable'
    when j.port_count = 0 then 'not-assessed'
    when j.is_allowed then 'pass'
    when j.is_open then 'not-assessed'
    else 'fail'
  end as status,
  case
    when j.stop_workload is null or j.stop_endpoint is null
      then 'system "' || j.ai_system_id || '" (' || j.trade_name || ') declares no stop endpoint'
    when j.principal is null
      then 'system "' || j.ai_system_id || '" (' || j.trade_name || ') names no oversight principal'
    when j.port_count = 0
      then 'stop workload "' || j.stop_workload || '" of system "' || j.ai_system_id
        || '" is not among the inputs, or declares no port that takes HTTP'
    when j.is_allowed
      then 'overseer "' || j.principal || '" may call "' || j.stop_endpoint || '" at "' || j.stop_workload || '"'
    when j.is_open
      then 'whether overseer "' || j.principal || '" may call "' || j.stop_endpoint || '" at "'
        || j.stop_workload || '" is not known: ' || coalesce(j.reason, 'an external authorizer decides')
    else 'overseer "' || j.principal || '" of system "' || j.ai_system_id || '" (' || j.trade_name
      || ') may not call its stop endpoint "' || j.stop_endpoint || '" at "' || j.stop_workload || '"'
  end as message,
  j.location_id,
  json_object(
    'ai_system', j.ai_system_id, 'principal', j.principal, 'stop_workload', j.stop_workload,
    'stop_endpoint', j.stop_endpoint, 'granted_by', j.granted_by, 'reason', j.reason
  ) as evidence
from judged j
order by j.ai_system_id, j.principal
