with successions as materialized (
  select
    r.identity,
    r.serial,
    r.previous_serial,
    r.certificate_count,
    r.is_seen,
    r.not_before,
    r.previous_not_after,
    seconds_between(r.not_before, r.previous_not_after) as gap_seconds,
    seconds_between(r.not_before, r.previous_not_before) as interval_seconds,
    r.previous_lifetime_seconds
  from certificate_rotation r
  where r.role = 'leaf'
    and r.identity in (select c.identity from certificate c where c.identity is not null)
),
identities as (
  -- What came between two inventories is not known: only renewals that one of them shows count.
  select
    identity,
    max(certificate_count) as certificate_count,
    sum(coalesce(is_seen, 0)) as seen_count,
    sum(coalesce(is_seen and gap_seconds > 0, 0)) as gap_count,
    sum(
      coalesce(
        is_seen and gap_seconds <= 0
          and interval_seconds * 100 > previous_lifetime_seconds * :late_percent,
        0
      )
    ) as late_count,
    max(case when is_seen then gap_seconds end) as longest_gap_seconds,
    max(case when is_seen and gap_seconds > 0 then previous_not_after end) as gap_since
  from successions
  group by identity
)
select
  'certificate ' || i.identity as subject,
  case
    when i.certificate_count < 2 then 'not-applicable'
    when i.gap_count > 0 or i.late_count > 0 then 'fail'
    when i.seen_count = 0 then 'not-assessed'
    else 'pass'
  end as status,
  case
    when i.certificate_count < 2 then 'one certificate of "' || i.identity || '" is known'
    when i.gap_count > 0
      then '"' || i.identity || '" was without a certificate for ' || case
        when i.longest_gap_seconds >= 172800 then (i.longest_gap_seconds / 86400) || ' days'
        when i.longest_gap_seconds >= 7200 then (i.longest_gap_seconds / 3600) || ' hours'
        else (i.longest_gap_seconds / 60) || ' minutes'
      end || ' from ' || i.gap_since || ' on'
    when i.late_count > 0
      then '"' || i.identity || '" renewed ' || i.late_count || ' times in the last '
        || (100 - :late_percent) || ' % of the lifetime'
    when i.seen_count = 0
      then 'no inventory shows two certificates of "' || i.identity
        || '" side by side: take one more often than certificates are renewed'
    else 'the certificates of "' || i.identity || '" follow one another ('
      || i.seen_count || ' of ' || (i.certificate_count - 1) || ' renewals were seen)'
  end as message,
  (
    select max(c.location_id)
    from certificate c
    where c.identity = i.identity
  ) as location_id,
  json_object(
    'identity', i.identity, 'certificates', i.certificate_count, 'renewals_seen', i.seen_count,
    'gaps', i.gap_count, 'late', i.late_count,
    'longest_gap_seconds', max(i.longest_gap_seconds, 0)
  ) as evidence
from identities i
order by i.identity
