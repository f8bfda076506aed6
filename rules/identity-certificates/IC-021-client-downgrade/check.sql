with client_settings as (
  select
    r.namespace,
    r.name,
    r.location_id,
    json_extract(r.spec, '$.host') as host,
    t.path,
    json_extract(t.value, '$.mode') as mode
  from resource r, json_tree(r.spec) t
  where r.kind = 'DestinationRule'
    and r.api_group = 'networking.istio.io'
    and t.key = 'tls'
    and t.type = 'object'
),
meshed_services as (
  select distinct s.namespace, s.name
  from service s
  join workload w on w.namespace = s.namespace
  where w.dataplane in ('sidecar', 'ambient', 'waypoint')
    and s.selector <> '{}'
    and not exists (
      select 1
      from json_each(s.selector) l
      where not exists (
        select 1
        from json_each(w.labels) o
        where o.key = l.key and o.value = l.value
      )
    )
),
targets as (
  select
    c.namespace,
    c.name,
    c.location_id,
    c.host,
    c.path,
    c.mode,
    (
      select min(m.namespace || '/' || m.name)
      from meshed_services m
      where c.host in (
          m.name || '.' || m.namespace,
          m.name || '.' || m.namespace || '.svc',
          m.name || '.' || m.namespace || '.svc.cluster.local'
        )
        or (c.host = m.name and c.namespace = m.namespace)
        or c.host in ('*', '*.local', '*.cluster.local', '*.svc.cluster.local')
        or c.host = '*.' || m.namespace || '.svc.cluster.local'
    ) as service
  from client_settings c
)
select
  'DestinationRule ' || namespace || '/' || name as subject,
  path as discriminator,
  case
    when service is null then 'not-applicable'
    when mode in ('DISABLE', 'SIMPLE') then 'fail'
    else 'pass'
  end as status,
  case
    when service is null then '"' || host || '" is no service of the mesh'
    when mode = 'DISABLE'
      then 'clients of "' || service || '" are told to send plaintext (DestinationRule "'
        || namespace || '/' || name || '")'
    when mode = 'SIMPLE'
      then 'clients of "' || service || '" are told to show no certificate (DestinationRule "'
        || namespace || '/' || name || '")'
    else 'clients of "' || service || '" keep to mutual TLS'
  end as message,
  location_id,
  json_object('host', host, 'service', service, 'mode', mode, 'path', path) as evidence
from targets
order by namespace, name, path
