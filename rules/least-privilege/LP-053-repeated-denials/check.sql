with callers as (
  select
    o.source as identity,
    min(o.source_workload_id) as workload_id,
    sum(o.request_count) as request_count,
    sum(case when o.outcome = 'denied' then o.request_count else 0 end) as denied_count,
    count(distinct case
      when o.outcome = 'denied'
        then coalesce(o.destination_namespace || '/' || o.destination_name, o.destination_host)
    end) as target_count,
    min(case
      when o.outcome = 'denied'
        then coalesce(o.destination_namespace || '/' || o.destination_name, o.destination_host)
    end) as first_target,
    min(case when o.outcome = 'denied' then o.first_seen end) as first_denied,
    max(case when o.outcome = 'denied' then o.last_seen end) as last_denied
  from observed_request o
  where o.side = 'server'
    and o.is_repeated = 0
    and o.is_identity_verified = 1
    and o.source is not null
    and o.last_seen >= add_days(:as_of, -:window_days)
  group by o.source
)
select
  'identity ' || c.identity as subject,
  case
    when c.denied_count > :most_denied and c.target_count >= :least_targets then 'fail'
    else 'pass'
  end as status,
  '"' || c.identity || '" was refused ' || c.denied_count
    || case c.denied_count when 1 then ' time' else ' times' end || ' on ' || c.target_count
    || case c.target_count when 1 then ' workload' else ' workloads' end || ' in '
    || :window_days || ' days'
    || coalesce(', among them "' || c.first_target || '", last on ' || day_of(c.last_denied), '')
    as message,
  w.location_id,
  json_object(
    'identity', c.identity, 'requests', c.request_count, 'denied', c.denied_count,
    'workloads', c.target_count, 'first_denied', c.first_denied, 'last_denied', c.last_denied
  ) as evidence
from callers c
left join workload w on w.workload_id = c.workload_id
order by c.identity
