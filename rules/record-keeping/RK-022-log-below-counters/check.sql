with counted_requests as (
  -- A connection is one count and any number of lines: only requests are compared.
  select
    destination_workload_id as workload_id,
    -- What was read after midnight is of the day before.
    day_of(add_days(min(day), -1)) as first_day,
    max(day) as last_day,
    sum(request_count) as counted_count
  from observed_request
  where side = 'server' and evidence = 'counter' and protocol <> 'tcp'
    and destination_workload_id is not null
  group by destination_workload_id
),
compared_requests as (
  select
    c.workload_id,
    c.first_day,
    c.last_day,
    c.counted_count,
    coalesce(
      (
        select sum(o.request_count)
        from observed_request o
        where o.destination_workload_id = c.workload_id
          and o.side = 'server' and o.evidence = 'log' and o.protocol <> 'tcp'
          and o.day between c.first_day and c.last_day
      ), 0
    ) as logged_count
  from counted_requests c
)
select
  'workload ' || w.namespace || '/' || w.name as subject,
  case
    when c.counted_count < :least_counted then 'not-applicable'
    when c.logged_count * 100 < :least_logged_per_cent * c.counted_count then 'fail'
    else 'pass'
  end as status,
  case
    when c.counted_count < :least_counted
      then 'the proxy of workload "' || w.namespace || '/' || w.name || '" counted '
        || c.counted_count || ' requests, too few to compare'
    else 'the access log of workload "' || w.namespace || '/' || w.name || '" holds '
      || c.logged_count || ' requests from ' || c.first_day || ' to ' || c.last_day
      || ', of which its proxy counted ' || c.counted_count
  end as message,
  w.location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'logged', c.logged_count,
    'counted', c.counted_count, 'first_day', c.first_day, 'last_day', c.last_day
  ) as evidence
from compared_requests c
join workload w on w.workload_id = c.workload_id
order by w.namespace, w.name
