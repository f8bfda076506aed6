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
default_sources as (
  select
    a.policy,
    a.rule_index,
    s.value,
    min(s.location_id) as location_id
  from allow_rules a
  join policy_source s on s.policy_rule_id = a.policy_rule_id
  where s.is_negated = 0
    and (
      (s.kind = 'principal'
        and (s.value like '%/sa/default' or s.value like 'default.%.serviceaccount.%'))
      or (s.kind = 'service-account' and (s.value = 'default' or s.value like '%/default'))
    )
  group by a.policy_rule_id, s.value
)
select
  'workload ' || namespace || '/' || name as subject,
  '' as discriminator,
  case when service_account = 'default' then 'fail' else 'pass' end as status,
  'workload "' || namespace || '/' || name || '" runs as service account "' || service_account || '"'
    as message,
  location_id,
  json_object(
    'workload', namespace || '/' || name, 'service_account', service_account, 'identity', identity
  ) as evidence
from workload
union all
select
  policy as subject,
  'rule ' || rule_index || ' ' || value as discriminator,
  'fail' as status,
  'rule ' || rule_index || ' of ' || policy || ' lets in the default service account "' || value || '"'
    as message,
  location_id,
  json_object('policy', policy, 'rule', rule_index, 'value', value) as evidence
from default_sources
order by subject, discriminator
