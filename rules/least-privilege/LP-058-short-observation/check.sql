with granting_workloads as (
  select distinct x.workload_id
  from policy p
  join policy_workload x on x.policy_id = p.policy_id
  where p.action = 'allow' and p.is_dry_run = 0
),
windows as (
  -- Days of the log and days of counters: whatever the proxy wrote shows that a call would have been seen,
  -- but the lines of a gateway name the call that it makes.
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    w.location_id,
    max(coalesce(t.day_count, 0), coalesce(c.day_count, 0)) as day_count,
    min(coalesce(t.first_seen, c.first_seen), coalesce(c.first_seen, t.first_seen)) as first_seen,
    max(coalesce(t.last_seen, c.last_seen), coalesce(c.last_seen, t.last_seen)) as last_seen,
    coalesce(t.request_count, 0) as request_count,
    coalesce(t.decided_count, 0) as decided_count
  from granting_workloads g
  join workload w on w.workload_id = g.workload_id
  left join traffic_window t on t.workload_id = w.workload_id
  left join log_coverage c
    on c.workload_id = w.workload_id and w.dataplane not in ('gateway', 'waypoint')
)
select
  'workload ' || workload as subject,
  case
    when day_count < :min_days then 'fail'
    when 100 * decided_count < :min_coverage * request_count then 'fail'
    else 'pass'
  end as status,
  case
    when day_count = 0
      then 'no log of workload "' || workload
        || '" was given: whether its grants are used is not known'
    when day_count >= :min_days and 100 * decided_count < :min_coverage * request_count
      then 'on ' || (request_count - decided_count) || ' of ' || request_count
        || ' requests to workload "' || workload
        || '" the log does not carry what decides (' || (100 * decided_count / request_count)
        || ' % decided, ' || :min_coverage || ' % are needed to judge use)'
    else 'the logs of workload "' || workload || '" cover ' || day_count
      || case day_count when 1 then ' day' else ' days' end || ', from ' || day_of(first_seen)
      || ' to ' || day_of(last_seen) || '; ' || :min_days || ' are needed to judge use'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'days', day_count, 'min_days', :min_days, 'first_seen', first_seen,
    'last_seen', last_seen, 'requests', request_count, 'decided_requests', decided_count
  ) as evidence
from windows
order by workload
