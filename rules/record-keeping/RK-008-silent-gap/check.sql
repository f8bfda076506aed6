with recursive latest as (
  select max(hour_number) as hour_number from log_hour
),
spans as materialized (
  select
    c.workload_id,
    c.first_seen,
    c.last_seen,
    c.hour_count,
    min(h.hour_number) as first_number,
    max(h.hour_number) as last_number,
    max(h.hour_number) / 24 - min(h.hour_number) / 24 + 1 as day_count
  from log_coverage c
  join log_hour h on h.workload_id = c.workload_id
  group by c.workload_id
),
silences as materialized (
  select
    g.workload_id,
    g.first_hour_number as first_number,
    g.last_hour_number as last_number,
    g.hour_count,
    'from ' || g.last_line_hour || ' to ' || g.next_line_hour as text
  from log_gap g
  where g.hour_count >= :missed_hours
  union all
  -- From the last line to the last that anybody wrote; the present hour is not over yet.
  select
    s.workload_id,
    s.last_number + 1,
    l.hour_number - 1,
    l.hour_number - 1 - s.last_number,
    'since ' || s.last_seen
  from spans s
  cross join latest l
  where l.hour_number - 1 - s.last_number >= :missed_hours
),
profiles as materialized (
  -- On how many days there was a line in an hour of the day.
  select workload_id, hour, count(*) as day_count
  from log_hour
  group by workload_id, hour
),
densities as materialized (
  select
    s.workload_id,
    s.hour_count * 1.0 / (
      s.last_number - s.first_number + 1 - coalesce(
        (
          select sum(g.hour_count)
          from log_gap g
          where g.workload_id = s.workload_id and g.hour_count >= :missed_hours
        ), 0
      )
    ) as density
  from spans s
),
silent_hours(workload_id, first_number, hour_number, last_number, silent_days) as (
  -- More than two weeks of a gap add nothing to what is missed.
  select
    workload_id, first_number, first_number, min(last_number, first_number + 335),
    (hour_count + 23) / 24
  from silences
  union all
  select workload_id, first_number, hour_number + 1, last_number, silent_days
  from silent_hours
  where hour_number < last_number
),
missed as materialized (
  -- What the hours of a gap would have had: by the same hours of other days, where there are two of
  -- them, or by all that was logged.
  select
    h.workload_id,
    h.first_number,
    sum(
      case
        when s.day_count - h.silent_days >= 2
          then min(1.0, coalesce(p.day_count, 0) * 1.0 / (s.day_count - h.silent_days))
        else d.density
      end
    ) as hour_count
  from silent_hours h
  join spans s on s.workload_id = h.workload_id
  join densities d on d.workload_id = h.workload_id
  left join profiles p on p.workload_id = h.workload_id and p.hour = h.hour_number % 24
  group by h.workload_id, h.first_number
),
witnessed as materialized (
  -- A silence in which nobody was heard is no silence of one workload.
  select
    s.workload_id,
    s.hour_count,
    s.text,
    s.first_number,
    m.hour_count as missed_count,
    (
      select count(distinct h.workload_id)
      from log_hour h
      where h.workload_id <> s.workload_id
        and h.hour_number between s.first_number and s.last_number
    ) as witness_count
  from silences s
  join missed m on m.workload_id = s.workload_id and m.first_number = s.first_number
  where m.hour_count >= :missed_hours
),
judged as (
  select
    s.workload_id,
    s.hour_count,
    s.first_seen,
    s.last_seen,
    count(x.workload_id) as gap_count,
    coalesce(sum(x.hour_count), 0) as silent_count,
    max(x.witness_count) as witness_count,
    (
      select y.text
      from witnessed y
      where y.workload_id = s.workload_id and y.witness_count > 0
      order by y.hour_count desc, y.first_number
      limit 1
    ) as longest
  from spans s
  left join witnessed x on x.workload_id = s.workload_id and x.witness_count > 0
  group by s.workload_id
)
select
  'workload ' || w.namespace || '/' || w.name as subject,
  case when j.gap_count > 0 then 'fail' else 'pass' end as status,
  case
    when j.gap_count > 0
      then 'the log of workload "' || w.namespace || '/' || w.name || '" is silent for '
        || j.silent_count || ' hours at which it otherwise logs, while ' || j.witness_count
        || case j.witness_count when 1 then ' other workload' else ' other workloads' end
        || ' logged: ' || j.longest
        || case when j.gap_count > 1 then ' and ' || (j.gap_count - 1) || ' more gaps' else '' end
    else 'the log of workload "' || w.namespace || '/' || w.name
      || '" has no gap at hours at which it otherwise logs'
  end as message,
  w.location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'gaps', j.gap_count,
    'silent_hours', j.silent_count, 'hours_with_lines', j.hour_count, 'longest', j.longest,
    'first_seen', j.first_seen, 'last_seen', j.last_seen
  ) as evidence
from judged j
join workload w on w.workload_id = j.workload_id
order by w.namespace, w.name
