select
  -- The file's name: folders differ from machine to machine.
  'log ' || replace(path, rtrim(path, replace(path, '/', '')), '') as subject,
  case
    when continuity = 'changed' then 'fail'
    -- Another file that ends earlier may be a copy from before.
    when continuity = 'shortened' and path <> earlier_path then 'not-applicable'
    when continuity = 'shortened' then 'fail'
    else 'pass'
  end as status,
  case continuity
    when 'changed'
      then 'log "' || path || '" starts like "' || earlier_path || '", of which '
        || earlier_byte_count || ' bytes were counted on ' || day_of(earlier_counted_at)
        || ', and differs within them'
    when 'shortened'
      then 'log "' || path || '" starts like "' || earlier_path || '", of which '
        || earlier_byte_count || ' bytes were counted on ' || day_of(earlier_counted_at)
        || ', and ends before'
    when 'grown'
      then 'log "' || path || '" starts with all that was counted of it on '
        || day_of(earlier_counted_at)
    else 'log "' || path || '" is what was counted on ' || day_of(earlier_counted_at)
  end as message,
  null as location_id,
  json_object(
    'path', path, 'continuity', continuity, 'earlier_path', earlier_path,
    'earlier_byte_count', earlier_byte_count, 'counted_at', earlier_counted_at, 'blake3', blake3
  ) as evidence
from input
where continuity is not null
order by path
