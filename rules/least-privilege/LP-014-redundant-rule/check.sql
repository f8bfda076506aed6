select
  p.kind || ' ' || p.namespace || '/' || p.name as subject,
  'rule ' || r.rule_index as discriminator,
  case when x.policy_rule_id is null then 'pass' else 'fail' end as status,
  case
    when x.policy_rule_id is null
      then 'rule ' || r.rule_index || ' of ' || p.kind || ' ' || p.namespace || '/' || p.name
        || ' grants something of its own'
    else 'what rule ' || r.rule_index || ' of ' || p.kind || ' ' || p.namespace || '/' || p.name
      || ' grants, rule ' || c.rule_index || ' of ' || q.kind || ' ' || q.namespace || '/' || q.name
      || ' grants, too'
  end as message,
  r.location_id,
  json_object(
    'policy', p.namespace || '/' || p.name, 'rule', r.rule_index,
    'covering_policy', q.namespace || '/' || q.name, 'covering_rule', c.rule_index
  ) as evidence
from policy p
join policy_rule r on r.policy_id = p.policy_id
left join redundant_rule x on x.policy_rule_id = r.policy_rule_id
left join policy_rule c on c.policy_rule_id = x.covering_policy_rule_id
left join policy q on q.policy_id = c.policy_id
where p.action = 'allow'
  and p.is_dry_run = 0
  and p.layer in ('istio', 'linkerd')
  and p.workload_count > 0
order by subject, discriminator
