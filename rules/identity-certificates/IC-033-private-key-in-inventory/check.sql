with sightings as (
  select
    l.path,
    count(*) as key_count,
    sum(k.is_encrypted) as encrypted_count,
    min(k.location_id) as location_id,
    json_group_array(distinct k.format) as formats
  from private_key k
  join location l on l.location_id = k.location_id
  group by l.path
)
select
  'input ' || s.path as subject,
  'fail' as status,
  case when s.encrypted_count = s.key_count then 'high' end as severity,
  '"' || s.path || '" contains ' || s.key_count
    || case s.key_count when 1 then ' private key' else ' private keys' end
    || case when s.encrypted_count = s.key_count then ', encrypted' else '' end as message,
  s.location_id,
  json_object(
    'path', s.path, 'keys', s.key_count, 'encrypted', s.encrypted_count, 'formats', json(s.formats)
  ) as evidence
from sightings s
union all
select
  'input ' || i.path as subject,
  'pass' as status,
  null as severity,
  '"' || i.path || '" contains no private key' as message,
  null as location_id,
  json_object('path', i.path, 'keys', 0) as evidence
from input i
where i.kind = 'certificate'
  and i.status in ('read', 'partial')
  and i.path not in (select s.path from sightings s)
order by subject
