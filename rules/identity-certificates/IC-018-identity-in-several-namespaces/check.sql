with places as (
  select c.identity, s.namespace as place, s.location_id
  from certificate_sighting s
  join certificate c on c.certificate_id = s.certificate_id
  where c.identity is not null and s.role = 'leaf' and s.namespace is not null
  union all
  select
    w.identity,
    w.namespace || case w.cluster when '' then '' else ' in ' || w.cluster end,
    w.location_id
  from workload w
  where w.identity is not null
),
identities as (
  select
    identity,
    count(distinct place) as place_count,
    json_group_array(distinct place) as places,
    max(location_id) as location_id
  from places
  group by identity
)
select
  'identity ' || identity as subject,
  case when place_count > 1 then 'fail' else 'pass' end as status,
  case
    when place_count > 1 then '"' || identity || '" was met in ' || place_count || ' namespaces'
    else '"' || identity || '" was met in one namespace'
  end as message,
  location_id,
  json_object('identity', identity, 'places', json(places)) as evidence
from identities
order by identity
