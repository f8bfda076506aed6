with trusted as (
  select
    'alias' as kind,
    a.value as trust_domain,
    s.location_id,
    'trustDomainAliases of the mesh' as place
  from setting s, json_each(s.value) a
  where s.name = 'trust_domain_aliases'
  union all
  select
    'federation',
    f.value,
    e.location_id,
    'SPIRE entry "' || e.spiffe_id || '"'
  from spire_entry e, json_each(e.federates_with) f
  union all
  select
    'federation',
    f.value,
    i.location_id,
    i.kind || ' "' || i.name || '"'
  from certificate_issuer i, json_each(i.federates_with) f
  union all
  select
    'federation',
    t.trust_domain,
    t.location_id,
    t.resource_kind || ' "' || t.resource_name || '"'
  from trust_source t
  where t.kind = 'bundle-endpoint'
  union all
  select
    'own',
    s.value,
    s.location_id,
    'trust domain of ' || s.layer
  from setting s
  where s.name = 'trust_domain'
),
domains as (
  select
    trust_domain,
    max(kind <> 'own') as is_trusted,
    max(kind = 'own') as is_own,
    min(case when kind <> 'own' then location_id end) as location_id,
    min(case when kind <> 'own' then place end) as place,
    count(*) as place_count
  from trusted
  group by trust_domain
)
select
  'trust domain ' || d.trust_domain as subject,
  case
    when d.is_own = 1 then 'pass'
    when d.trust_domain in (select p.value from json_each(:declared_trust_domains) p) then 'pass'
    else 'fail'
  end as status,
  case
    when d.is_own = 1 then '"' || d.trust_domain || '" is the mesh''s own trust domain'
    when d.trust_domain in (select p.value from json_each(:declared_trust_domains) p)
      then 'trust domain "' || d.trust_domain || '" is declared'
    else 'trust domain "' || d.trust_domain || '" is trusted (' || d.place
      || ') and not declared'
  end as message,
  d.location_id,
  json_object(
    'trust_domain', d.trust_domain, 'places', d.place_count,
    'declared', json(:declared_trust_domains)
  ) as evidence
from domains d
order by d.trust_domain
