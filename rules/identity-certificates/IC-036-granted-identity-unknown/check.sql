with named as (
  select
    i.principal,
    i.trust_domain,
    i.grant_location_id as location_id,
    i.workload_count + i.certificate_count + i.entry_count + i.request_count as trace_count,
    case
      when i.principal like 'spiffe://%/ns/%/sa/%' then substr(
        substr(i.principal, instr(i.principal, '/ns/') + 4),
        1,
        instr(substr(i.principal, instr(i.principal, '/ns/') + 4), '/sa/') - 1
      )
      -- Of "<account>.<namespace>" what follows the last dot.
      when i.principal like '%.serviceaccount.identity.%' then replace(
        substr(i.principal, 1, instr(i.principal, '.serviceaccount.') - 1),
        rtrim(
          substr(i.principal, 1, instr(i.principal, '.serviceaccount.') - 1),
          replace(substr(i.principal, 1, instr(i.principal, '.serviceaccount.') - 1), '.', '')
        ),
        ''
      )
    end as namespace
  from identity_presence i
  where i.is_granted = 1
),
own_domains as (
  select s.value as trust_domain
  from setting s
  where s.name = 'trust_domain'
  union
  select a.value
  from setting s, json_each(s.value) a
  where s.name = 'trust_domain_aliases'
  union
  -- What Istio and Linkerd take unless they are told.
  select 'cluster.local'
  where not exists (
    select 1
    from setting s
    where s.name = 'trust_domain'
  )
),
accounts as (
  select a.namespace, a.name
  from service_account a
  union
  select w.namespace, w.service_account
  from workload w
),
judged as (
  select
    n.principal,
    n.namespace,
    n.location_id,
    n.trace_count,
    case
      when n.trace_count > 0
        or exists (
          select 1
          from accounts a
          where a.namespace = n.namespace
            and (
              n.principal like 'spiffe://%/ns/' || a.namespace || '/sa/' || a.name
              or n.principal like a.name || '.' || a.namespace || '.serviceaccount.identity.%'
            )
        ) then 'pass'
      when n.namespace is null
        or n.trust_domain not in (select o.trust_domain from own_domains o)
        or n.namespace not in (select a.namespace from accounts a) then 'not-applicable'
      else 'fail'
    end as status
  from named n
)
select
  'identity ' || principal as subject,
  status,
  case status
    when 'pass' then '"' || principal || '", which a rule names, is known'
    when 'fail' then 'a rule allows "' || principal
      || '", which is the identity of no workload and no service account'
    else '"' || principal || '" is outside what the inputs describe'
  end as message,
  location_id,
  json_object('principal', principal, 'namespace', namespace, 'traces', trace_count) as evidence
from judged
order by principal
