with observed as (
  select sum(request_count) as request_count
  from observed_request
  where side = 'server' and is_repeated = 0
)
select
  'edge ' || r.source || ' -> ' || r.destination as subject,
  r.operation as discriminator,
  'fail' as status,
  'refuses ' || r.operation || ' from ' || r.source || ' to ' || r.destination || ', observed '
    || r.request_count || case r.request_count when 1 then ' time' else ' times' end
    || coalesce(', by ' || r.cause, '') as message,
  r.location_id,
  json_object(
    'requests', r.request_count, 'first_seen', r.first_seen, 'last_seen', r.last_seen,
    'before', r.before, 'after', r.after, 'cause', r.cause
  ) as evidence
from replayed_request r
where r.effect = 'breaks'
union all
select
  'observed requests' as subject,
  '' as discriminator,
  'pass' as status,
  'of ' || o.request_count || ' observed requests none that is allowed would be refused' as message,
  null as location_id,
  json_object('requests', o.request_count) as evidence
from observed o
where o.request_count > 0
  and not exists (select 1 from replayed_request r where r.effect = 'breaks')
order by subject, discriminator
