with proxy_images as (
  -- The name of the image, without registry and digest: `proxyv2:1.22.3-distroless`.
  select
    w.namespace || '/' || w.name as workload,
    c.image,
    case
      when instr(c.image, '@') > 0 then substr(c.image, 1, instr(c.image, '@') - 1)
      else c.image
    end as tagged,
    coalesce(c.location_id, w.location_id) as location_id,
    t.access_log_encoding,
    coalesce(t.access_log_format, '%REQUESTED_SERVER_NAME%') as format
  from workload_container c
  join workload w on w.workload_id = c.workload_id
  join workload_telemetry t on t.workload_id = c.workload_id
  where c.name = 'istio-proxy'
    and t.has_access_log = 1
    and w.dataplane in ('sidecar', 'gateway', 'waypoint')
    and c.image like '%proxyv2:%'
),
proxy_tags as (
  select
    workload, image, location_id, access_log_encoding, format,
    substr(tagged, instr(tagged, 'proxyv2:') + 8) as tag
  from proxy_images
),
proxy_parts as (
  select
    workload, image, location_id, access_log_encoding, format, tag,
    substr(tag, 1, instr(tag, '.') - 1) as major,
    substr(tag, instr(tag, '.') + 1) as rest
  from proxy_tags
  where tag glob '[0-9]*.[0-9]*.[0-9]*'
),
proxy_versions as (
  -- A cast takes the digits at the start: `3-distroless` is 3.
  select
    workload, image, location_id, access_log_encoding, format, tag,
    cast(major as integer) as major,
    cast(rest as integer) as minor,
    cast(substr(rest, instr(rest, '.') + 1) as integer) as patch
  from proxy_parts
),
judged as (
  select
    workload, image, location_id, access_log_encoding, tag,
    instr(format, '%REQUESTED_SERVER_NAME') > 0 as logs_server_name,
    major < 1 or (
      major = 1 and (minor < 22 or (minor = 22 and patch < 5) or (minor = 23 and patch < 2))
    ) as is_affected
  from proxy_versions
)
select
  'workload ' || workload as subject,
  case
    when is_affected and logs_server_name and lower(coalesce(access_log_encoding, 'text')) = 'text'
      then 'fail'
    else 'pass'
  end as status,
  case
    when is_affected and logs_server_name and lower(coalesce(access_log_encoding, 'text')) = 'text'
      then 'the proxy of workload "' || workload || '" is of release ' || tag
        || ', which writes the server name that a caller sends unchecked into its text log'
    when is_affected
      then 'the proxy of workload "' || workload || '" is of release ' || tag
        || ', and its log does not show the server name as text'
    else 'the proxy of workload "' || workload || '" is of release ' || tag
      || ', which checks the server name that it logs'
  end as message,
  location_id,
  json_object('workload', workload, 'image', image, 'release', tag) as evidence
from judged
order by workload
