with successions as (
  select
    r.identity,
    r.serial,
    r.previous_serial,
    r.certificate_count,
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
  select
    identity,
    max(certificate_count) as certificate_count,
    sum(coalesce(gap_seconds > 0, 0)) as gap_count,
    sum(
      coalesce(
        gap_seconds <= 0
          and interval_seconds * 100 > previous_lifetime_seconds * :late_percent,
        0
      )
    ) as late_count,
    max(gap_seconds) as longest_gap_seconds,
    max(case when gap_seconds > 0 then previous_not_after end) as gap_since
  from successions
  group by identity
)
select
  'certificate ' || i.identity as subject,
  case
    when i.certificate_count < 2 then 'not-applicable'
    when i.gap_count > 0 or i.late_count > 0 then 'fail'
    else 'pass'
  end as status,
  case
    when i.certificate_count < 2 then 'one certificate of "' || i.identity || '" is known'
    when i.gap_count > 0
      then '"' || i.identity || '" was without a certificate for '
        || (i.longest_gap_seconds / 60) || ' minutes from ' || i.gap_since || ' on'
    when i.late_count > 0
      then '"' || i.identity || '" renewed ' || i.late_count || ' times in the last '
        || (100 - :late_percent) || ' % of the lifetime'
    else 'the ' || i.certificate_count || ' certificates of "' || i.identity
      || '" follow one another'
  end as message,
  (
    select max(c.location_id)
    from certificate c
    where c.identity = i.identity
  ) as location_id,
  json_object(
    'identity', i.identity, 'certificates', i.certificate_count, 'gaps', i.gap_count,
    'late', i.late_count, 'longest_gap_seconds', max(i.longest_gap_seconds, 0)
  ) as evidence
from identities i
order by i.identity
