with differences as (
  select
    policy_id,
    coalesce('rule ' || rule_index || ' ', '') || difference as difference,
    max(effect) as effect,
    min(explanation) as explanation,
    max(ambient_workloads) as workloads,
    min(location_id) as location_id
  from policy_divergence
  where ambient_workload_count > 0
  group by policy_id, rule_index, difference
),
policies_of_the_mesh as (
  select
    p.policy_id,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.action,
    p.location_id
  from policy p
  where p.layer = 'istio'
    and p.is_dry_run = 0
)
select
  p.policy as subject,
  d.difference as discriminator,
  case when d.policy_id is null then 'pass' else 'fail' end as status,
  case when d.effect = 'opens' then 'high' end as severity,
  case
    when d.policy_id is null then p.policy || ' means the same to all workloads that it selects'
    else p.policy || ' means something else to ambient workloads ' || d.workloads || ': '
      || d.explanation
  end as message,
  coalesce(d.location_id, p.location_id) as location_id,
  json_object(
    'policy', p.policy, 'action', p.action, 'difference', d.difference, 'effect', d.effect,
    'ambient_workloads', json(coalesce(d.workloads, '[]'))
  ) as evidence
from policies_of_the_mesh p
left join differences d on d.policy_id = p.policy_id
order by p.policy, d.difference
