select
  'certificate ' || name as subject,
  case when seconds_between(not_after, :as_of) < 0 then 'fail' else 'pass' end as status,
  case
    when seconds_between(not_after, :as_of) < 0
      then 'the newest certificate of "' || name || '" expired at ' || not_after
    else 'the newest certificate of "' || name || '" is valid until ' || not_after
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'issuer', issuer, 'not_before', not_before,
    'not_after', not_after, 'certificates_of_this_name', certificate_count
  ) as evidence
from newest_certificate
order by name
