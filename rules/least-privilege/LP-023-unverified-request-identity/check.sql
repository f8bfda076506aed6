with token_terms as (
  select policy_rule_id, kind, value, location_id
  from policy_source
  where kind = 'request-principal'
  union all
  select policy_rule_id, kind, value, location_id
  from policy_condition
  where kind like 'request.auth.%'
),
token_policies as (
  select
    p.policy_id,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.action,
    min(t.location_id) as location_id,
    json_group_array(distinct t.kind) as fields
  from policy p
  join policy_rule r on r.policy_id = p.policy_id
  join token_terms t on t.policy_rule_id = r.policy_rule_id
  where p.layer = 'istio'
    and p.is_dry_run = 0
    and p.action in ('allow', 'deny')
  group by p.policy_id
),
pairs as (
  select
    t.policy,
    t.action,
    t.fields,
    t.location_id,
    w.namespace || '/' || w.name as workload,
    (
      select count(*)
      from request_authentication a
      where a.workload_id = w.workload_id and a.is_enforced = 1
    ) as check_count
  from token_policies t
  join policy_workload x on x.policy_id = t.policy_id
  join workload w on w.workload_id = x.workload_id
  -- What ztunnel cannot read is LP-019's business, and a waypoint's tokens are checked at the waypoint.
  where w.dataplane in ('sidecar', 'gateway')
)
select
  policy as subject,
  'workload ' || workload as discriminator,
  case when check_count = 0 then 'fail' else 'pass' end as status,
  case
    when check_count = 0
      then policy || ' asks for tokens at workload "' || workload
        || '", where no RequestAuthentication checks them'
    else policy || ' asks for tokens that are checked at workload "' || workload || '"'
  end as message,
  location_id,
  json_object(
    'policy', policy, 'workload', workload, 'action', action, 'fields', json(fields),
    'request_authentications', check_count
  ) as evidence
from pairs
order by policy, workload
