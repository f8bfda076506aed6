with members as materialized (
  select
    m.ai_system_id,
    m.workload_id
  from ai_system_workload m
  join ai_system s on s.ai_system_id = m.ai_system_id
  where s.status in ('in-service', 'on-market')
),
grant_ids as materialized (
  select r.reported_id
  from policy p
  join policy_rule r on r.policy_id = p.policy_id
  where p.action = 'allow' and p.is_dry_run = 0 and p.kind <> 'Server'
),
outside_ports as materialized (
  -- A gateway's server without mesh TLS sees no mesh identity: it knows callers by tokens or not at all,
  -- and that a workload could hold one is no grant to that workload.
  select p.workload_id, p.port
  from workload_port p
  join workload w on w.workload_id = p.workload_id
  where w.dataplane = 'gateway' and p.mtls_mode <> 'strict'
),
granted_edges as materialized (
  select
    e.source_workload_id,
    e.destination_workload_id
  from access_edge e
  cross join json_each(e.decided_by) b
  cross join grant_ids g on g.reported_id = b.value
  where e.source_kind = 'workload' and e.decision in ('allow', 'partial', 'delegate')
    and not exists (
      select 1 from outside_ports o
      where o.workload_id = e.destination_workload_id and o.port = e.port
    )
  group by e.source_workload_id, e.destination_workload_id
),
observed_edges as materialized (
  select
    source_workload_id,
    destination_workload_id,
    sum(request_count) as request_count
  from observed_request
  where outcome <> 'denied'
    and is_repeated = 0
    and source_workload_id is not null
    and destination_workload_id is not null
    and last_seen >= add_days(:as_of, -:window_days)
  group by source_workload_id, destination_workload_id
),
edges as (
  select source_workload_id, destination_workload_id, 1 as is_granted, 0 as request_count
  from granted_edges
  union all
  select source_workload_id, destination_workload_id, 0 as is_granted, request_count
  from observed_edges
),
peer_workloads as (
  select m.ai_system_id, 'in' as direction, e.source_workload_id as peer_id, e.is_granted,
    e.request_count
  from members m
  join edges e on e.destination_workload_id = m.workload_id
  union all
  select m.ai_system_id, 'out' as direction, e.destination_workload_id as peer_id, e.is_granted,
    e.request_count
  from members m
  join edges e on e.source_workload_id = m.workload_id
),
found_peers as materialized (
  select
    p.ai_system_id,
    p.direction,
    case w.service_account
      when '' then coalesce(w.identity, w.namespace || '/' || w.name)
      else 'ns/' || w.namespace || '/sa/' || w.service_account
    end as peer,
    min(w.identity) as identity,
    max(p.is_granted) as is_granted,
    sum(p.request_count) as request_count
  from peer_workloads p
  join workload w on w.workload_id = p.peer_id
  where not exists (
    select 1
    from members o
    where o.ai_system_id = p.ai_system_id and o.workload_id = p.peer_id
  )
  group by p.ai_system_id, p.direction, 3
  union all
  -- Hosts that no workload of the inputs stands behind, and that are no names inside the cluster.
  select
    m.ai_system_id,
    'out' as direction,
    case
      when instr(o.destination_host, ':') > 0
        then substr(o.destination_host, 1, instr(o.destination_host, ':') - 1)
      else o.destination_host
    end as peer,
    null as identity,
    0 as is_granted,
    sum(o.request_count) as request_count
  from observed_request o
  join members m on m.workload_id = o.source_workload_id
  where o.destination_workload_id is null
    and o.destination_host like '%.%'
    and o.destination_host not like '%.svc'
    and o.destination_host not like '%.svc.%'
    and o.destination_host glob '*[a-z]*'
    and o.outcome <> 'denied'
    and o.last_seen >= add_days(:as_of, -:window_days)
  group by m.ai_system_id, 3
),
judged_peers as (
  select
    f.ai_system_id,
    f.direction,
    f.peer,
    f.identity,
    f.is_granted,
    f.request_count,
    exists (
      select 1
      from interaction i
      where i.ai_system_id = f.ai_system_id
        and i.direction = f.direction
        and (i.peer in (f.peer, f.identity) or i.external = f.peer)
    ) as is_declared
  from found_peers f
)
select
  'ai-system ' || j.ai_system_id as subject,
  j.direction || ' ' || j.peer as discriminator,
  case when j.is_declared then 'pass' else 'fail' end as status,
  '"' || j.peer || '" '
    || case
      when j.request_count > 0 and j.direction = 'in' then 'calls'
      when j.request_count > 0 then 'is called by'
      when j.direction = 'in' then 'may call'
      else 'may be called by'
    end
    || ' system "' || j.ai_system_id || '"'
    || case when j.is_declared then ', as declared' else ', and the register does not declare it' end
    as message,
  s.location_id,
  json_object(
    'ai_system', j.ai_system_id, 'direction', j.direction, 'peer', j.peer, 'identity', j.identity,
    'is_granted', j.is_granted, 'requests', j.request_count
  ) as evidence
from judged_peers j
join ai_system s on s.ai_system_id = j.ai_system_id
order by j.ai_system_id, j.direction, j.peer
