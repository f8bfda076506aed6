with judged_decisions as (
  select
    d.destination_workload_id,
    d.port,
    d.policy,
    d.mesh_decision,
    d.outcome = 'deny' as is_refusal,
    d.decision_count,
    d.source,
    d.last_seen
  from policy_decision d
  where d.destination_workload_id is not null
    and d.mesh_decision is not null
    and d.last_seen >= add_days(:as_of, -:window_days)
),
workload_ports as (
  select
    j.destination_workload_id,
    j.port,
    min(j.policy) as policy,
    sum(case when j.is_refusal and j.mesh_decision = 'allow' then j.decision_count else 0 end)
      as unheard_count,
    min(case when j.is_refusal and j.mesh_decision = 'allow' then j.source end) as caller,
    max(case when j.is_refusal and j.mesh_decision = 'allow' then j.last_seen end) as last_seen
  from judged_decisions j
  group by j.destination_workload_id, j.port
)
select
  'workload ' || w.namespace || '/' || w.name || coalesce(' port ' || p.port, '') as subject,
  case when p.unheard_count > 0 then 'fail' else 'pass' end as status,
  case
    when p.unheard_count > 0
      then p.policy || ' refused ' || p.unheard_count || ' call' || iif(p.unheard_count = 1, '', 's')
        || ' to ' || w.namespace || '/' || w.name || ', the last on ' || substr(p.last_seen, 1, 10)
        || ', which the policies of the mesh allow without asking it'
    else p.policy || ' is asked about ' || w.namespace || '/' || w.name
  end as message,
  w.location_id,
  json_object(
    'policy', p.policy, 'refused', p.unheard_count, 'caller', p.caller, 'last_seen', p.last_seen
  ) as evidence
from workload_ports p
join workload w on w.workload_id = p.destination_workload_id
order by subject
