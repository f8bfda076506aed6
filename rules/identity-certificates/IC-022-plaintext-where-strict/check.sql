with seen as (
  select
    o.destination_workload_id as workload_id,
    o.port,
    sum(case o.is_mtls when 0 then o.request_count else 0 end) as plain_count,
    sum(case when o.is_mtls is null then 0 else o.request_count end) as told_count,
    sum(case when o.is_mtls is null or o.evidence <> 'counter' then 0 else o.request_count end)
      as counted_count,
    max(case o.is_mtls when 0 then o.last_seen end) as last_plain
  from observed_request o
  where o.side = 'server'
    and o.is_repeated = 0
    and o.destination_workload_id is not null
    and o.port is not null
  group by o.destination_workload_id, o.port
)
select
  'workload ' || w.namespace || '/' || w.name || ' port ' || p.port as subject,
  case
    when s.told_count = 0 or (t.logs_peer_identity = 0 and s.counted_count = 0) then 'not-assessed'
    when s.plain_count > 0 then 'fail'
    else 'pass'
  end as status,
  case
    when s.told_count = 0 or (t.logs_peer_identity = 0 and s.counted_count = 0)
      then 'the log of workload "' || w.namespace || '/' || w.name
        || '" does not tell whether requests came over TLS'
    when s.plain_count > 0
      then s.plain_count || ' requests without mutual TLS reached port ' || p.port
        || ' of workload "' || w.namespace || '/' || w.name || '", the last at ' || s.last_plain
    else 'all requests to port ' || p.port || ' of workload "' || w.namespace || '/' || w.name
      || '" came over mutual TLS'
  end as message,
  coalesce(p.location_id, w.location_id) as location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'port', p.port, 'plaintext', s.plain_count,
    'told', s.told_count, 'last', s.last_plain, 'decided_by', p.mtls_decided_by
  ) as evidence
from workload_port p
join workload w on w.workload_id = p.workload_id
join seen s on s.workload_id = p.workload_id and s.port = p.port
-- A format that does not show the peer's identity does not show its absence, either.
left join workload_telemetry t on t.workload_id = p.workload_id
where p.mtls_mode = 'strict'
order by w.namespace, w.name, p.port
