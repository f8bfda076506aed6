select
  'Gateway ' || r.namespace || '/' || r.name as subject,
  'server ' || s.key as discriminator,
  case
    when json_extract(s.value, '$.tls.minProtocolVersion') in ('TLSV1_0', 'TLSV1_1') then 'fail'
    else 'pass'
  end as status,
  case
    when json_extract(s.value, '$.tls.minProtocolVersion') in ('TLSV1_0', 'TLSV1_1')
      then 'server ' || s.key || ' of Gateway "' || r.namespace || '/' || r.name || '" accepts '
        || json_extract(s.value, '$.tls.minProtocolVersion')
    else 'server ' || s.key || ' of Gateway "' || r.namespace || '/' || r.name
      || '" accepts TLS 1.2 or later'
  end as message,
  r.location_id,
  json_object(
    'gateway', r.namespace || '/' || r.name, 'server', s.key,
    'min_protocol_version', json_extract(s.value, '$.tls.minProtocolVersion')
  ) as evidence
from resource r, json_each(r.spec, '$.servers') s
where r.kind = 'Gateway'
  and r.api_group = 'networking.istio.io'
  and json_extract(s.value, '$.tls') is not null
  and coalesce(json_extract(s.value, '$.tls.mode'), '') not in (
    'PASSTHROUGH', 'AUTO_PASSTHROUGH'
  )
order by r.namespace, r.name, s.key
