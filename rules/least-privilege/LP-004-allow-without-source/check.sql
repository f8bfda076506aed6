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
judged_rules as (
  select
    a.policy,
    a.rule_index,
    a.workload_count,
    a.source_count,
    a.location_id,
    -- A source without a value restricts nothing, and sources are alternatives.
    a.source_count > (
      select count(distinct s.source_index)
      from policy_source s
      where s.policy_rule_id = a.policy_rule_id
    ) as has_empty_source,
    (
      select count(*)
      from policy_condition c
      where c.policy_rule_id = a.policy_rule_id
        and (
          c.kind like 'source.%' or c.kind like 'request.auth.%' or c.kind = 'remote.ip'
        )
    ) as source_condition_count
  from allow_rules a
)
select
  policy as subject,
  'rule ' || rule_index as discriminator,
  case
    when (source_count = 0 or has_empty_source) and source_condition_count = 0 then 'fail'
    else 'pass'
  end as status,
  case
    when (source_count = 0 or has_empty_source) and source_condition_count = 0
      then 'rule ' || rule_index || ' of ' || policy
        || ' names no source: every caller matches, also without an identity'
    else 'rule ' || rule_index || ' of ' || policy || ' names its sources'
  end as message,
  location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'sources', source_count,
    'source_conditions', source_condition_count, 'workloads', workload_count
  ) as evidence
from judged_rules
order by policy, rule_index
