with issuers as (
  select
    c.subject as name,
    c.serial,
    c.role,
    c.not_before,
    c.not_after,
    c.fingerprint,
    c.location_id,
    seconds_between(c.not_after, :as_of) as remaining_seconds
  from certificate c
  where c.not_after is not null
    and c.subject is not null
    and (
      c.role = 'intermediate'
      or (
        c.is_ca = 1
        and exists (
          select 1
          from certificate l
          where l.role = 'leaf' and l.issuer = c.subject
        )
      )
    )
)
select
  'certificate ' || name as subject,
  'serial ' || coalesce(serial, fingerprint) as discriminator,
  case when remaining_seconds < :warning_days * 86400 then 'fail' else 'pass' end as status,
  case when remaining_seconds < :critical_days * 86400 then 'critical' end as severity,
  case
    when remaining_seconds < 0 then 'issuing CA "' || name || '" expired at ' || not_after
    else 'issuing CA "' || name || '" ends in ' || (remaining_seconds / 86400) || ' days, at '
      || not_after
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'role', role, 'not_before', not_before, 'not_after', not_after,
    'remaining_days', remaining_seconds / 86400, 'warning_days', :warning_days,
    'critical_days', :critical_days
  ) as evidence
from issuers
order by name, serial
