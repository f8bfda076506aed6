with issued as (
  select
    c.issuer,
    coalesce(c.authority_key_id, '') as key_id,
    c.serial,
    c.fingerprint,
    c.location_id,
    c.svid_profile
  from certificate c
  where c.issuer is not null
    and c.issuer <> ''
    and c.serial is not null
    and c.fingerprint not like 'record:%'
    and c.parse_status <> 'failed'
),
serials as (
  select
    issuer,
    key_id,
    serial,
    count(distinct fingerprint) as certificate_count,
    max(svid_profile = 'linkerd') as is_linkerd,
    max(location_id) as location_id
  from issued
  group by issuer, key_id, serial
),
issuers as (
  select
    issuer,
    key_id,
    max(is_linkerd) as is_linkerd,
    count(*) as serial_count,
    sum(certificate_count > 1) as duplicate_count,
    min(case when certificate_count > 1 then serial end) as example,
    coalesce(max(case when certificate_count > 1 then location_id end), max(location_id))
      as location_id
  from serials
  group by issuer, key_id
)
select
  'issuer ' || issuer as subject,
  key_id as discriminator,
  case
    when is_linkerd = 1 then 'not-applicable'
    when duplicate_count > 0 then 'fail'
    else 'pass'
  end as status,
  case
    when is_linkerd = 1 then '"' || issuer || '" issues for Linkerd, whose serials repeat'
    when duplicate_count > 0
      then '"' || issuer || '" gave ' || duplicate_count
        || case duplicate_count when 1 then ' serial' else ' serials' end
        || ' to more than one certificate, for example ' || example
    else '"' || issuer || '" gave each of its certificates a serial of its own'
  end as message,
  location_id,
  json_object(
    'issuer', issuer, 'serials', serial_count, 'duplicates', duplicate_count, 'example', example
  ) as evidence
from issuers
order by issuer, key_id
