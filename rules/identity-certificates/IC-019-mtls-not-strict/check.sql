with deciding_resources as materialized (
  select
    kind || ' ' || namespace || '/' || name as reference,
    min(location_id) as location_id
  from resource
  where kind = 'PeerAuthentication'
    or (kind = 'Server' and api_group = 'policy.linkerd.io')
  group by reference
),
port_modes as (
  select
    w.namespace || '/' || w.name as workload,
    w.layer,
    p.port,
    p.mtls_mode,
    p.mtls_decided_by,
    coalesce(a.location_id, p.location_id, w.location_id) as location_id
  from workload_port p
  join workload w on w.workload_id = p.workload_id
  left join deciding_resources a on a.reference = p.mtls_decided_by
  -- A gateway's listeners take what the outside speaks; that is what it is for.
  where w.dataplane in ('sidecar', 'ambient', 'waypoint', 'linkerd')
)
select
  'workload ' || workload || ' port ' || port as subject,
  case when mtls_mode = 'strict' then 'pass' else 'fail' end as status,
  case mtls_mode
    when 'strict'
      then 'port ' || port || ' of workload "' || workload || '" takes mutual TLS only ('
        || mtls_decided_by || ')'
    when 'disabled'
      then 'port ' || port || ' of workload "' || workload || '" takes plaintext only ('
        || mtls_decided_by || ')'
    else 'port ' || port || ' of workload "' || workload || '" also takes plaintext ('
      || mtls_decided_by || ')'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'port', port, 'layer', layer, 'mtls_mode', mtls_mode,
    'decided_by', mtls_decided_by
  ) as evidence
from port_modes
order by workload, port
