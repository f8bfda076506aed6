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
  where l.requirement is null or l.requirement in ('X11', 'X12', 'X15', 'X16')
)
select
  'certificate ' || name as subject,
  status,
  case when requirement = 'X15' and status = 'fail' then 'low' end as severity,
  'the certificate of "' || name || '" ' || case status
    when 'pass' then 'is for signing data and for both ends of a connection'
    when 'not-assessed' then 'is known from a format that does not tell all its usages'
    else case requirement
      when 'X11' then 'has no critical key usage'
      when 'X12' then 'may not sign data (digitalSignature)'
      when 'X15' then 'has no extended key usage'
      when 'X16' then 'lacks server or client authentication'
    end
  end as message,
  location_id,
  json_object('name', name, 'serial', serial, 'requirement', requirement) as evidence
from judged
where place = 1
order by name
