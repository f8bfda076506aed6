with leaves as (
  select
    c.name,
    c.serial,
    c.fingerprint,
    c.not_before,
    c.location_id
  from certificate c
  where c.role in ('leaf', 'unknown')
    and c.not_before is not null
),
ranked as (
  select
    name,
    serial,
    not_before,
    location_id,
    row_number() over (partition by name order by not_before desc, fingerprint) as place
  from leaves
),
newest as (
  select
    name,
    serial,
    not_before,
    location_id,
    seconds_between(not_before, :as_of) as ahead_seconds
  from ranked
  where place = 1
)
select
  'certificate ' || name as subject,
  case when ahead_seconds > :tolerance_seconds then 'fail' else 'pass' end as status,
  case
    when ahead_seconds > :tolerance_seconds
      then 'the certificate of "' || name || '" begins ' || (ahead_seconds / 60)
        || ' minutes after the audit, at ' || not_before
    else 'the certificate of "' || name || '" has begun'
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'not_before', not_before,
    'tolerance_seconds', :tolerance_seconds
  ) as evidence
from newest
order by name
