-- A list that a later one of the same key has taken the place of is history.
with newest as (
  select
    issuer,
    authority_key_id,
    number,
    this_update,
    seconds_between(this_update, :as_of) as ahead_seconds,
    next_update,
    signature,
    entry_count,
    is_decisive,
    location_id,
    row_number() over (
      partition by issuer, authority_key_id, is_delta
      order by this_update desc, fingerprint
    ) as place,
    is_delta
  from revocation_list
)
select
  'revocation list of ' || issuer as subject,
  case
    when signature = 'invalid' or ahead_seconds > :tolerance_seconds or next_update <= :as_of
      then 'fail'
    when next_update is null then 'fail'
    when signature <> 'valid' or is_decisive = 0 then 'not-assessed'
    else 'pass'
  end as status,
  'the revocation list of "' || issuer || '" ' || case
    when signature = 'invalid' then 'was not signed by the CA of that name'
    when ahead_seconds > :tolerance_seconds then 'begins in the future, at ' || this_update
    when next_update <= :as_of then 'was due to be replaced at ' || next_update
    when next_update is null then 'does not say when the next one is due'
    when signature = 'issuer-missing'
      then 'cannot be verified: its CA is missing among the inputs'
    when signature <> 'valid' then 'has a signature that is not verified'
    when is_decisive = 0 then 'names other issuers or has unknown critical extensions'
    else 'is current until ' || next_update
  end as message,
  location_id,
  json_object(
    'issuer', issuer, 'authority_key_id', authority_key_id, 'number', number,
    'this_update', this_update, 'next_update', next_update, 'signature', signature,
    'entries', entry_count
  ) as evidence,
  case when is_delta = 1 then 'delta ' else '' end || coalesce(authority_key_id, '')
    as discriminator
from newest
where place = 1
order by issuer, authority_key_id, is_delta
