with signed as (
  select
    c.name,
    c.role,
    c.serial,
    c.fingerprint,
    c.signature_algorithm,
    c.signature_digest,
    c.location_id,
    case
      when c.role = 'anchor' and c.is_self_issued = 1 then 'not-applicable'
      when c.signature_algorithm is null then 'not-assessed'
      when c.signature_digest in ('MD2', 'MD4', 'MD5', 'SHA-1') then 'fail'
      else 'pass'
    end as status
  from certificate c
),
ranked as (
  select
    name,
    role,
    serial,
    signature_algorithm,
    signature_digest,
    location_id,
    status,
    row_number() over (
      partition by name
      order by status = 'fail' desc, status = 'not-assessed' desc, status, fingerprint
    ) as place
  from signed
)
select
  'certificate ' || name as subject,
  status,
  case status
    when 'not-applicable' then 'trust anchor "' || name || '" is signed with its own key'
    when 'not-assessed' then 'the inventory does not say how "' || name || '" is signed'
    else '"' || name || '" is signed with ' || signature_algorithm
  end as message,
  location_id,
  json_object(
    'name', name, 'role', role, 'serial', serial, 'signature_algorithm', signature_algorithm,
    'signature_digest', signature_digest
  ) as evidence
from ranked
where place = 1
order by name
