with signing as (
  select
    h.anchor_certificate_id as certificate_id,
    min(c.not_before) as first_signed,
    max(c.lifetime_seconds) as longest_life,
    count(*) as certificate_count
  from certificate_chain h
  join certificate c on c.certificate_id = h.certificate_id
  where h.outcome = 'complete'
    and h.anchor_count = 1
    and c.svid_profile <> 'none'
    and c.role in ('leaf', 'unknown')
  group by h.anchor_certificate_id
),
-- A root that was issued anew with its key verifies what the one before it did: both are one anchor.
met as (
  select
    r.identity,
    r.public_key_fingerprint,
    min(r.first_seen) as first_seen
  from certificate_rotation r
  where r.role = 'anchor'
  group by r.identity, r.public_key_fingerprint
),
anchors as (
  select
    a.subject as name,
    a.fingerprint,
    a.location_id,
    m.first_seen,
    s.first_signed,
    s.longest_life,
    s.certificate_count,
    -- The last audit that saw a bundle, and not this anchor in it.
    (
      select max(u.as_of)
      from run u
      where u.as_of < m.first_seen
        and exists (
          select 1
          from certificate_rotation o
          where o.role = 'anchor'
            and o.first_seen <= u.as_of
            and o.last_seen >= u.as_of
        )
    ) as missing_at
  from signing s
  join certificate a on a.certificate_id = s.certificate_id
  join met m
    on m.identity = a.subject
    and m.public_key_fingerprint = a.public_key_fingerprint
),
judged as (
  select
    name,
    fingerprint,
    location_id,
    first_seen,
    first_signed,
    longest_life,
    certificate_count,
    missing_at,
    case
      when missing_at is null then 'not-applicable'
      when seconds_between(first_signed, missing_at) < longest_life then 'fail'
      when seconds_between(first_signed, first_seen) >= longest_life then 'pass'
      else 'not-assessed'
    end as status
  from anchors
)
select
  'certificate ' || name as subject,
  'sha256 ' || substr(fingerprint, 1, 16) as discriminator,
  status,
  case status
    when 'not-applicable' then 'trust anchor "' || name
      || '" is there since the first audit that saw a trust bundle'
    when 'pass' then 'trust anchor "' || name || '" is in the bundle since ' || first_seen
      || ' and signs since ' || first_signed
    when 'fail' then 'trust anchor "' || name || '" was in no bundle at ' || missing_at
      || ' and signs since ' || first_signed || ', before certificates of '
      || (longest_life / 3600) || ' hours were gone'
    else 'trust anchor "' || name || '" signs since ' || first_signed
      || '; between the audits of ' || missing_at || ' and ' || first_seen
      || ' nothing tells when it came into the bundle'
  end as message,
  location_id,
  json_object(
    'name', name, 'fingerprint', fingerprint, 'missing_at', missing_at, 'first_seen', first_seen,
    'first_signed', first_signed, 'longest_life_seconds', longest_life,
    'certificates', certificate_count
  ) as evidence
from judged
order by name, fingerprint
