with address_terms as (
  select policy_rule_id, 'from ' || source_index as clause, value, location_id
  from policy_source
  where kind in ('ip-block', 'remote-ip-block') and is_negated = 0
  union all
  select policy_rule_id, 'when' as clause, value, location_id
  from policy_condition
  where kind in ('source.ip', 'remote.ip') and is_negated = 0
),
identity_terms as (
  select policy_rule_id, 'from ' || source_index as clause
  from policy_source
  where kind in (
      'principal', 'namespace', 'service-account', 'trust-domain', 'request-principal')
    and is_negated = 0
  union
  select policy_rule_id, 'when' as clause
  from policy_condition
  where is_negated = 0
    and (
      kind in ('source.principal', 'source.namespace', 'source.serviceAccount', 'source.trustDomain')
      or kind like 'request.auth.%'
    )
),
clauses as (
  select
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.layer,
    r.policy_rule_id,
    r.rule_index,
    a.clause,
    json_group_array(a.value) as addresses,
    min(a.location_id) as location_id
  from policy p
  join policy_rule r on r.policy_id = p.policy_id
  join address_terms a on a.policy_rule_id = r.policy_rule_id
  where p.action = 'allow'
    and p.is_dry_run = 0
    and p.layer in ('istio', 'linkerd')
  group by r.policy_rule_id, a.clause
),
judged_clauses as (
  select
    c.policy,
    c.layer,
    c.rule_index,
    c.clause,
    c.addresses,
    c.location_id,
    exists (
      select 1
      from identity_terms i
      where i.policy_rule_id = c.policy_rule_id
        and (i.clause in (c.clause, 'when') or (c.clause = 'when' and i.clause like 'from %'))
    ) as has_identity
  from clauses c
)
select
  policy as subject,
  'rule ' || rule_index || ' ' || clause as discriminator,
  case when has_identity then 'pass' else 'fail' end as status,
  case
    when has_identity
      then 'rule ' || rule_index || ' of ' || policy || ' asks for an identity beside ' || addresses
    else 'rule ' || rule_index || ' of ' || policy || ' lets in whoever comes from ' || addresses
      || ', without asking for an identity'
  end as message,
  location_id,
  json_object(
    'policy', policy, 'layer', layer, 'rule', rule_index, 'clause', clause, 'addresses',
    json(addresses)
  ) as evidence
from judged_clauses
order by policy, rule_index, clause
