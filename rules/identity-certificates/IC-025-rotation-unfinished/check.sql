with active as (
  select
    a.trust_domain,
    coalesce(nullif(a.subject, ''), a.fingerprint) as name,
    a.public_key_fingerprint,
    a.not_before,
    a.location_id,
    dense_rank() over (
      partition by a.trust_domain
      order by a.not_before desc, a.public_key_fingerprint
    ) as age_rank
  from trust_anchor a
  where a.trust_domain is not null
    and a.public_key_fingerprint is not null
    and seconds_between(a.not_after, :as_of) >= 0
    and seconds_between(a.not_before, :as_of) <= 0
),
domains as (
  select
    trust_domain,
    count(distinct public_key_fingerprint) as root_count,
    max(not_before) as newest_since,
    json_group_array(name) as names,
    max(case when age_rank = 1 then location_id end) as location_id
  from active
  group by trust_domain
)
select
  'trust domain ' || trust_domain as subject,
  case
    when root_count > 1
      and seconds_between(:as_of, newest_since) > :overlap_days * 86400 then 'fail'
    else 'pass'
  end as status,
  case
    when root_count > 1
      then 'trust domain "' || trust_domain || '" trusts ' || root_count
        || ' roots; the newest is there since ' || newest_since
    else 'trust domain "' || trust_domain || '" trusts one root'
  end as message,
  location_id,
  json_object(
    'trust_domain', trust_domain, 'roots', json(names), 'newest_since', newest_since,
    'overlap_days', :overlap_days
  ) as evidence
from domains
order by trust_domain
