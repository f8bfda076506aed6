with signers as (
  -- A CA that signs for gateways only is no CA of the mesh.
  select s.value as certificate_id, max(h.trust_domain is not null) as is_of_mesh
  from certificate_chain h
  join certificate c on c.certificate_id = h.certificate_id
  join json_each(h.path) s
  where c.role in ('leaf', 'unknown')
    and s.key > 0
  group by s.value
),
authorities as (
  select
    c.certificate_id,
    coalesce(nullif(c.subject, ''), c.fingerprint) as name,
    c.fingerprint,
    max(s.role = 'anchor') as is_anchor,
    c.lifetime_seconds,
    c.not_after,
    min(s.location_id) as location_id
  from certificate c
  join certificate_sighting s on s.certificate_id = c.certificate_id
  left join signers g on g.certificate_id = c.certificate_id
  where s.role in ('intermediate', 'anchor')
    and coalesce(g.is_of_mesh, 1) = 1
  group by c.certificate_id, c.subject, c.fingerprint, c.lifetime_seconds, c.not_after
),
judged as (
  select
    name,
    fingerprint,
    is_anchor,
    lifetime_seconds / 86400 as days,
    not_after,
    location_id,
    case is_anchor when 1 then :max_anchor_days else :max_issuer_days end as most_days
  from authorities
)
select
  'certificate ' || name as subject,
  'sha256 ' || substr(fingerprint, 1, 16) as discriminator,
  case
    when days is null then 'not-assessed'
    when days > most_days then 'fail'
    else 'pass'
  end as status,
  case when days is null then 'the inventory does not tell how long ' else '' end
    || case is_anchor when 1 then 'trust anchor "' else 'issuing CA "' end || name || '" lives'
    || coalesce(' for ' || days || ' days, until ' || not_after, '') as message,
  location_id,
  json_object(
    'name', name, 'fingerprint', fingerprint, 'days', days, 'most_days', most_days,
    'not_after', not_after
  ) as evidence
from judged
order by name, fingerprint
