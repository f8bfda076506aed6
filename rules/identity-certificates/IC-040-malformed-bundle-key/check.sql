with keys as (
  select
    coalesce(trust_domain, 'of a bundle without a name') as owner,
    coalesce(key_id, 'at place ' || (position + 1)) as key_name,
    purpose,
    certificate_count,
    defects,
    json_extract(defects, '$[0]') as defect,
    location_id
  from trust_bundle_key
)
select
  'trust bundle key ' || owner || ' ' || key_name as subject,
  coalesce(purpose, '') as discriminator,
  case when defect is null then 'pass' else 'fail' end as status,
  'the key ' || key_name || ' ' || case defect
    when 'use-unknown'
      then 'is for "' || coalesce(purpose, '') || '", neither "x509-svid" nor "jwt-svid"'
    when 'certificate-count' then 'has ' || certificate_count || ' certificates instead of one'
    when 'key-id-present' then 'is for X.509-SVIDs and has a key id, which such keys have not'
    when 'key-id-missing' then 'is for JWT-SVIDs and has no key id'
    else 'is formed as the standard asks'
  end as message,
  location_id,
  json_object('owner', owner, 'purpose', purpose, 'defects', json(defects)) as evidence
from keys
order by owner, key_name, purpose, location_id
