with effective_policies as materialized (
  select x.workload_id, p.policy_id, p.layer, p.action, r.policy_rule_id
  from policy p
  join policy_workload x on x.policy_id = p.policy_id
  left join policy_rule r on r.policy_id = p.policy_id
  where p.is_dry_run = 0 and p.layer in ('istio', 'linkerd')
),
-- An ALLOW policy of Istio takes away the default for every port of what it selects; a rule without
-- ports holds for all of them.
whole_workloads as materialized (
  select distinct e.workload_id
  from effective_policies e
  where (e.layer = 'istio' and e.action = 'allow')
    or (
      e.policy_rule_id is not null
      and not exists (
        select 1 from policy_operation o
        where o.policy_rule_id = e.policy_rule_id and o.kind = 'port' and o.is_negated = 0
      )
    )
),
named_ports as materialized (
  select distinct e.workload_id, o.value as port
  from effective_policies e
  join policy_operation o on o.policy_rule_id = e.policy_rule_id
  where o.kind = 'port' and o.is_negated = 0
),
judged_ports as materialized (
  select
    w.namespace || '/' || w.name as workload,
    q.port,
    q.location_id,
    h.workload_id is not null or n.port is not null as is_governed,
    max(h.workload_id is not null or n.port is not null) over (partition by q.workload_id)
      as has_governed_port,
    count(*) over (partition by q.workload_id) as port_count,
    q.workload_id
  from workload_port q
  join workload w on w.workload_id = q.workload_id
  left join whole_workloads h on h.workload_id = q.workload_id
  left join named_ports n on n.workload_id = q.workload_id and n.port = '' || q.port
  where w.dataplane <> 'none'
),
open_ports as materialized (
  select j.workload_id, j.port
  from judged_ports j
  where j.is_governed = 0
    and j.has_governed_port = 1
    and exists (
      select 1
      from access_edge e
      where e.destination_workload_id = j.workload_id
        and e.port = j.port
        and e.decision in ('allow', 'partial')
    )
)
select
  'workload ' || j.workload || ' port ' || j.port as subject,
  case when o.port is null then 'pass' else 'fail' end as status,
  case
    when o.port is not null
      then 'no policy reaches port ' || j.port || ' of workload "' || j.workload
        || '", whose other ports policies govern: it is open by default'
    when j.is_governed
      then 'policies reach port ' || j.port || ' of workload "' || j.workload || '"'
    else 'no policy reaches port ' || j.port || ' of workload "' || j.workload
      || '", and it denies by default'
  end as message,
  j.location_id,
  json_object('workload', j.workload, 'port', j.port, 'ports', j.port_count) as evidence
from judged_ports j
left join open_ports o on o.workload_id = j.workload_id and o.port = j.port
where j.has_governed_port = 1 and j.port_count > 1
order by j.workload, j.port
