with given as (
  -- How far back the logs reach that were given of any workload: beyond it nothing can be said.
  select min(first_seen) as first_seen from log_coverage
),
logged as (
  select
    m.ai_system_id,
    min(c.first_seen) as first_seen,
    max(c.last_seen) as last_seen
  from ai_system_workload m
  join log_coverage c on c.workload_id = m.workload_id
  group by m.ai_system_id
),
born as (
  -- A system is at least as old as the oldest of its workloads.
  select
    m.ai_system_id,
    min(r.created_at) as created_at
  from ai_system_workload m
  join workload w on w.workload_id = m.workload_id
  join resource r on r.kind = w.kind and r.namespace = w.namespace and r.name = w.name
  where r.created_at is not null
  group by m.ai_system_id
),
aged as (
  select
    s.ai_system_id,
    s.trade_name,
    s.log_retention_days,
    s.location_id,
    l.first_seen,
    l.last_seen,
    g.first_seen as given_since,
    min(
      coalesce(b.created_at, '9999'),
      coalesce(json_extract(s.entry, '$.placedOnMarket') || 'T00:00:00Z', '9999')
    ) as exists_since
  from ai_system s
  cross join given g
  left join logged l on l.ai_system_id = s.ai_system_id
  left join born b on b.ai_system_id = s.ai_system_id
  where s.status in ('in-service', 'on-market') and s.log_retention_days is not null
),
wanted as (
  select
    a.ai_system_id,
    a.trade_name,
    a.log_retention_days,
    a.location_id,
    a.first_seen,
    a.last_seen,
    a.given_since,
    a.exists_since,
    add_days(max(a.exists_since, add_days(:as_of, -a.log_retention_days)), :slack_days) as latest
  from aged a
),
judged as (
  select
    w.ai_system_id,
    w.trade_name,
    w.log_retention_days,
    w.location_id,
    w.first_seen,
    w.last_seen,
    w.given_since,
    w.exists_since,
    case
      when w.first_seen is null then 'no-logs'
      when w.exists_since = '9999' then 'age-unknown'
      when w.first_seen <= w.latest then 'whole'
      when w.given_since <= w.latest then 'short'
      else 'not-given'
    end as judgement
  from wanted w
)
select
  'ai-system ' || ai_system_id as subject,
  case judgement
    when 'whole' then 'pass'
    when 'short' then 'fail'
    else 'not-applicable'
  end as status,
  case judgement
    when 'whole'
      then 'logs of system "' || ai_system_id || '" reach back to ' || day_of(first_seen)
        || ', as its retention of ' || log_retention_days || ' days asks'
    when 'short'
      then 'logs of system "' || ai_system_id || '" (' || trade_name || ') reach back to '
        || day_of(first_seen) || ', those of others to ' || day_of(given_since)
        || '; its retention is ' || log_retention_days || ' days'
    when 'no-logs' then 'no log of a workload of system "' || ai_system_id || '" was given'
    when 'age-unknown'
      then 'since when system "' || ai_system_id || '" exists is not known: neither placedOnMarket '
        || 'nor the creation of a workload was given'
    else 'what was given of any workload reaches back to ' || day_of(given_since)
      || ' only; whether system "' || ai_system_id || '" keeps its logs for ' || log_retention_days
      || ' days does not show'
  end as message,
  location_id,
  json_object(
    'ai_system', ai_system_id, 'retention_days', log_retention_days, 'first_seen', first_seen,
    'last_seen', last_seen, 'given_since', given_since,
    'exists_since', nullif(exists_since, '9999')
  ) as evidence
from judged
order by ai_system_id
