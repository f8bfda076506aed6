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
from newest_certificate
where svid_profile <> 'none'
order by name
