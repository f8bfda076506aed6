with newest as (
  select
    name,
    serial,
    issuer,
    not_before,
    not_after,
    lifetime_seconds,
    location_id,
    certificate_count,
    seconds_between(not_after, :as_of) as remaining_seconds
  from newest_certificate
)
select
  'certificate ' || name as subject,
  case
    when remaining_seconds < 0 or lifetime_seconds is null then 'not-applicable'
    when remaining_seconds * 3 < lifetime_seconds then 'fail'
    else 'pass'
  end as status,
  case
    when remaining_seconds < 0 then 'the newest certificate of "' || name || '" has expired already'
    when lifetime_seconds is null
      then 'the inventory does not say from when the certificate of "' || name || '" is valid'
    when remaining_seconds * 3 < lifetime_seconds
      then 'the certificate of "' || name || '" has ' || (remaining_seconds / 3600) || ' of '
        || (lifetime_seconds / 3600) || ' hours left, and there is no newer one'
    else 'the certificate of "' || name || '" is not in the last third of its life'
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'issuer', issuer, 'not_before', not_before,
    'not_after', not_after, 'remaining_seconds', remaining_seconds,
    'lifetime_seconds', lifetime_seconds, 'certificates_of_this_name', certificate_count
  ) as evidence
from newest
order by name
