with granting_rules as materialized (
  select
    r.reported_id,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    r.rule_index,
    r.location_id
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
    e.source_identity,
    e.destination_workload_id,
    e.port,
    min(g.reported_id) as reported_id
  -- The order of the joins is the order of the work: edges are many, rules are found by their id.
  from access_edge e
  cross join json_each(e.decided_by) b
  cross join granting_rules g on g.reported_id = b.value
  where e.source_kind = 'workload'
    and e.decision in ('allow', 'partial')
    and e.source_workload_id <> e.destination_workload_id
    and not exists (
      select 1 from outside_ports o
      where o.workload_id = e.destination_workload_id and o.port = e.port
    )
  group by e.source_workload_id, e.destination_workload_id, e.port
),
observed_requests as materialized (
  select
    day,
    evidence,
    source_workload_id,
    source,
    destination_workload_id,
    side,
    port,
    outcome,
    is_repeated,
    is_identity_verified = 1 or is_mtls = 0 as is_caller_known,
    request_count
  from observed_request
  where destination_workload_id is not null
    and last_seen >= add_days(:as_of, -:window_days)
),
observed_calls as materialized (
  -- A denied call is no use of a grant. A client writes the port of the service, so its lines count for
  -- every port.
  select
    source_workload_id,
    source,
    destination_workload_id,
    case side when 'server' then port end as port,
    sum(request_count) as request_count
  from observed_requests
  where outcome <> 'denied' and is_repeated = 0
  group by source_workload_id, source, destination_workload_id, case side when 'server' then port end
),
-- The two ways in which a caller is known are looked up one by one: each finds its rows by equality.
calls_by_workload as materialized (
  select source_workload_id, destination_workload_id, port, sum(request_count) as request_count
  from observed_calls
  where source_workload_id is not null
  group by source_workload_id, destination_workload_id, port
),
calls_by_identity as materialized (
  select source, destination_workload_id, port, sum(request_count) as request_count
  from observed_calls
  where source_workload_id is null and source is not null
  group by source, destination_workload_id, port
),
edge_calls as materialized (
  select
    g.source_workload_id,
    g.source_identity,
    g.destination_workload_id,
    g.port,
    g.reported_id,
    coalesce(
      (
        select sum(c.request_count)
        from calls_by_workload c
        where c.source_workload_id = g.source_workload_id
          and c.destination_workload_id = g.destination_workload_id
          and (c.port is null or c.port = g.port)
      ), 0
    ) + coalesce(
      (
        select sum(c.request_count)
        from calls_by_identity c
        where c.source = g.source_identity
          and c.destination_workload_id = g.destination_workload_id
          and (c.port is null or c.port = g.port)
      ), 0
    ) as request_count
  from granted_edges g
),
rule_breadths as materialized (
  select
    destination_workload_id,
    port,
    reported_id,
    count(*) as source_count,
    sum(request_count = 0) as unused_count,
    -- Those that call are few and are what the rule should name; the rest is everybody else.
    json_group_array((
      select w.namespace || '/' || w.name
      from workload w
      where w.workload_id = edge_calls.source_workload_id
    )) filter (where request_count > 0) as used_sources
  from edge_calls
  group by destination_workload_id, port, reported_id
),
watched_days as materialized (
  -- Whatever a proxy wrote shows that it wrote on that day; counters show the days that they count. A proxy
  -- that is told to keep no log of what comes in shows nothing by the rest, and the lines of a gateway name
  -- the call that it makes.
  select h.workload_id, h.day
  from log_hour h
  join workload w on w.workload_id = h.workload_id
  where w.dataplane not in ('gateway', 'waypoint')
    and h.day >= day_of(add_days(:as_of, -:window_days))
    and not exists (
      select 1 from workload_telemetry t
      where t.workload_id = h.workload_id and t.has_access_log = 0
    )
  union
  select destination_workload_id, day
  from observed_requests
  where side = 'server' and evidence <> 'trace'
),
windows as materialized (
  select workload_id, count(*) as day_count, min(day) as first_day, max(day) as last_day
  from watched_days
  group by workload_id
),
known_callers as materialized (
  -- A call whose caller the log does not name may have been anybody's.
  select
    destination_workload_id as workload_id,
    sum(request_count) as request_count,
    sum(case when is_caller_known then request_count else 0 end) as known_count
  from observed_requests
  where side = 'server' and evidence <> 'trace' and is_repeated = 0
  group by destination_workload_id
),
destinations as materialized (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    coalesce(t.day_count, 0) as day_count,
    t.first_day,
    t.last_day,
    coalesce(100 * k.known_count / k.request_count, 100) as known_percent,
    case
      when t.day_count is null then 'no log of "' || w.namespace || '/' || w.name || '" was given'
      when t.day_count < :min_days
        then 'its logs cover ' || t.day_count || ' of ' || :min_days || ' days'
      when 100 * k.known_count < :min_coverage * k.request_count
        then 'of ' || (k.request_count - k.known_count) || ' of its ' || k.request_count
          || ' requests the caller is not known'
    end as doubt
  from workload w
  left join windows t on t.workload_id = w.workload_id
  left join known_callers k on k.workload_id = w.workload_id
),
single_edges as (
  select
    s.namespace || '/' || s.name as source,
    e.source_identity,
    e.destination_workload_id,
    e.port,
    e.reported_id,
    e.request_count
  from edge_calls e
  join rule_breadths b on b.destination_workload_id = e.destination_workload_id
    and b.port = e.port
    and b.reported_id = e.reported_id
  join workload s on s.workload_id = e.source_workload_id
  where b.source_count <= :most_single_edges
)
select
  'edge ' || e.source || ' -> ' || d.workload as subject,
  'port ' || e.port as discriminator,
  case
    when e.request_count > 0 then 'pass'
    when d.doubt is not null then 'not-assessed'
    else 'fail'
  end as status,
  case
    when e.request_count > 0
      then '"' || e.source || '" called port ' || e.port || ' of "' || d.workload || '" '
        || e.request_count || ' times'
    when d.doubt is not null
      then 'not assessed whether "' || e.source || '" calls port ' || e.port || ' of "' || d.workload
        || '": ' || d.doubt
    else '"' || e.source || '" may call port ' || e.port || ' of "' || d.workload
      || '" by rule ' || g.rule_index || ' of ' || g.policy || ', and never did from '
      || d.first_day || ' to ' || d.last_day
  end as message,
  g.location_id,
  json_object(
    'source', e.source, 'source_identity', e.source_identity, 'workload', d.workload,
    'port', e.port, 'policy', g.policy, 'rule', g.rule_index, 'requests', e.request_count,
    'first_day', d.first_day, 'last_day', d.last_day, 'days', d.day_count,
    'known_callers_percent', d.known_percent
  ) as evidence
