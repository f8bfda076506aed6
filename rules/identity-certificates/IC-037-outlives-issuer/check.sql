with paths as (
  select
    c.name,
    c.serial,
    c.fingerprint,
    c.not_after,
    c.location_id,
    -- The path without the certificate itself.
    case
      when instr(h.path, ',') > 0 then '[' || substr(h.path, instr(h.path, ',') + 1)
      else '[]'
    end as issuers
  from certificate c
  join certificate_chain h on h.certificate_id = c.certificate_id
  where c.svid_profile <> 'none'
    and c.role in ('leaf', 'unknown')
    and c.not_after is not null
),
-- Few ways lead over many certificates.
ways as (
  select distinct issuers from paths
),
issuers as (
  select
    w.issuers,
    i.not_after as issuer_end,
    coalesce(nullif(i.subject, ''), i.fingerprint) as issuer,
    row_number() over (
      partition by w.issuers
      order by i.not_after, i.fingerprint
    ) as place
  from ways w, json_each(w.issuers) s
  join certificate i on i.certificate_id = s.value
  where i.not_after is not null
),
judged as (
  select
    p.name,
    p.serial,
    p.not_after,
    p.location_id,
    i.issuer,
    i.issuer_end,
    case
      when i.issuer_end is null then 'not-assessed'
      when p.not_after > i.issuer_end then 'fail'
      else 'pass'
    end as status,
    row_number() over (
      partition by p.name
      order by
        i.issuer_end is not null and p.not_after > i.issuer_end desc,
        i.issuer_end is null desc,
        p.not_after desc,
        p.fingerprint
    ) as place
  from paths p
  left join issuers i on i.issuers = p.issuers and i.place = 1
)
select
  'certificate ' || name as subject,
  status,
  case status
    when 'not-assessed' then 'no issuer of the certificate of "' || name || '" is among the inputs'
    when 'fail' then 'the certificate of "' || name || '" ends at ' || not_after
      || ', after its issuer "' || issuer || '" at ' || issuer_end
    else 'the certificate of "' || name || '" ends before its issuers'
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'not_after', not_after, 'issuer', issuer,
    'issuer_not_after', issuer_end
  ) as evidence
from judged
where place = 1
order by name
