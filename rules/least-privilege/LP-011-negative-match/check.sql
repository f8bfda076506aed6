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
terms as (
  -- All that says who the caller is counts as one family: a negative beside a positive only narrows it.
  select policy_rule_id, 'from ' || source_index as clause, 'source' as family, kind, value, is_negated,
    location_id
  from policy_source
  union all
  select policy_rule_id, 'to ' || operation_index as clause, kind as family, kind, value, is_negated,
    location_id
  from policy_operation
  union all
  select policy_rule_id, 'when' as clause, kind as family, kind, value, is_negated, location_id
  from policy_condition
),
negative_only as (
  select
    policy_rule_id,
    clause,
    family,
    min(kind) as kind,
    min(location_id) as location_id,
    json_group_array(value) as excluded
  from terms
  group by policy_rule_id, clause, family
  having min(is_negated) = 1
),
judged_rules as (
  select
    a.policy,
    a.rule_index,
    a.workload_count,
    a.location_id,
    n.clause,
    n.kind,
    n.excluded,
    n.location_id as negative_location_id
  from allow_rules a
  left join negative_only n on n.policy_rule_id = a.policy_rule_id
)
select
  policy as subject,
  'rule ' || rule_index || coalesce(' ' || clause || ' ' || kind, '') as discriminator,
  case when kind is null then 'pass' else 'fail' end as status,
  case
    when kind is null
      then 'rule ' || rule_index || ' of ' || policy || ' says what it allows'
    else 'rule ' || rule_index || ' of ' || policy || ' grants every ' || kind || ' but ' || excluded
  end as message,
  coalesce(negative_location_id, location_id) as location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'clause', clause, 'kind', kind,
    'excluded', json(coalesce(excluded, '[]')), 'workloads', workload_count
  ) as evidence
from judged_rules
order by policy, rule_index, clause, kind
