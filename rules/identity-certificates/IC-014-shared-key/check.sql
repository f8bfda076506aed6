with held as (
  select distinct r.identity, r.public_key_fingerprint
  from certificate_rotation r
  where r.role = 'leaf' and r.public_key_fingerprint is not null
),
identities as (
  select
    c.identity,
    min(c.location_id) as location_id,
    max(c.public_key_fingerprint) as public_key_fingerprint
  from certificate c
  where c.identity is not null and c.role = 'leaf'
  group by c.identity
),
judged as (
  select
    i.identity,
    i.location_id,
    i.public_key_fingerprint,
    (
      select min(o.identity)
      from held h
      join held o on o.public_key_fingerprint = h.public_key_fingerprint
      where h.identity = i.identity and o.identity <> i.identity
    ) as other
  from identities i
)
select
  'certificate ' || identity as subject,
  case
    when public_key_fingerprint is null then 'not-assessed'
    when other is not null then 'fail'
    else 'pass'
  end as status,
  case
    when public_key_fingerprint is null
      then 'the inventory does not tell the key of "' || identity || '"'
    when other is not null then '"' || identity || '" has the same key as "' || other || '"'
    else '"' || identity || '" has a key of its own'
  end as message,
  location_id,
  json_object('identity', identity, 'shares_with', other) as evidence
from judged
order by identity
