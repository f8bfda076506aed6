with approved as (
  select
    p.value as written,
    lower(replace(replace(p.value, ':', ''), ' ', '')) as fingerprint
  from json_each(:approved_anchors) p
),
judged as (
  select
    coalesce(nullif(a.subject, ''), a.fingerprint) as name,
    a.fingerprint,
    a.trust_domain,
    a.location_id,
    a.fingerprint in (select fingerprint from approved) as is_approved,
    exists (select 1 from approved) as has_list
  from trust_anchor a
)
select
  'certificate ' || name as subject,
  'sha256 ' || substr(fingerprint, 1, 16) as discriminator,
  case
    when has_list = 0 then 'not-applicable'
    when is_approved = 1 then 'pass'
    else 'fail'
  end as status,
  case
    when has_list = 0 then 'no list of approved trust anchors is given: set approved_anchors'
    when is_approved = 1 then 'trust anchor "' || name || '" is approved'
    else 'trust anchor "' || name || '" (SHA-256 ' || fingerprint || ') is not approved'
  end as message,
  location_id,
  json_object(
    'name', name, 'fingerprint', fingerprint, 'trust_domain', trust_domain
  ) as evidence
from judged
-- A fingerprint that was cut or is of another digest would approve nothing, and nobody would know.
union all
select
  'approved anchor ' || written,
  '',
  'fail',
  'the approved fingerprint "' || written || '" is no SHA-256: 64 hexadecimal digits are expected',
  null,
  json_object('written', written)
from approved
where length(fingerprint) <> 64
  or fingerprint glob '*[^0-9a-f]*'
order by 1, 2
