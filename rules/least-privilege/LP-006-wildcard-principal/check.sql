with allow_rules as (
  select
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.layer,
    p.workload_count,
    r.policy_rule_id,
    r.rule_index,
    r.source_count,
    r.operation_count,
    r.location_id
  from policy p
  join policy_rule r on r.policy_id = p.policy_id
  where p.action = 'allow'
    and p.is_dry_run = 0
    and p.layer in ('istio', 'linkerd')
),
wildcard_terms as (
  select
    a.policy,
    a.rule_index,
    a.workload_count,
    s.kind,
    s.value,
    s.location_id,
    case
      when s.value like 'spiffe://%' then substr(s.value, 10)
      else s.value
    end as pattern
  from allow_rules a
  join policy_source s on s.policy_rule_id = a.policy_rule_id
  where s.is_negated = 0
    and s.kind in ('principal', 'namespace')
    and length(s.value) > 1
    and (substr(s.value, 1, 1) = '*' or substr(s.value, -1) = '*')
),
named_identities as (
  select
    principal,
    namespace,
    case when principal like 'spiffe://%' then substr(principal, 10) else principal end as name,
    -- In policies "cluster.local" stands for the mesh's own trust domain (Istio, Trust domain migration).
    case
      when principal like 'spiffe://%'
        then 'cluster.local' || substr(principal, 10 + length(trust_domain))
      else principal
    end as local_name
  from identity
  where issuer <> 'spire'
),
covered as (
  select
    t.policy,
    t.rule_index,
    t.kind,
    t.value,
    t.workload_count,
    min(t.location_id) as location_id,
    count(distinct i.principal) as identity_count
  from wildcard_terms t
  left join named_identities i on (
    t.kind = 'namespace'
    and (
      (substr(t.pattern, -1) = '*'
        and substr(i.namespace, 1, length(t.pattern) - 1) = substr(t.pattern, 1, length(t.pattern) - 1))
      or (substr(t.pattern, 1, 1) = '*'
        and substr(i.namespace, 1 - length(t.pattern)) = substr(t.pattern, 2))
    )
  ) or (
    t.kind = 'principal'
    and (
      (substr(t.pattern, -1) = '*'
        and substr(t.pattern, 1, length(t.pattern) - 1) in (
          substr(i.name, 1, length(t.pattern) - 1), substr(i.local_name, 1, length(t.pattern) - 1)
        ))
      or (substr(t.pattern, 1, 1) = '*'
        and substr(i.name, 1 - length(t.pattern)) = substr(t.pattern, 2))
    )
  )
  group by t.policy, t.rule_index, t.kind, t.value
)
select
  policy as subject,
  'rule ' || rule_index || ' ' || value as discriminator,
  case when identity_count > :max_identities then 'fail' else 'pass' end as status,
  kind || ' "' || value || '" in rule ' || rule_index || ' of ' || policy || ' covers '
    || identity_count || case identity_count when 1 then ' identity' else ' identities' end
    || ', at most ' || :max_identities || ' should be' as message,
  location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'kind', kind, 'value', value,
    'identities', identity_count, 'limit', :max_identities, 'workloads', workload_count
  ) as evidence
from covered
order by policy, rule_index, value
