with judged as (
  -- The worst certificate of a holder speaks for it, the newest among equals.
  select
    l.name,
    l.serial,
    l.requirement,
    l.status,
    l.location_id,
    row_number() over (
      partition by l.name
      order by l.status, l.not_after desc, l.fingerprint, l.requirement
    ) as place
  from svid_leaf l
  where l.requirement is null or l.requirement in ('X8', 'X9', 'X14')
)
select
  'certificate ' || name as subject,
  status,
  'the certificate of "' || name || '" ' || case status
    when 'pass' then 'may not sign others'
    when 'not-assessed' then 'is known from a format that does not tell whether it may sign'
    else case requirement
      when 'X8' then 'is a CA that is used as a workload'
      when 'X9' then 'is a CA'
      when 'X14' then 'may sign certificates or revocation lists'
    end
  end as message,
  location_id,
  json_object('name', name, 'serial', serial, 'requirement', requirement) as evidence
from judged
where place = 1
order by name
