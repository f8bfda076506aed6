with judged_operations as materialized (
  select granted_operation_id, policy_rule_id, workload_id, port, method, path
  from granted_operation
  where is_identity_seen = 1
),
operations_used as materialized (
  select distinct u.granted_operation_id
  from used_operation u
  join observed_request o on o.observed_request_id = u.observed_request_id
  where o.last_seen >= add_days(:as_of, -:window_days)
),
granted_at_workloads as materialized (
  -- What several rules grant is one operation of the workload.
  select
    workload_id,
    port,
    method,
    path,
    max(granted_operation_id in (select granted_operation_id from operations_used)) as is_used
  from judged_operations
  group by workload_id, port, method, path
),
scores as (
  select
    workload_id,
    count(*) as granted_count,
    sum(is_used) as used_count,
    100 * sum(is_used) / count(*) as used_percent
  from granted_at_workloads
  group by workload_id
),
judged_workloads as (
  select
    w.namespace || '/' || w.name as workload,
    w.location_id,
    s.granted_count,
    s.used_count,
    s.used_percent,
    t.day_count,
    t.first_seen,
    t.last_seen,
    100 * t.decided_count / t.request_count as coverage
  from scores s
  join workload w on w.workload_id = s.workload_id
  join traffic_window t on t.workload_id = s.workload_id
),
rated_workloads as (
  select
    *,
    case
      when used_percent >= :least_used_percent then 'pass'
      when day_count < :min_days or coverage < :min_coverage then 'not-assessed'
      else 'fail'
    end as status
  from judged_workloads
)
select
  'workload ' || workload as subject,
  status,
  case status
    when 'not-assessed'
      then 'not known how much of what is granted at "' || workload || '" is used: '
    else ''
  end
    || 'of ' || granted_count || case granted_count when 1 then ' operation' else ' operations' end
    || ' granted at "' || workload || '", ' || used_count
    || case used_count when 1 then ' was' else ' were' end || ' used (' || used_percent || ' %; '
    || day_of(first_seen) || ' to ' || day_of(last_seen) || ', ' || day_count
    || case day_count when 1 then ' day' else ' days' end || ' observed, ' || coverage
    || ' % of requests decided)' as message,
  location_id,
  json_object(
    'workload', workload, 'granted_operations', granted_count, 'used_operations', used_count,
    'used_percent', used_percent, 'first_seen', first_seen, 'last_seen', last_seen,
    'days', day_count, 'coverage_percent', coverage
  ) as evidence
from rated_workloads
order by workload
