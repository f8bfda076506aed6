with bundles as (
  select
    resource_name,
    max(kind = 'default-cas') as has_defaults,
    count(*) as source_count,
    min(case when kind = 'default-cas' then location_id end) as default_location_id,
    min(location_id) as location_id,
    max(target) as target
  from trust_source
  where resource_kind = 'Bundle'
  group by resource_name
)
select
  'trust bundle ' || resource_name as subject,
  case when has_defaults = 1 then 'fail' else 'pass' end as status,
  case
    when has_defaults = 1
      then 'Bundle "' || resource_name || '" trusts every public CA besides its own sources'
    else 'Bundle "' || resource_name || '" trusts its own sources only'
  end as message,
  coalesce(default_location_id, location_id) as location_id,
  json_object('bundle', resource_name, 'sources', source_count, 'target', target) as evidence
from bundles
order by resource_name
