with issuers as (
  select
    c.name,
    c.serial,
    c.role,
    c.not_before,
    c.not_after,
    c.fingerprint,
    c.location_id,
    seconds_between(c.not_after, :as_of) as remaining_seconds,
    row_number() over (
      partition by c.name
      order by c.not_after desc, c.not_before desc, c.fingerprint
    ) as place
  from certificate c
  where c.not_after is not null
    and c.subject is not null
    and (
      c.role = 'intermediate'
      or (
        c.is_ca = 1
        and c.subject in (select l.issuer from certificate l where l.role = 'leaf')
      )
    )
),
judged as (
  select
    i.name,
    i.serial,
    i.role,
    i.not_before,
    i.not_after,
    i.fingerprint,
    i.location_id,
    i.remaining_seconds,
    case
      when i.place > 1 then 'not-applicable'
      when i.remaining_seconds < :warning_days * 86400 then 'fail'
      else 'pass'
    end as status
  from issuers i
)
select
  'certificate ' || name as subject,
  'serial ' || coalesce(serial, fingerprint) as discriminator,
  status,
  case when status = 'fail' and remaining_seconds < :critical_days * 86400 then 'critical' end
    as severity,
  case
    when status = 'not-applicable'
      then 'issuing CA "' || name || '" of ' || not_before || ' was followed by a newer one'
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
from judged
order by name, serial
