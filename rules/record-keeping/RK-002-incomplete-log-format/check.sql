with written_formats as (
  -- Without a format of its own a proxy writes Istio's default, whose fields are in the documentation
  -- (Istio, Envoy access logs): no identity of either side.
  select
    w.namespace || '/' || w.name as workload,
    t.access_log_encoding as encoding,
    t.access_log_decided_by as decided_by,
    t.access_log_format is null as is_default,
    coalesce(
      t.access_log_format,
      '%START_TIME% %REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %RESPONSE_CODE% '
        || '%RESPONSE_FLAGS% %REQ(X-REQUEST-ID)% %ROUTE_NAME%'
    ) as format,
    coalesce(t.location_id, w.location_id) as location_id
  from workload_telemetry t
  join workload w on w.workload_id = t.workload_id
  where t.has_access_log = 1
    and w.layer = 'istio'
    and w.dataplane in ('sidecar', 'gateway', 'waypoint')
),
field_operators as (
  select
    json_extract(value, '$[0]') as field,
    json_extract(value, '$[1]') as operator
  from json_each(
    '[["time", "%START_TIME"],
      ["source identity", "%DOWNSTREAM_PEER_URI_SAN%"],
      ["source identity", "%DOWNSTREAM_PEER_SUBJECT%"],
      ["source identity", "io.istio.peer_principal"],
      ["source identity", "X-FORWARDED-CLIENT-CERT"],
      ["destination identity", "%DOWNSTREAM_LOCAL_URI_SAN%"],
      ["destination identity", "%DOWNSTREAM_LOCAL_SUBJECT%"],
      ["method", "(:METHOD)%"],
      ["path", ":PATH)%"],
      ["code", "%RESPONSE_CODE%"],
      ["flags", "%RESPONSE_FLAGS%"],
      ["request id", "(X-REQUEST-ID)%"],
      ["route or version", "%ROUTE_NAME%"],
      ["route or version", "%UPSTREAM_CLUSTER"]]'
  )
),
linkerd_logs as (
  -- Linkerd's two formats are fixed; client.id is the verified identity, and the proxy that writes is
  -- the destination. Only JSON has an id of the request (linkerd2-proxy, http/access-log).
  select
    w.namespace || '/' || w.name as workload,
    t.access_log_encoding as encoding,
    t.access_log_decided_by as decided_by,
    coalesce(t.location_id, w.location_id) as location_id
  from workload_telemetry t
  join workload w on w.workload_id = t.workload_id
  where t.has_access_log = 1 and w.layer = 'linkerd'
),
missing_fields as (
  select
    f.workload,
    json_group_array(f.field) as fields,
    count(*) as field_count
  from (
    select
      w.workload,
      o.field
    from written_formats w
    cross join field_operators o
    group by w.workload, o.field
    having max(instr(upper(w.format), upper(o.operator))) = 0
    order by w.workload, o.field
  ) f
  group by f.workload
)
select
  'workload ' || w.workload as subject,
  case when m.workload is null then 'pass' else 'fail' end as status,
  case
    when m.workload is null
      then 'the access log of workload "' || w.workload || '" has every field that is needed'
    else case when w.is_default then 'the default access log format' else 'the access log format' end
      || ' of workload "' || w.workload || '" lacks ' || m.fields
  end as message,
  w.location_id,
  json_object(
    'workload', w.workload, 'missing', json(coalesce(m.fields, '[]')), 'encoding', w.encoding,
    'is_default_format', w.is_default, 'decided_by', w.decided_by
  ) as evidence
from written_formats w
left join missing_fields m on m.workload = w.workload
union all
select
  'workload ' || l.workload as subject,
  case l.encoding when 'json' then 'pass' else 'fail' end as status,
  case l.encoding
    when 'json'
      then 'the JSON access log of workload "' || l.workload || '" has every field that is needed'
    else 'the apache access log of workload "' || l.workload || '" lacks ["request id"]'
  end as message,
  l.location_id,
  json_object(
    'workload', l.workload,
    'missing', json(case l.encoding when 'json' then '[]' else '["request id"]' end),
    'encoding', l.encoding, 'is_default_format', 1, 'decided_by', l.decided_by
  ) as evidence
from linkerd_logs l
order by subject
