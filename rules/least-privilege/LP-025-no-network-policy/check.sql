with isolating_policies as (
  -- Kubernetes, Network Policies: without policyTypes a policy isolates for ingress. Administrators'
  -- policies do not isolate, but they govern.
  select
    p.policy_id,
    p.kind || ' ' || case p.namespace when '' then '' else p.namespace || '/' end || p.name as policy
  from policy p
  join resource r on r.resource_id = p.resource_id
  where p.layer = 'network-policy'
    and (
      (
        p.kind = 'NetworkPolicy'
        and (
          coalesce(json_array_length(r.spec, '$.policyTypes'), 0) = 0
          or exists (
            select 1
            from json_each(r.spec, '$.policyTypes') t
            where t.value = 'Ingress'
          )
        )
      )
      or (p.kind <> 'NetworkPolicy' and json_array_length(r.spec, '$.ingress') > 0)
    )
),
judged_workloads as (
  select
    w.namespace || '/' || w.name as workload,
    w.layer,
    w.dataplane,
    w.location_id,
    count(p.policy_id) as policy_count,
    min(p.policy) as policy
  from workload w
  left join policy_workload x on x.workload_id = w.workload_id
  left join isolating_policies p on p.policy_id = x.policy_id
  where w.dataplane <> 'none' and w.uses_host_network = 0
    -- No pods, which is what network policies isolate.
    and w.kind not in ('ExternalWorkload', 'WorkloadEntry', 'WorkloadGroup')
  group by w.workload_id
)
select
  'workload ' || workload as subject,
  case when policy_count > 0 then 'pass' else 'fail' end as status,
  case
    when policy_count > 0
      then policy || ' isolates workload "' || workload || '"'
    else 'no NetworkPolicy isolates workload "' || workload || '": what goes past its proxy meets nothing'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'layer', layer, 'dataplane', dataplane, 'policies', policy_count
  ) as evidence
from judged_workloads
order by workload
