with granting_workloads as (
  select distinct x.workload_id
  from policy p
  join policy_workload x on x.policy_id = p.policy_id
  where p.action = 'allow' and p.is_dry_run = 0
)
select
  'workload ' || w.namespace || '/' || w.name as subject,
  case
    when coalesce(t.day_count, 0) < :min_days then 'fail'
    when 100 * t.decided_count < :min_coverage * t.request_count then 'fail'
    else 'pass'
  end as status,
  case
    when t.day_count is null
      then 'no log of workload "' || w.namespace || '/' || w.name
        || '" was given: whether its grants are used is not known'
    when t.day_count >= :min_days and 100 * t.decided_count < :min_coverage * t.request_count
      then 'on ' || (t.request_count - t.decided_count) || ' of ' || t.request_count
        || ' requests to workload "' || w.namespace || '/' || w.name
        || '" the log does not carry what decides (' || (100 * t.decided_count / t.request_count)
        || ' % decided, ' || :min_coverage || ' % are needed to judge use)'
    else 'the logs of workload "' || w.namespace || '/' || w.name || '" cover ' || t.day_count
      || case t.day_count when 1 then ' day' else ' days' end || ', from ' || day_of(t.first_seen)
      || ' to ' || day_of(t.last_seen) || '; ' || :min_days || ' are needed to judge use'
  end as message,
  w.location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'days', coalesce(t.day_count, 0),
    'min_days', :min_days, 'first_seen', t.first_seen, 'last_seen', t.last_seen,
    'requests', coalesce(t.request_count, 0), 'decided_requests', coalesce(t.decided_count, 0)
  ) as evidence
from granting_workloads g
join workload w on w.workload_id = g.workload_id
left join traffic_window t on t.workload_id = w.workload_id
order by w.namespace, w.name
