with signers as (
  select
    coalesce(nullif(c.subject, ''), c.fingerprint) as name,
    c.fingerprint,
    c.serial,
    max(s.role) as role,
    min(s.location_id) as location_id,
    (
      select json_group_array(distinct f.value)
      from certificate_sighting p, json_each(p.svid_failures) f
      where p.certificate_id = c.certificate_id and f.value in ('X6', 'X7')
    ) as failures,
    (
      select count(*)
      from certificate_sighting p, json_each(p.svid_unknown) f
      where p.certificate_id = c.certificate_id and f.value in ('X6', 'X7')
    ) as unknown_count
  from certificate c
  join certificate_sighting s on s.certificate_id = c.certificate_id
  where s.role in ('intermediate', 'anchor')
  group by c.certificate_id, c.subject, c.fingerprint, c.serial
)
select
  'certificate ' || name as subject,
  'sha256 ' || substr(fingerprint, 1, 16) as discriminator,
  case
    when json_array_length(failures) > 0 then 'fail'
    when unknown_count > 0 then 'not-assessed'
    else 'pass'
  end as status,
  case
    when json_extract(failures, '$[0]') = 'X6'
      then 'CA "' || name || '" lacks the CA flag or the usage keyCertSign'
    when json_array_length(failures) > 0
      then 'CA "' || name || '" carries a SPIFFE ID with a path'
    when unknown_count > 0
      then 'the format of the inventory does not tell what CA "' || name || '" may do'
    else 'CA "' || name || '" is as it should be'
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'role', role, 'requirements', json(failures)
  ) as evidence
from signers
order by name, fingerprint
