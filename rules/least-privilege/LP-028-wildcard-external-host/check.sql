with hosts as (
  select
    'ServiceEntry ' || namespace || '/' || name as entry,
    host,
    resolution,
    export_to,
    location_id,
    case when host = '*' then '' when host like '*.%' then substr(host, 3) end as suffix
  from external_service
  where mesh_location = 'MESH_EXTERNAL'
),
judged_hosts as (
  select
    entry,
    host,
    resolution,
    export_to,
    location_id,
    suffix is not null
      and (
        instr(suffix, '.') = 0
        or exists (select 1 from json_each(:shared_domains) d where d.value = lower(suffix))
      ) as is_open
  from hosts
)
select
  entry as subject,
  host as discriminator,
  case when is_open then 'fail' else 'pass' end as status,
  case
    when is_open then entry || ' opens "' || host || '", under which anybody can own a name'
    else entry || ' names "' || host || '"'
  end as message,
  location_id,
  json_object('entry', entry, 'host', host, 'resolution', resolution, 'export_to', json(export_to))
    as evidence
from judged_hosts
order by entry, host
