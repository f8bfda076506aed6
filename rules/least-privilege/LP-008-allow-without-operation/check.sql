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
    and p.layer in ('istio')
),
judged_rules as (
  select
    a.policy,
    a.rule_index,
    a.workload_count,
    a.operation_count,
    a.location_id,
    a.operation_count > (
      select count(distinct o.operation_index)
      from policy_operation o
      where o.policy_rule_id = a.policy_rule_id
    ) as has_empty_operation,
    (
      select count(*)
      from policy_condition c
      where c.policy_rule_id = a.policy_rule_id
        and (c.kind like 'destination.%' or c.kind = 'connection.sni')
    ) as operation_condition_count
  from allow_rules a
)
select
  policy as subject,
  'rule ' || rule_index as discriminator,
  case
    when (operation_count = 0 or has_empty_operation) and operation_condition_count = 0 then 'fail'
    else 'pass'
  end as status,
  case
    when (operation_count = 0 or has_empty_operation) and operation_condition_count = 0
      then 'rule ' || rule_index || ' of ' || policy
        || ' names no operation: its callers may use all ports, methods and paths'
    else 'rule ' || rule_index || ' of ' || policy || ' names its operations'
  end as message,
  location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'operations', operation_count,
    'operation_conditions', operation_condition_count, 'workloads', workload_count
  ) as evidence
from judged_rules
order by policy, rule_index
