with known_refusals as (
  select
    destination_workload_id as workload_id,
    day,
    'counters' as witness,
    sum(request_count) as refusal_count
  from observed_request
  where side = 'server' and evidence = 'counter' and outcome = 'denied'
    and destination_workload_id is not null
  group by destination_workload_id, day
  union all
  select
    destination_workload_id,
    day,
    'decision log',
    sum(decision_count)
  from policy_decision
  where outcome = 'deny' and destination_workload_id is not null
  group by destination_workload_id, day
),
logged_refusals as (
  -- A log of Linkerd does not say that it was the proxy that refused: any 4xx may be one.
  select
    destination_workload_id as workload_id,
    day,
    sum(request_count) as refusal_count
  from observed_request
  where side = 'server' and evidence = 'log'
    and (outcome = 'denied' or (format like 'linkerd%' and response_class = '4xx'))
  group by destination_workload_id, day
),
refusal_days as (
  select
    k.workload_id,
    k.day,
    max(k.refusal_count) as known_count,
    group_concat(distinct k.witness) as witnesses,
    coalesce(max(l.refusal_count), 0) as logged_count
  from known_refusals k
  -- A counter that was read after midnight shows refusals of the day before.
  left join logged_refusals l on l.workload_id = k.workload_id
    and l.day in (k.day, day_of(add_days(k.day, -1)))
  group by k.workload_id, k.day
)
select
  'workload ' || w.namespace || '/' || w.name as subject,
  case when sum(r.logged_count = 0) > 0 then 'fail' else 'pass' end as status,
  case
    when sum(r.logged_count = 0) > 0
      then 'workload "' || w.namespace || '/' || w.name || '" refused '
        || sum(case when r.logged_count = 0 then r.known_count else 0 end) || ' calls by its '
        || min(case when r.logged_count = 0 then r.witnesses end) || ' on '
        || min(case when r.logged_count = 0 then r.day end)
        || case
          when sum(r.logged_count = 0) > 1
            then ' and ' || (sum(r.logged_count = 0) - 1) || ' more days'
          else ''
        end || ', and its access log has no refusal of that day'
    else 'the access log of workload "' || w.namespace || '/' || w.name
      || '" has refusals of each day on which it refused'
  end as message,
  w.location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'refused', sum(r.known_count),
    'logged', sum(r.logged_count), 'days', count(*), 'days_without', sum(r.logged_count = 0)
  ) as evidence
from refusal_days r
join workload w on w.workload_id = r.workload_id
group by w.workload_id
order by w.namespace, w.name
