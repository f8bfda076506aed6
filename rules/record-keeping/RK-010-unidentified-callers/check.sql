with served_requests as (
  select
    destination_workload_id,
    sum(request_count) as request_count,
    sum(case when is_identity_verified = 0 and coalesce(is_mtls, 1) = 1 then request_count else 0 end)
      as open_count,
    group_concat(distinct format) as formats
  from observed_request
  where side = 'server' and evidence = 'log' and destination_workload_id is not null
  group by destination_workload_id
)
select
  'workload ' || w.namespace || '/' || w.name as subject,
  case
    when r.open_count * 100 > :most_unidentified_per_cent * r.request_count then 'fail'
    else 'pass'
  end as status,
  case
    when r.open_count = 0
      then 'every logged request to workload "' || w.namespace || '/' || w.name
        || '" says who called'
    else r.open_count || ' of ' || r.request_count || ' logged requests to workload "'
      || w.namespace || '/' || w.name || '" do not say who called'
  end as message,
  w.location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'requests', r.request_count,
    'without_caller', r.open_count, 'formats', r.formats
  ) as evidence
from served_requests r
join workload w on w.workload_id = r.destination_workload_id
order by w.namespace, w.name