from single_edges e
join destinations d on d.workload_id = e.destination_workload_id
join granting_rules g on g.reported_id = e.reported_id
union all
select
  'workload ' || d.workload as subject,
  'port ' || b.port || ' ' || g.policy || ' rule ' || g.rule_index as discriminator,
  case
    when b.unused_count = 0 then 'pass'
    when d.doubt is not null then 'not-assessed'
    else 'fail'
  end as status,
  'rule ' || g.rule_index || ' of ' || g.policy || ' lets ' || b.source_count
    || ' workloads call port ' || b.port || ' of "' || d.workload || '"; '
    || (b.source_count - b.unused_count) || ' of them did'
    || case
      when d.doubt is not null then ', and ' || d.doubt
      else ' from ' || d.first_day || ' to ' || d.last_day
    end as message,
  g.location_id,
  json_object(
    'workload', d.workload, 'port', b.port, 'policy', g.policy, 'rule', g.rule_index,
    'sources', b.source_count, 'unused', b.unused_count, 'used_sources', json(b.used_sources),
    'first_day', d.first_day, 'last_day', d.last_day, 'days', d.day_count,
    'known_callers_percent', d.known_percent
  ) as evidence
from rule_breadths b
join destinations d on d.workload_id = b.destination_workload_id
join granting_rules g on g.reported_id = b.reported_id
where b.source_count > :most_single_edges
order by subject, discriminator
