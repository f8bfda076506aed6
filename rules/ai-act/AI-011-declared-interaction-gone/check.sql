with declared as materialized (
  select i.interaction_id, i.ai_system_id, i.direction, i.peer, i.external, i.location_id
  from interaction i
  join ai_system s on s.ai_system_id = i.ai_system_id
  where s.is_operating
),
members as materialized (
  select ai_system_id, workload_id from ai_system_workload
),
peers as materialized (
  select d.interaction_id, d.ai_system_id, d.direction, w.workload_id
  from declared d
  join workload w
    on w.identity = d.peer or d.peer = 'ns/' || w.namespace || '/sa/' || w.service_account
),
ends as materialized (
  select p.interaction_id, p.workload_id as source_id, m.workload_id as destination_id
  from peers p
  join members m on m.ai_system_id = p.ai_system_id
  where p.direction = 'in'
  union
  select p.interaction_id, m.workload_id, p.workload_id
  from peers p
  join members m on m.ai_system_id = p.ai_system_id
  where p.direction = 'out'
),
open_edges as (
  select distinct n.interaction_id
  from access_edge e
  join ends n
    on n.source_id = e.source_workload_id and n.destination_id = e.destination_workload_id
  where e.decision <> 'deny'
),
seen as materialized (
  select interaction_id, max(last_seen) as last_seen
  from ai_system_peer
  where interaction_id is not null
  group by interaction_id
),
registered as (
  select distinct d.interaction_id
  from declared d
  join external_service x
    on x.host = d.external
    or substr(x.host, 1, 2) = '*.' and d.external like '%' || substr(x.host, 2)
    or x.host = '*'
),
judged as (
  select
    d.*,
    coalesce(d.peer, d.external) as name,
    s.last_seen,
    exists (select 1 from peers p where p.interaction_id = d.interaction_id) as has_workload,
    exists (select 1 from open_edges e where e.interaction_id = d.interaction_id) as is_open,
    exists (select 1 from registered r where r.interaction_id = d.interaction_id) as is_registered,
    -- Only where every workload of the system reaches registered hosts and nothing else.
    (
      select min(coalesce(g.mode, '') = 'REGISTRY_ONLY')
      from members m
      left join workload_egress g on g.workload_id = m.workload_id
      where m.ai_system_id = d.ai_system_id
    ) as is_restricted
  from declared d
  left join seen s on s.interaction_id = d.interaction_id
),
answered as (
  select
    j.*,
    case
      when j.last_seen >= add_days(:as_of, -:window_days) then 'pass'
      when j.external is null and not j.has_workload then 'not-assessed'
      when j.external is null and j.is_open then 'pass'
      when j.external is null then 'fail'
      when j.is_registered then 'pass'
      when j.is_restricted and j.direction = 'out' then 'fail'
      else 'not-assessed'
    end as status
  from judged j
)
select
  'ai-system ' || a.ai_system_id as subject,
  a.direction || ' ' || a.name as discriminator,
  a.status,
  case
    when a.status = 'fail' and a.external is not null
      then 'the register declares "' || a.name || '" for system "' || a.ai_system_id
        || '", whose workloads may call registered hosts only, and no ServiceEntry has that host'
    when a.status = 'fail'
      then 'the register declares "' || a.name || '" (' || a.direction || ') for system "' || a.ai_system_id
        || '", and no policy lets them interact'
    when a.status = 'pass'
      then 'the declared interaction of system "' || a.ai_system_id || '" with "' || a.name || '" exists'
    when a.external is not null
      then 'no log shows that system "' || a.ai_system_id || '" interacts with "' || a.name
        || '", and nothing keeps it from doing so'
    else 'no workload of the inputs runs as "' || a.name || '", declared for system "' || a.ai_system_id || '"'
  end as message,
  a.location_id,
  json_object(
    'ai_system', a.ai_system_id, 'direction', a.direction, 'peer', a.peer, 'external', a.external,
    'last_seen', a.last_seen
  ) as evidence
from answered a
order by a.ai_system_id, a.direction, a.name
