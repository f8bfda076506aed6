with counted_lines as (
  select
    kind,
    count(*) as file_count,
    sum(record_count) as read_count,
    sum(rejected_count) as unread_count,
    json_group_array(path) as paths
  from (
    select
      kind,
      path,
      record_count,
      rejected_count
    from input
    where (kind like 'access-log:%' or kind = 'traffic-summary')
      and status in ('read', 'partial')
    order by path
  )
  group by kind
  having sum(record_count + rejected_count) > 0
)
select
  'input ' || kind as subject,
  case
    when unread_count * 1000 > :most_unread_per_mille * (read_count + unread_count) then 'fail'
    else 'pass'
  end as status,
  unread_count || ' of ' || (read_count + unread_count) || ' lines of ' || file_count || ' '
    || case file_count when 1 then 'file' else 'files' end || ' of kind "' || kind
    || '" could not be read' as message,
  null as location_id,
  json_object(
    'kind', kind, 'read', read_count, 'unread', unread_count, 'files', json(paths)
  ) as evidence
from counted_lines
order by kind
