with stops as (
  select
    s.ai_system_id,
    s.trade_name,
    s.stop_workload,
    s.stop_endpoint,
    s.oversight_principals,
    s.location_id,
    coalesce(s.stop_max_days, :max_days) as days,
    substr(s.stop_endpoint, 1, instr(s.stop_endpoint, ' ') - 1) as method,
    substr(s.stop_endpoint, instr(s.stop_endpoint, ' ') + 1) as path,
    w.workload_id,
    c.first_seen
  from ai_system s
  left join workload w on w.namespace || '/' || w.name = s.stop_workload
  left join log_coverage c on c.workload_id = w.workload_id
  where s.risk_class = 'high' and s.is_operating
),
calls as (
  select
    t.ai_system_id,
    max(case when o.path_template = t.path then o.last_seen end) as tried,
    -- The log keeps the template only, where the path holds an identifier.
    max(
      instr(o.path_template, '{') > 0 and o.last_seen >= add_days(:as_of, -t.days)
    ) as is_like
  from stops t
  join observed_request o
    on o.destination_workload_id = t.workload_id
    and o.side = 'server'
    and o.method = t.method
    and o.outcome = 'allowed'
    and o.response_class = '2xx'
    and o.source in (select p.value from json_each(t.oversight_principals) p)
    and (
      o.path_template = t.path
      or instr(o.path_template, '{') > 0
      and t.path glob replace(
        replace(replace(o.path_template, '{id}', '*'), '{token}', '*'), '{email}', '*'
      )
    )
  group by t.ai_system_id
),
judged as (
  select
    t.ai_system_id,
    t.trade_name,
    t.stop_workload,
    t.stop_endpoint,
    t.location_id,
    t.days,
    min(t.first_seen) as watched_since,
    max(c.tried) as tried,
    max(c.is_like) as is_like
  from stops t
  left join calls c on c.ai_system_id = t.ai_system_id
  group by t.ai_system_id
)
select
  'ai-system ' || j.ai_system_id as subject,
  case
    when j.tried >= add_days(:as_of, -j.days) then 'pass'
    when j.stop_workload is null or j.stop_endpoint is null then 'not-applicable'
    when j.watched_since is null or j.is_like then 'not-assessed'
    when j.watched_since > add_days(:as_of, -j.days) then 'not-assessed'
    else 'fail'
  end as status,
  case
    when j.tried >= add_days(:as_of, -j.days)
      then 'an overseer last called "' || j.stop_endpoint || '" of system "' || j.ai_system_id || '" on ' || day_of(j.tried)
    when j.stop_workload is null or j.stop_endpoint is null
      then 'system "' || j.ai_system_id || '" (' || j.trade_name || ') declares no stop endpoint'
    when j.watched_since is null
      then 'no log shows who calls stop workload "' || j.stop_workload || '" of system "' || j.ai_system_id || '"'
    when j.is_like
      then 'the log of "' || j.stop_workload || '" keeps the template of the path only, so that calls of "'
        || j.stop_endpoint || '" cannot be told from others'
    when j.watched_since > add_days(:as_of, -j.days)
      then 'the log of "' || j.stop_workload || '" begins on ' || day_of(j.watched_since)
        || ', and the stop of system "' || j.ai_system_id || '" is to be tried every ' || j.days || ' days'
    when j.tried is not null
      then 'overseers last called "' || j.stop_endpoint || '" of system "' || j.ai_system_id || '" ('
        || j.trade_name || ') on ' || day_of(j.tried) || ', more than ' || j.days || ' days ago'
    else 'no overseer called "' || j.stop_endpoint || '" of system "' || j.ai_system_id || '" ('
      || j.trade_name || ') within ' || j.days || ' days'
  end as message,
  j.location_id,
  json_object(
    'ai_system', j.ai_system_id, 'stop_workload', j.stop_workload, 'stop_endpoint', j.stop_endpoint,
    'last_tried', j.tried, 'max_days', j.days, 'watched_since', j.watched_since
  ) as evidence
from judged j
order by j.ai_system_id
