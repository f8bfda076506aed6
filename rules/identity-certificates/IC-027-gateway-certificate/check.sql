with served as (
  select
    r.namespace,
    r.name,
    r.location_id,
    json_extract(s.value, '$.tls.credentialName') as secret,
    lower(substr(h.value, instr(h.value, '/') + 1)) as host
  from resource r, json_each(r.spec, '$.servers') s, json_each(s.value, '$.hosts') h
  where r.kind = 'Gateway'
    and r.api_group = 'networking.istio.io'
    and json_extract(s.value, '$.tls.credentialName') is not null
),
certified as (
  select
    v.namespace,
    v.name,
    v.location_id,
    v.secret,
    v.host,
    c.certificate_id,
    c.not_after,
    seconds_between(c.not_after, :as_of) as remaining_seconds,
    (
      select max(
        case
          when lower(n.value) = v.host then 2
          when n.value like '*.%'
            and substr(v.host, instr(v.host, '.')) = lower(substr(n.value, 2)) then 1
          else 0
        end
      )
      from certificate_name n
      where n.certificate_id = c.certificate_id and n.kind = 'dns'
    ) as cover,
    row_number() over (
      partition by v.namespace, v.name, v.host
      order by c.not_after desc, c.fingerprint
    ) as place
  from served v
  left join certificate_sighting g
    on g.name = v.secret and g.source = 'kubernetes-secret' and g.position = 0
    and g.key = 'tls.crt'
    and (
      g.namespace = v.namespace
      or exists (
        select 1
        from workload w
        where w.dataplane = 'gateway' and w.namespace = g.namespace
      )
    )
  left join certificate c on c.certificate_id = g.certificate_id
  where v.host <> '*'
)
select
  'Gateway ' || namespace || '/' || name || ' host ' || host as subject,
  case
    when certificate_id is null then 'not-assessed'
    when coalesce(cover, 0) = 0 then 'fail'
    when remaining_seconds < :warning_days * 86400 then 'fail'
    when cover = 1 and host not like '*.%' then 'fail'
    else 'pass'
  end as status,
  case
    when coalesce(cover, 0) = 1 and remaining_seconds >= :warning_days * 86400 then 'low'
  end as severity,
  case
    when certificate_id is null
      then 'the certificate in Secret "' || secret || '" is not among the inputs'
    when coalesce(cover, 0) = 0
      then 'the certificate in Secret "' || secret || '" does not name "' || host || '"'
    when remaining_seconds < :warning_days * 86400
      then 'the certificate for "' || host || '" ends at ' || not_after
    when cover = 1 and host not like '*.%' then '"' || host || '" is covered by a wildcard only'
    else 'the certificate in Secret "' || secret || '" names "' || host || '"'
  end as message,
  location_id,
  json_object(
    'gateway', namespace || '/' || name, 'host', host, 'secret', secret, 'not_after', not_after,
    'warning_days', :warning_days
  ) as evidence
from certified
where place = 1
order by namespace, name, host
