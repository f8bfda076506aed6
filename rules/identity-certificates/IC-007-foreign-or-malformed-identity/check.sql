with declared_domains as (
  select s.value as trust_domain
  from setting s
  where s.name = 'trust_domain'
  union
  select a.value
  from setting s, json_each(s.value) a
  where s.name = 'trust_domain_aliases'
),
leaves as (
  select
    c.name,
    c.trust_domain,
    c.serial,
    c.fingerprint,
    c.location_id,
    (
      select min(f.value)
      from json_each(c.svid_failures) f
      where f.value in ('X2', 'X5', 'L3')
    ) as failure,
    case
      when (select count(*) from declared_domains) = 0 or c.trust_domain is null then 0
      else c.trust_domain not in (select d.trust_domain from declared_domains d)
    end as is_foreign
  from certificate c
  where c.svid_profile <> 'none'
    and c.role in ('leaf', 'unknown')
),
ranked as (
  select
    name,
    trust_domain,
    serial,
    location_id,
    failure,
    is_foreign,
    row_number() over (
      partition by name
      order by failure is null, is_foreign desc, fingerprint
    ) as place
  from leaves
)
select
  'certificate ' || name as subject,
  case when failure is not null or is_foreign then 'fail' else 'pass' end as status,
  case
    when failure = 'X5' then '"' || name || '" is a SPIFFE ID without a path: it names no workload'
    when failure is not null then '"' || name || '" is no valid identity'
    when is_foreign
      then '"' || name || '" is of the trust domain "' || trust_domain
        || '", which the mesh does not declare'
    else '"' || name || '" is a valid identity'
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'trust_domain', trust_domain, 'requirement', failure,
    'declared', (select json_group_array(d.trust_domain) from declared_domains d)
  ) as evidence
from ranked
where place = 1
order by name
