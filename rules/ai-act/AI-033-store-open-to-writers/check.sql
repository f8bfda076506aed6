with identities as materialized (
  select p.ai_system_id, p.purpose, p.peer, w.workload_id, w.namespace || '/' || w.name as name
  from ai_system_store p
  join ai_system s on s.ai_system_id = p.ai_system_id
  left join workload w
    on w.identity = p.peer or p.peer = 'ns/' || w.namespace || '/sa/' || w.service_account
  where s.risk_class = 'high' and s.is_operating
),
stores as materialized (
  -- A workload may be named for several purposes: the strictest counts.
  select ai_system_id, peer, workload_id, name, min(purpose = 'memory') as is_memory
  from identities
  where purpose <> 'writers'
  group by ai_system_id, peer, workload_id
),
edges as materialized (
  select
    t.ai_system_id,
    t.workload_id,
    case e.source_kind when 'workload' then e.source else 'any caller' end as caller,
    e.port,
    e.decision,
    -- Without methods, every method is granted.
    e.decision = 'allow' or exists (
      select 1
      from json_each(e.operations) o
      where coalesce(o.value ->> '$.excluded', 0) = 0
        and (
          o.value -> '$.methods' is null
          or exists (
            select 1
            from json_each(o.value, '$.methods') m
            where m.value in ('PUT', 'PATCH', 'DELETE') or m.value glob '*[*]*'
          )
        )
    ) as may_write,
    exists (
      select 1 from json_each(e.operations) o
      join json_each(o.value, '$.methods') m on m.value = 'POST'
    ) as may_post
  from stores t
  join access_edge e on e.destination_workload_id = t.workload_id
  where e.decision <> 'deny'
    and (e.source_workload_id is null or e.source_workload_id <> t.workload_id)
    and not exists (
      select 1
      from identities i
      where i.ai_system_id = t.ai_system_id
        and i.purpose = 'writers'
        and (i.workload_id = e.source_workload_id or i.peer = e.source_identity)
    )
    and not (
      t.is_memory
      and exists (
        select 1
        from ai_system_workload m
        where m.ai_system_id = t.ai_system_id and m.workload_id = e.source_workload_id
      )
    )
),
judged as (
  select
    ai_system_id,
    workload_id,
    max(may_write) as is_open,
    max(may_write and caller = 'any caller') as is_public,
    max(may_post or decision not in ('allow', 'partial')) as is_unclear
  from edges
  group by ai_system_id, workload_id
),
writers as (
  select ai_system_id, workload_id, caller, min(port) as port
  from edges
  where may_write
  group by ai_system_id, workload_id, caller
)
select
  'ai-system ' || s.ai_system_id as subject,
  t.peer || coalesce(' ' || t.name, '') || coalesce(' from ' || w.caller, '') as discriminator,
  case
    when t.workload_id is null then 'not-assessed'
    when w.caller is not null then 'fail'
    when j.is_unclear then 'not-assessed'
    else 'pass'
  end as status,
  case
    when t.workload_id is null
      then 'no workload of the inputs runs as the store "' || t.peer || '" of system "' || s.ai_system_id || '"'
    when w.caller = 'any caller'
      then 'callers without an identity of the mesh may write to the store "' || t.name || ':' || w.port
        || '" of system "' || s.ai_system_id || '" (' || s.trade_name || ')'
    when w.caller is not null
      then 'workload "' || w.caller || '" may write to the store "' || t.name || ':' || w.port
        || '" of system "' || s.ai_system_id || '" (' || s.trade_name || '), and is no declared writer'
    when j.is_unclear
      then 'others than declared writers may send POST to the store "' || t.name || '" of system "'
        || s.ai_system_id || '", or an external authorizer decides: whether that writes is not known'
    else 'only declared writers may write to the store "' || t.name || '" of system "' || s.ai_system_id || '"'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'store', t.name, 'peer', t.peer, 'caller', w.caller, 'port', w.port
  ) as evidence
from stores t
join ai_system s on s.ai_system_id = t.ai_system_id
left join judged j on j.ai_system_id = t.ai_system_id and j.workload_id = t.workload_id
left join writers w
  on w.ai_system_id = t.ai_system_id and w.workload_id = t.workload_id
  -- Where anybody may write, one finding says it for all.
  and (w.caller = 'any caller' or not j.is_public)
order by s.ai_system_id, t.peer, t.name, w.caller
