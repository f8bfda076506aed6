with leaves as (
  select
    c.name,
    c.serial,
    c.fingerprint,
    c.not_after,
    c.location_id,
    h.outcome,
    h.problems,
    h.path_count,
    h.anchor_count,
    (
      select coalesce(nullif(a.subject, ''), a.fingerprint)
      from certificate a
      where a.certificate_id = h.anchor_certificate_id
    ) as anchor,
    case h.outcome
      when 'complete' then 'pass'
      when 'broken' then 'fail'
      else 'not-assessed'
    end as status
  from certificate c
  join certificate_chain h on h.certificate_id = c.certificate_id
  where c.svid_profile <> 'none'
    and c.role in ('leaf', 'unknown')
),
ranked as (
  select
    name,
    serial,
    location_id,
    outcome,
    problems,
    path_count,
    anchor_count,
    anchor,
    status,
    row_number() over (
      partition by name
      order by status = 'fail' desc, status = 'not-assessed' desc, not_after desc, fingerprint
    ) as place
  from leaves
)
select
  'certificate ' || name as subject,
  status,
  case outcome
    when 'complete' then 'the certificate of "' || name || '" chains to "' || anchor || '"'
    when 'missing-issuer'
      then 'an issuer in the chain of "' || name || '" is not among the inputs'
    when 'ambiguous' then 'several issuers fit the certificate of "' || name || '"'
    when 'not-verifiable' then 'the chain of "' || name || '" cannot be verified: '
      || coalesce(json_extract(problems, '$[0].problem'), 'unknown')
    else 'the chain of "' || name || '" does not hold: ' || json_extract(problems, '$[0].problem')
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'outcome', outcome, 'problems', json(problems),
    'anchor', anchor, 'paths', path_count, 'anchors', anchor_count
  ) as evidence
from ranked
where place = 1
order by name
