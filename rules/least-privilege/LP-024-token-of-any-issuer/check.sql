with token_terms as (
  select
    p.policy_id,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    r.rule_index,
    s.value,
    s.location_id
  from policy p
  join policy_rule r on r.policy_id = p.policy_id
  join policy_source s on s.policy_rule_id = r.policy_rule_id
  where p.layer = 'istio'
    and p.action = 'allow'
    and p.is_dry_run = 0
    and s.kind = 'request-principal'
    and s.is_negated = 0
),
issuers as (
  select
    x.policy_id,
    count(distinct i.value) as issuer_count,
    json_group_array(distinct i.value) as issuers
  from policy_workload x
  join request_authentication a on a.workload_id = x.workload_id and a.is_enforced = 1
  join json_each(a.issuers) i
  where x.policy_id in (select policy_id from token_terms)
  group by x.policy_id
),
judged_terms as (
  select
    t.policy,
    t.rule_index,
    t.value,
    t.location_id,
    coalesce(i.issuer_count, 0) as issuer_count,
    coalesce(i.issuers, '[]') as issuers,
    t.value like '*%' as is_open
  from token_terms t
  left join issuers i on i.policy_id = t.policy_id
)
select
  policy as subject,
  'rule ' || rule_index || ' ' || value as discriminator,
  case
    when issuer_count = 0 then 'not-applicable'
    when is_open and issuer_count > 1 then 'fail'
    else 'pass'
  end as status,
  case
    when issuer_count = 0
      then 'no issuer is known where rule ' || rule_index || ' of ' || policy || ' asks for tokens'
    when is_open and issuer_count > 1
      then 'rule ' || rule_index || ' of ' || policy || ' accepts tokens "' || value || '" of any of '
        || issuers
    else 'rule ' || rule_index || ' of ' || policy || ' accepts tokens "' || value
      || '" of one issuer'
  end as message,
  location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'request_principal', value, 'issuers', json(issuers)
  ) as evidence
from judged_terms
order by policy, rule_index, value
