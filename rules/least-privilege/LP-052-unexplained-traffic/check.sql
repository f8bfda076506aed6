with judged_calls as (
  select
    coalesce(
      o.source_namespace || '/' || o.source_name, o.source, o.source_host, 'no identity'
    ) as source,
    w.namespace || '/' || w.name as destination,
    o.port,
    w.location_id,
    sum(case when o.decision = 'deny' then o.request_count else 0 end) as denied_count,
    sum(case when o.decision in ('allow', 'delegate') then o.request_count else 0 end)
      as granted_count,
    sum(case when o.decision = 'unknown' then o.request_count else 0 end) as unknown_count,
    min(case when o.decision = 'deny' then o.first_seen end) as first_seen,
    max(case when o.decision = 'deny' then o.last_seen end) as last_seen,
    min(case when o.decision = 'deny' then o.method end) as method,
    min(case when o.decision = 'deny' then o.path_template end) as path_template,
    min(case when o.decision = 'deny' then o.decision_reason end) as reason,
    min(case when o.decision = 'deny' then o.decided_by end) as decided_by
  from observed_request o
  join workload w on w.workload_id = o.destination_workload_id
  where o.side = 'server'
    and o.is_repeated = 0
    and o.outcome = 'allowed'
    and o.decision is not null
    and o.last_seen >= add_days(:as_of, -:window_days)
  group by 1, w.workload_id, o.port
)
select
  'edge ' || source || ' -> ' || destination as subject,
  'port ' || coalesce(port, 0) as discriminator,
  case
    when denied_count > 0 then 'fail'
    when granted_count > 0 then 'pass'
    else 'not-applicable'
  end as status,
  case
    when denied_count > 0
      then denied_count || case denied_count when 1 then ' request' else ' requests' end || ' of "'
        || source || '" to port ' || coalesce(port, 0) || ' of "' || destination
        || '" got through that no policy grants, last on ' || day_of(last_seen)
        || coalesce(': ' || method || ' ' || path_template, '')
    when granted_count > 0
      then 'what "' || source || '" called on port ' || coalesce(port, 0) || ' of "' || destination
        || '" is granted'
    else 'the logs do not carry enough to decide on what "' || source || '" called on port '
      || coalesce(port, 0) || ' of "' || destination || '"'
  end as message,
  location_id,
  json_object(
    'source', source, 'workload', destination, 'port', port, 'unexplained_requests', denied_count,
    'granted_requests', granted_count, 'undecided_requests', unknown_count,
    'first_seen', first_seen, 'last_seen', last_seen, 'method', method,
    'path_template', path_template, 'reason', reason, 'decided_by', decided_by
  ) as evidence
from judged_calls
order by source, destination, port
