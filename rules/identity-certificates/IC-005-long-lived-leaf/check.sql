with named_certificates as (
  select
    coalesce(
      c.spiffe_id,
      (
        select min(n.value)
        from certificate_name n
        where n.certificate_id = c.certificate_id and n.kind in ('uri', 'dns')
      ),
      nullif(c.subject, ''),
      'serial ' || c.serial,
      c.fingerprint
    ) as name,
    c.spiffe_id,
    c.serial,
    c.issuer,
    c.not_before,
    c.not_after,
    c.lifetime_seconds,
    c.fingerprint,
    c.location_id
  from certificate c
  where c.role in ('leaf', 'unknown')
    and coalesce(c.is_ca, 0) = 0
    and c.not_after is not null
),
ranked_certificates as (
  select
    name,
    spiffe_id,
    serial,
    issuer,
    not_before,
    not_after,
    lifetime_seconds,
    location_id,
    count(*) over (partition by name) as certificate_count,
    row_number() over (
      partition by name
      order by not_after desc, not_before desc, fingerprint
    ) as age_rank
  from named_certificates
)
select
  'certificate ' || name as subject,
  case
    when lifetime_seconds is null then 'not-applicable'
    when lifetime_seconds > :max_lifetime_seconds + :tolerance_seconds then 'fail'
    else 'pass'
  end as status,
  case
    when lifetime_seconds is null
      then 'the inventory does not say from when the certificate of "' || name || '" is valid'
    when lifetime_seconds >= 172800
      then 'the certificate of "' || name || '" lives ' || (lifetime_seconds / 86400) || ' days'
    else 'the certificate of "' || name || '" lives ' || (lifetime_seconds / 3600) || ' hours'
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'issuer', issuer, 'not_before', not_before,
    'not_after', not_after, 'lifetime_seconds', lifetime_seconds,
    'max_lifetime_seconds', :max_lifetime_seconds, 'certificates_of_this_name', certificate_count
  ) as evidence
from ranked_certificates
where age_rank = 1
  and (spiffe_id is not null or name like '%.serviceaccount.identity.%')
order by name
