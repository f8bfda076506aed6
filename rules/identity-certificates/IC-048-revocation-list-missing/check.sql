-- Few ways lead over many certificates; without a list there is nothing to ask.
with ways as (
  select distinct '[' || substr(path, instr(path, ',') + 1) as issuers
  from certificate_chain
  where instr(path, ',') > 0
    and exists (select 1 from revocation_list)
),
steps as (
  select
    w.issuers,
    c.certificate_id,
    coalesce(nullif(c.subject, ''), c.fingerprint) as name,
    c.location_id,
    exists (
      select 1
      from revocation_list l
      where l.issuer = c.subject
        and l.signature <> 'invalid'
        and coalesce(l.authority_key_id = c.subject_key_id, 1)
    ) as has_list
  from ways w, json_each(w.issuers) s
  join certificate c on c.certificate_id = s.value
),
asked as (
  select
    certificate_id,
    name,
    location_id,
    has_list
  from steps
  where issuers in (select issuers from steps where has_list)
  group by certificate_id, name, location_id, has_list
)
select
  'CA ' || name as subject,
  case when has_list then 'pass' else 'fail' end as status,
  'the CA "' || name || '" has ' || case
    when has_list then 'a revocation list'
    else 'no revocation list among the inputs, and another CA of its chain has one'
  end as message,
  location_id,
  json_object('name', name, 'has_list', has_list) as evidence
from asked
order by name, certificate_id
