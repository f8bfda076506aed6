with anchors as (
  select
    coalesce(nullif(a.subject, ''), a.fingerprint) as name,
    a.fingerprint,
    a.trust_domain,
    a.not_after,
    a.chain_count,
    a.location_id,
    seconds_between(a.not_after, :as_of) as remaining_seconds
  from trust_anchor a
)
select
  'certificate ' || name as subject,
  'sha256 ' || substr(fingerprint, 1, 16) as discriminator,
  case
    when remaining_seconds is null then 'not-assessed'
    when remaining_seconds < :warning_days * 86400 then 'fail'
    else 'pass'
  end as status,
  case
    when remaining_seconds is null then 'the inventory does not say when "' || name || '" ends'
    when remaining_seconds < 0
      then 'trust anchor "' || name || '" expired at ' || not_after || ' and is still in a bundle'
    else 'trust anchor "' || name || '" ends in ' || (remaining_seconds / 86400) || ' days, at '
      || not_after
  end as message,
  location_id,
  json_object(
    'name', name, 'fingerprint', fingerprint, 'trust_domain', trust_domain,
    'not_after', not_after, 'chains', chain_count, 'warning_days', :warning_days
  ) as evidence
from anchors
order by name, fingerprint
