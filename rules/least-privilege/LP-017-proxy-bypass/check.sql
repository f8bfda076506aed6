with bypassing_annotations as (
  -- Names: Istio, Resource annotations; Linkerd, Proxy configuration. The last column says which value
  -- bypasses nothing.
  select
    json_extract(value, '$[0]') as name,
    json_extract(value, '$[1]') as layer,
    json_extract(value, '$[2]') as harmless
  from json_each(
    '[["traffic.sidecar.istio.io/excludeInboundPorts", "istio", ""],
      ["traffic.sidecar.istio.io/excludeOutboundPorts", "istio", ""],
      ["traffic.sidecar.istio.io/excludeOutboundIPRanges", "istio", ""],
      ["traffic.sidecar.istio.io/excludeInterfaces", "istio", ""],
      ["traffic.sidecar.istio.io/includeInboundPorts", "istio", "*"],
      ["traffic.sidecar.istio.io/includeOutboundIPRanges", "istio", "*"],
      ["sidecar.istio.io/interceptionMode", "istio", "TPROXY"],
      ["config.linkerd.io/skip-inbound-ports", "linkerd", ""],
      ["config.linkerd.io/skip-outbound-ports", "linkerd", ""],
      ["config.linkerd.io/skip-subnets", "linkerd", ""]]'
  )
),
meshed_workloads as (
  select
    workload_id,
    namespace,
    namespace || '/' || name as workload,
    layer,
    annotations,
    location_id
  from workload
  where dataplane in ('sidecar', 'linkerd')
),
found_annotations as (
  select
    w.workload_id,
    a.key as name,
    a.value,
    'workload' as written_at
  from meshed_workloads w
  join json_each(w.annotations) a
  union all
  -- Linkerd reads these from the namespace too.
  select
    w.workload_id,
    a.key as name,
    a.value,
    'namespace' as written_at
  from meshed_workloads w
  join resource r on r.kind = 'Namespace' and r.name = w.namespace
  join json_each(r.annotations) a
  where w.layer = 'linkerd'
    and not exists (
      select 1
      from json_each(w.annotations) own
      where own.key = a.key
    )
),
bypasses as (
  select
    f.workload_id,
    f.name,
    f.value,
    f.written_at
  from found_annotations f
  join bypassing_annotations b on b.name = f.name
  where trim(f.value) <> ''
    and trim(f.value) <> b.harmless
    and not (f.name = 'sidecar.istio.io/interceptionMode' and upper(f.value) <> 'NONE')
)
select
  'workload ' || w.workload as subject,
  coalesce(b.name, '') as discriminator,
  case when b.name is null then 'pass' else 'fail' end as status,
  case
    when b.name is null
      then 'no annotation leads traffic of workload "' || w.workload || '" past its proxy'
    else 'annotation ' || b.name || ' "' || b.value || '" leads traffic of workload "' || w.workload
      || '" past its proxy'
  end as message,
  w.location_id,
  json_object(
    'workload', w.workload, 'layer', w.layer, 'annotation', b.name, 'value', b.value,
    'written_at', b.written_at
  ) as evidence
from meshed_workloads w
left join bypasses b on b.workload_id = w.workload_id
order by w.workload, b.name
