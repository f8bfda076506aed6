with egress_policies as (
  select
    p.policy_id,
    r.spec
  from policy p
  join resource r on r.resource_id = p.resource_id
  where p.layer = 'network-policy'
    and p.kind = 'NetworkPolicy'
    and (
      json_type(r.spec, '$.egress') is not null
      or exists (
        select 1 from json_each(r.spec, '$.policyTypes') t where t.value = 'Egress'
      )
    )
),
open_policies as (
  -- A rule without peers and ports, or to every address, gives back what the policy takes.
  select e.policy_id
  from egress_policies e
  join json_each(e.spec, '$.egress') rule
  where json_type(rule.value, '$.ports') is null
    and (
      json_type(rule.value, '$.to') is null
      or exists (
        select 1 from json_each(rule.value, '$.to') peer
        where peer.value ->> '$.ipBlock.cidr' in ('0.0.0.0/0', '::/0')
      )
    )
),
limited_workloads as (
  select x.workload_id
  from policy_workload x
  where x.policy_id in (select policy_id from egress_policies)
  group by x.workload_id
  having max(x.policy_id in (select policy_id from open_policies)) = 0
),
egress as (
  select
    w.namespace || '/' || w.name as workload,
    w.dataplane,
    w.location_id as workload_location_id,
    e.mode,
    e.decided_by,
    e.location_id,
    e.mode = 'REGISTRY_ONLY' and w.dataplane = 'sidecar' as is_registered_only,
    w.workload_id in (select workload_id from limited_workloads) as is_limited
  from workload_egress e
  join workload w on w.workload_id = e.workload_id
  where w.dataplane in ('sidecar', 'ambient')
)
select
  'workload ' || workload as subject,
  case when is_registered_only or is_limited then 'pass' else 'fail' end as status,
  case
    when is_registered_only
      then 'workload "' || workload || '" reaches registered hosts only (' || decided_by || ')'
    when is_limited
      then 'egress of workload "' || workload || '" is limited by NetworkPolicy'
    else 'workload "' || workload || '" may connect to any host: '
      || coalesce('outbound mode ' || mode || ' by ', '') || decided_by
      || ', and no NetworkPolicy limits its egress'
  end as message,
  coalesce(location_id, workload_location_id) as location_id,
  json_object(
    'workload', workload, 'dataplane', dataplane, 'mode', mode, 'decided_by', decided_by,
    'is_limited_by_network_policy', is_limited
  ) as evidence
from egress
order by workload
