with vouched as (
  select h.anchor_certificate_id as certificate_id, h.trust_domain
  from certificate_chain h
  where h.outcome = 'complete'
    and h.anchor_certificate_id is not null
    and h.trust_domain is not null
  union
  select s.certificate_id, s.trust_domain
  from certificate_sighting s
  where s.role = 'anchor'
    and s.trust_domain is not null
),
keys as (
  select
    c.public_key_fingerprint,
    min(coalesce(nullif(c.subject, ''), c.fingerprint)) as name,
    min(c.location_id) as location_id,
    count(distinct v.trust_domain) as domain_count,
    (
      select json_group_array(d.trust_domain)
      from (
        select distinct o.trust_domain
        from vouched o
        join certificate k on k.certificate_id = o.certificate_id
        where k.public_key_fingerprint = c.public_key_fingerprint
        order by o.trust_domain
      ) d
    ) as domains
  from vouched v
  join certificate c on c.certificate_id = v.certificate_id
  where c.public_key_fingerprint is not null
  group by c.public_key_fingerprint
)
select
  'certificate ' || name as subject,
  'key ' || substr(public_key_fingerprint, 1, 16) as discriminator,
  case when domain_count > 1 then 'fail' else 'pass' end as status,
  case
    when domain_count > 1
      then 'trust anchor "' || name || '" vouches for ' || domain_count || ' trust domains: '
        || replace(replace(replace(domains, '["', ''), '"]', ''), '","', ', ')
    else 'trust anchor "' || name || '" vouches for one trust domain'
  end as message,
  location_id,
  json_object(
    'name', name, 'public_key_fingerprint', public_key_fingerprint, 'trust_domains', json(domains)
  ) as evidence
from keys
order by name, public_key_fingerprint
