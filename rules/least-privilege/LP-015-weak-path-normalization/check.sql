with normalization as (
  select
    coalesce(max(value), 'DEFAULT') as level,
    max(location_id) as location_id
  from setting
  where layer = 'istio' and name = 'path_normalization'
),
path_rules as (
  select
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.action,
    r.rule_index,
    -- A list of what is refused is what another spelling gets past.
    max((p.action = 'deny' and o.is_negated = 0) or (p.action = 'allow' and o.is_negated = 1)) as refuses,
    json_group_array(o.value) as paths,
    min(o.location_id) as location_id
  from policy p
  join policy_rule r on r.policy_id = p.policy_id
  join policy_operation o on o.policy_rule_id = r.policy_rule_id
  where p.layer = 'istio'
    and p.is_dry_run = 0
    and p.action in ('allow', 'deny')
    and o.kind = 'path'
    and o.value not in ('*', '/*')
  group by r.policy_rule_id
),
judged_rules as (
  select
    r.policy,
    r.action,
    r.rule_index,
    r.refuses,
    r.paths,
    r.location_id,
    n.level,
    n.level = 'NONE' or (n.level in ('DEFAULT', 'BASE') and r.refuses = 1) as is_weak
  from path_rules r
  cross join normalization n
)
select
  policy as subject,
  'rule ' || rule_index as discriminator,
  case when is_weak then 'fail' else 'pass' end as status,
  case
    when is_weak and refuses = 1
      then 'rule ' || rule_index || ' of ' || policy || ' refuses paths ' || paths
        || ', and path normalization ' || level || ' lets other spellings of them past'
    when is_weak
      then 'rule ' || rule_index || ' of ' || policy || ' matches paths ' || paths
        || ' as they come, with path normalization NONE'
    else 'rule ' || rule_index || ' of ' || policy || ' fits path normalization ' || level
  end as message,
  location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'action', action, 'paths', json(paths),
    'normalization', level
  ) as evidence
from judged_rules
order by policy, rule_index
