with
default_denials as (
  -- An ALLOW policy without rules matches nothing, so that everything it selects is denied unless
  -- another policy allows it; a DENY rule without any restriction matches everything.
  select
    p.policy_id,
    p.namespace,
    p.scope,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.location_id
  from policy p
  where p.layer = 'istio'
    and p.is_dry_run = 0
    and p.scope in ('mesh', 'namespace')
    and (
      (p.action = 'allow' and p.rule_count = 0)
      or (
        p.action = 'deny'
        and exists (
          select 1
          from policy_rule r
          where r.policy_id = p.policy_id
            and r.source_count = 0
            and r.operation_count = 0
            and r.condition_count = 0
        )
      )
    )
),
meshes as (
  select
    layer,
    count(*) as workload_count
  from workload
  where layer in ('istio', 'linkerd')
  group by layer
),
root_namespace as (
  select
    coalesce(max(value), 'istio-system') as name,
    max(location_id) as location_id
  from setting
  where layer = 'istio' and name = 'root_namespace'
),
linkerd_default as (
  select
    coalesce(max(value), 'all-unauthenticated') as value,
    max(location_id) as location_id
  from setting
  where layer = 'linkerd' and name = 'default_inbound_policy'
),
mesh_denials as (
  select
    min(policy) as policy,
    min(location_id) as location_id
  from default_denials
  where scope = 'mesh'
)
select
  'mesh istio' as subject,
  case when d.policy is null then 'fail' else 'pass' end as status,
  case
    when d.policy is null
      then 'no policy in the root namespace "' || n.name || '" denies by default: what no policy selects is '
        || 'open to everyone'
    else d.policy || ' denies by default for the whole mesh'
  end as message,
  coalesce(d.location_id, n.location_id) as location_id,
  json_object(
    'layer', m.layer, 'root_namespace', n.name, 'policy', d.policy, 'workloads', m.workload_count
  ) as evidence
from meshes m
cross join root_namespace n
cross join mesh_denials d
where m.layer = 'istio'
union all
select
  'mesh linkerd' as subject,
  case when d.value = 'deny' then 'pass' else 'fail' end as status,
  'the default inbound policy of Linkerd is "' || d.value || '"' as message,
  d.location_id,
  json_object(
    'layer', m.layer, 'default_inbound_policy', d.value, 'workloads', m.workload_count
  ) as evidence
from meshes m
cross join linkerd_default d
where m.layer = 'linkerd'
order by subject
