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
judged_paths as (
  select
    a.policy,
    a.rule_index,
    a.workload_count,
    o.value,
    min(o.location_id) as location_id,
    o.value in ('*', '/*', '/**', '/{**}') as is_everything,
    substr(o.value, 1, 1) = '*' and o.value <> '*' as is_end_only
  from allow_rules a
  join policy_operation o on o.policy_rule_id = a.policy_rule_id
  where o.kind = 'path' and o.is_negated = 0
  group by a.policy_rule_id, o.value
)
select
  policy as subject,
  'rule ' || rule_index || ' path ' || value as discriminator,
  case when is_everything or is_end_only then 'fail' else 'pass' end as status,
  'path "' || value || '" in rule ' || rule_index || ' of ' || policy
    || case
      when is_everything then ' matches every path'
      when is_end_only then ' looks only at the end, which the caller can choose'
      else ' is narrow'
    end as message,
  location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'path', value, 'workloads', workload_count
  ) as evidence
from judged_paths
order by policy, rule_index, value
