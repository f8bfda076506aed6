with identities as (
  select distinct
    c.identity,
    c.trust_domain,
    case
      when c.identity like 'spiffe://%/ns/%/sa/%' then substr(
        substr(c.identity, instr(c.identity, '/ns/') + 4),
        1,
        instr(substr(c.identity, instr(c.identity, '/ns/') + 4), '/sa/') - 1
      )
    end as namespace,
    case
      when c.identity like 'spiffe://%/ns/%/sa/%'
        then substr(c.identity, instr(c.identity, '/sa/') + 4)
    end as service_account
  from certificate c
  where c.identity is not null
    and c.role in ('leaf', 'unknown')
    and c.svid_profile = 'spiffe'
),
own_domains as (
  select s.value as trust_domain
  from setting s
  where s.name = 'trust_domain'
  union
  select a.value
  from setting s, json_each(s.value) a
  where s.name = 'trust_domain_aliases'
),
judged as (
  select
    i.identity,
    case
      when i.namespace is null or i.trust_domain not in (select o.trust_domain from own_domains o)
        then 'not-applicable'
      when exists (select 1 from workload w where w.identity = i.identity)
        or exists (
          select 1
          from service_account a
          where a.namespace = i.namespace and a.name = i.service_account
        ) then 'pass'
      else 'fail'
    end as status
  from identities i
)
select
  'certificate ' || identity as subject,
  status,
  case status
    when 'pass' then '"' || identity || '" is the identity of a workload or service account'
    when 'fail' then 'no workload and no service account has the identity "' || identity || '"'
    else '"' || identity || '" is not of the form that the mesh of this inventory issues'
  end as message,
  (
    select max(c.location_id)
    from certificate c
    where c.identity = judged.identity
  ) as location_id,
  json_object('identity', identity) as evidence
from judged
order by identity
