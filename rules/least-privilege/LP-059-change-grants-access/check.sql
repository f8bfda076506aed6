select
  'edge ' || c.source || ' -> ' || c.destination as subject,
  c.kind || ' ' || c.opened as discriminator,
  case
    when c.kind in ('opens', 'changes') then 'fail'
    when c.kind = 'unknown' then 'not-applicable'
    else 'pass'
  end as status,
  case
    when c.kind in ('opens', 'changes')
      then 'opens ' || c.destination || ' for ' || c.source || ': '
        || coalesce((select min(o.value) from json_each(c.opened) o), '')
        || case
          when json_array_length(c.opened) > 1
            then ' and ' || (json_array_length(c.opened) - 1) || ' more'
          else ''
        end || coalesce(', by ' || c.cause, '')
    when c.kind = 'unknown'
      then 'whether access of ' || c.source || ' to ' || c.destination || ' opens cannot be told'
    else 'only closes ' || c.destination || ' for ' || c.source
  end as message,
  c.location_id,
  json_object(
    'sources', json(c.sources), 'destinations', json(c.destinations), 'opened', json(c.opened),
    'closed', json(c.closed), 'before', c.before, 'after', c.after, 'cause', c.cause
  ) as evidence
from access_change c
order by subject, discriminator
