with since as materialized (
  -- What was seen up to a baseline was accepted with it.
  select
    case :baseline_time
      when '' then add_days(:as_of, -:new_days)
      else :baseline_time
    end as moment
),
calls as materialized (
  select
    coalesce(
      o.source_namespace || '/' || o.source_name, o.source, o.source_host, 'no identity'
    ) as source,
    o.destination_workload_id as workload_id,
    o.port,
    o.day,
    o.request_count,
    o.first_seen,
    o.first_seen >= (select moment from since) as is_new
  from observed_request o
  where o.side = 'server' and o.outcome <> 'denied' and o.destination_workload_id is not null
),
windows as materialized (
  select workload_id, first_seen, last_seen from traffic_window
),
known_days as materialized (
  -- Days of the workload's own log before the new ones, refused requests among them: it was watched.
  select
    destination_workload_id as workload_id,
    count(distinct day) as day_count
  from observed_request
  where side = 'server' and first_seen < (select moment from since)
  group by destination_workload_id
),
edges as materialized (
  select
    source,
    workload_id,
    port,
    min(is_new) as is_new,
    min(first_seen) as first_seen,
    sum(request_count) as request_count
  from calls
  group by source, workload_id, port
)
select
  'edge ' || e.source || ' -> ' || w.namespace || '/' || w.name as subject,
  'port ' || coalesce(e.port, 0) as discriminator,
  case e.is_new when 1 then 'fail' else 'pass' end as status,
  '"' || e.source || '" calls port ' || coalesce(e.port, 0) || ' of "' || w.namespace || '/' || w.name
    || '" since ' || day_of(e.first_seen)
    || case e.is_new
      when 1 then ', and did not in the ' || k.day_count || ' days observed before'
        || case :baseline_time
          when '' then ''
          else ', up to the baseline of ' || day_of(:baseline_time)
        end
        || '; '
        || e.request_count || case e.request_count when 1 then ' request' else ' requests' end
      else ''
    end as message,
  w.location_id,
  json_object(
    'source', e.source, 'workload', w.namespace || '/' || w.name, 'port', e.port,
    'first_seen', e.first_seen, 'requests', e.request_count, 'days_before', k.day_count,
    'window_first_seen', t.first_seen, 'window_last_seen', t.last_seen
  ) as evidence
from edges e
join workload w on w.workload_id = e.workload_id
join known_days k on k.workload_id = e.workload_id and k.day_count >= :min_days
join windows t on t.workload_id = e.workload_id
union all
select
  'workload ' || w.namespace || '/' || w.name as subject,
  'watched' as discriminator,
  'not-assessed' as status,
  'not assessed which calls of "' || w.namespace || '/' || w.name || '" are new: its logs cover '
    || coalesce(k.day_count, 0) || ' of ' || :min_days || ' days before '
    || (select day_of(moment) from since) as message,
  w.location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'days_before', coalesce(k.day_count, 0),
    'window_first_seen', t.first_seen, 'window_last_seen', t.last_seen
  ) as evidence
from windows t
join workload w on w.workload_id = t.workload_id
left join known_days k on k.workload_id = t.workload_id
where coalesce(k.day_count, 0) < :min_days
order by subject, discriminator
