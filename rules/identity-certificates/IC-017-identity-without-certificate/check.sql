select
  'identity ' || i.principal as subject,
  case when i.certificate_count > 0 then 'pass' else 'fail' end as status,
  case
    when i.certificate_count > 0 then 'the certificate of "' || i.principal || '" is known'
    else '"' || i.principal || '" made ' || i.request_count
      || ' requests, and the inventory holds no certificate of it'
  end as message,
  (
    select min(w.location_id)
    from workload w
    where w.identity = i.principal
  ) as location_id,
  json_object(
    'identity', i.principal, 'requests', i.request_count, 'last_seen', i.last_seen,
    'workloads', i.workload_count
  ) as evidence
from identity_presence i
where i.request_count > 0
  and (i.principal like 'spiffe://%' or i.principal like '%.serviceaccount.identity.%')
order by i.principal
