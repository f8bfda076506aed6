select
  'ServiceEntry ' || e.namespace || '/' || e.name as subject,
  e.host as discriminator,
  case when o.is_open then 'fail' else 'pass' end as status,
  case
    when o.is_open and e.is_export_written = 1
      then 'external host "' || e.host || '" is exported to every namespace'
    when o.is_open
      then 'external host "' || e.host || '" is visible in every namespace: exportTo is not set'
    else 'external host "' || e.host || '" is visible in ' || e.export_to
  end as message,
  e.location_id,
  json_object(
    'entry', e.namespace || '/' || e.name, 'host', e.host, 'export_to', json(e.export_to),
    'is_export_written', e.is_export_written
  ) as evidence
from external_service e
join (
  select
    external_service_id,
    exists (select 1 from json_each(export_to) x where x.value = '*') as is_open
  from external_service
) o on o.external_service_id = e.external_service_id
where e.mesh_location = 'MESH_EXTERNAL'
order by subject, discriminator
