with judged_operations as materialized (
  select granted_operation_id, policy_rule_id, workload_id, port, method, path
  from granted_operation
  where is_identity_seen = 1
),
used_operations as materialized (
  select
    u.granted_operation_id,
    coalesce(
      o.source_namespace || '/' || o.source_name, o.source, o.source_host, 'callers without identity'
    ) as source,
    sum(o.request_count) as request_count
  from used_operation u
  join observed_request o on o.observed_request_id = u.observed_request_id
  where o.last_seen >= add_days(:as_of, -:window_days)
  group by u.granted_operation_id, 2
),
used_edges as materialized (
  select
    g.policy_rule_id,
    g.workload_id,
    u.source,
    count(*) as used_count,
    -- A request whose path the log keeps as a template may count for several operations.
    max(u.request_count) as request_count
  from used_operations u
  join judged_operations g on g.granted_operation_id = u.granted_operation_id
  group by g.policy_rule_id, g.workload_id, u.source
),
operations_of_edges as (
  select
    e.policy_rule_id,
    e.workload_id,
    e.source,
    e.used_count,
    coalesce(g.method || ' ', '') || coalesce(g.path || ' ', case when g.method is null then ''
      else 'any path ' end) || 'on port ' || g.port as operation,
    u.granted_operation_id is not null as is_used
  from used_edges e
  join judged_operations g
    on g.policy_rule_id = e.policy_rule_id and g.workload_id = e.workload_id
  left join used_operations u
    on u.granted_operation_id = g.granted_operation_id and u.source = e.source
  order by e.policy_rule_id, e.workload_id, e.source, g.port, g.path, g.method
),
judged_edges as materialized (
  select
    policy_rule_id,
    workload_id,
    source,
    used_count,
    count(*) as granted_count,
    min(case when is_used = 0 then operation end) as first_unused,
    json_group_array(operation) filter (where is_used = 0) as unused_operations
  from operations_of_edges
  group by policy_rule_id, workload_id, source, used_count
),
watched_workloads as materialized (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    t.day_count,
    t.first_seen,
    t.last_seen,
    100 * t.decided_count / t.request_count as coverage
  from workload w
  join traffic_window t on t.workload_id = w.workload_id
)
select
  'edge ' || e.source || ' -> ' || w.workload as subject,
  p.kind || ' ' || p.namespace || '/' || p.name || ' rule ' || r.rule_index as discriminator,
  case
    when e.used_count = e.granted_count then 'pass'
    when w.day_count < :min_days or w.coverage < :min_coverage then 'not-assessed'
    else 'fail'
  end as status,
  '"' || e.source || '" uses ' || e.used_count || ' of ' || e.granted_count
    || case e.granted_count when 1 then ' operation' else ' operations' end || ' that rule '
    || r.rule_index || ' of ' || p.kind || ' ' || p.namespace || '/' || p.name || ' grants it at "'
    || w.workload || '"' || coalesce('; never seen: ' || e.first_unused, '')
    || case
      when e.granted_count - e.used_count > 1
        then ' and ' || (e.granted_count - e.used_count - 1) || ' more'
      else ''
    end || ' (' || day_of(w.first_seen) || ' to ' || day_of(w.last_seen) || ', ' || w.day_count
    || case w.day_count when 1 then ' day' else ' days' end || ' observed, ' || w.coverage
    || ' % of requests decided)' as message,
  r.location_id,
  json_object(
    'source', e.source, 'workload', w.workload, 'policy', p.namespace || '/' || p.name,
    'rule', r.rule_index, 'used_operations', e.used_count, 'granted_operations', e.granted_count,
    'unused_operations', json(e.unused_operations), 'first_seen', w.first_seen,
    'last_seen', w.last_seen, 'days', w.day_count, 'coverage_percent', w.coverage
  ) as evidence
from judged_edges e
join policy_rule r on r.policy_rule_id = e.policy_rule_id
join policy p on p.policy_id = r.policy_id
join watched_workloads w on w.workload_id = e.workload_id
order by subject, discriminator
