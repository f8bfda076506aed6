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
shared_keys as (
  select public_key_fingerprint, min(identity) as first, max(identity) as last
  from held
  group by public_key_fingerprint
  having count(*) > 1
),
sharers as (
  select
    h.identity,
    min(case when k.first <> h.identity then k.first else k.last end) as other
  from held h
  join shared_keys k on k.public_key_fingerprint = h.public_key_fingerprint
  group by h.identity
),
judged as (
  select i.identity, i.location_id, i.public_key_fingerprint, s.other
  from identities i
  left join sharers s on s.identity = i.identity
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
