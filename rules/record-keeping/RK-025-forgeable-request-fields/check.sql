with written_formats as (
  -- Without a format of its own a proxy writes Istio's default, which has the rewritten path and the
  -- address after x-forwarded-for only (Istio, Envoy access logs).
  select
    w.namespace || '/' || w.name as workload,
    t.access_log_decided_by as decided_by,
    t.access_log_format is null as is_default,
    upper(
      coalesce(
        t.access_log_format,
        '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %DOWNSTREAM_REMOTE_ADDRESS%'
      )
    ) as format,
    coalesce(t.location_id, w.location_id) as location_id
  from workload_telemetry t
  join workload w on w.workload_id = t.workload_id
  where t.has_access_log = 1
    and w.layer = 'istio'
    and w.dataplane in ('sidecar', 'gateway', 'waypoint')
),
forgeable_fields as (
  select
    f.workload,
    f.decided_by,
    f.is_default,
    f.location_id,
    instr(f.format, 'X-ENVOY-ORIGINAL-PATH') > 0 and instr(f.format, '(:PATH)') = 0
      as is_path_forgeable,
    instr(f.format, '%DOWNSTREAM_REMOTE_ADDRESS') > 0
      and instr(f.format, '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS') = 0
      -- With a verified identity in the line the address proves nothing more.
      and instr(f.format, '%DOWNSTREAM_PEER_URI_SAN') = 0
      and instr(f.format, 'IO.ISTIO.PEER_PRINCIPAL') = 0 as is_address_forgeable
  from written_formats f
)
select
  'workload ' || workload as subject,
  case when is_path_forgeable or is_address_forgeable then 'fail' else 'pass' end as status,
  case
    when is_path_forgeable or is_address_forgeable
      then case when is_default then 'the default access log format' else 'the access log format' end
        || ' of workload "' || workload || '" has '
        || case
          when is_path_forgeable and is_address_forgeable then 'the path and the client address'
          when is_path_forgeable then 'the path'
          else 'the client address'
        end || ' only in a form that a caller may set'
    else 'the access log of workload "' || workload || '" has the path that policy saw, and the '
      || 'caller''s identity or its true address'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'is_path_forgeable', is_path_forgeable,
    'is_address_forgeable', is_address_forgeable, 'is_default_format', is_default,
    'decided_by', decided_by
  ) as evidence
from forgeable_fields
order by workload
