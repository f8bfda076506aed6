with deciding_resources as materialized (
  -- Named as ports name what decided their mode.
  select r.kind || ' ' || r.namespace || '/' || r.name as name, min(r.location_id) as location_id
  from resource r
  where r.kind || ' ' || r.namespace || '/' || r.name in (select mtls_decided_by from workload_port)
  group by 1
)
select
  'workload ' || w.namespace || '/' || w.name || ' port ' || p.port as subject,
  case p.mtls_mode when 'disabled' then 'fail' else 'pass' end as status,
  case p.mtls_mode
    when 'disabled'
      then 'mutual TLS is switched off on port ' || p.port || ' of workload "' || w.namespace
        || '/' || w.name || '" (' || p.mtls_decided_by || ')'
    else 'mutual TLS is not switched off on port ' || p.port || ' of workload "' || w.namespace
      || '/' || w.name || '"'
  end as message,
  coalesce(d.location_id, p.location_id, w.location_id) as location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'port', p.port, 'mtls_mode', p.mtls_mode,
    'decided_by', p.mtls_decided_by
  ) as evidence
from workload_port p
join workload w on w.workload_id = p.workload_id
left join deciding_resources d on d.name = p.mtls_decided_by
where w.dataplane in ('sidecar', 'ambient', 'waypoint', 'linkerd')
order by w.namespace, w.name, p.port
