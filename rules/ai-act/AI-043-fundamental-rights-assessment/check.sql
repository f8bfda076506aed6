with due_systems as materialized (
  select
    s.ai_system_id,
    s.trade_name,
    s.location_id,
    d.declaration,
    d.uri,
    d.reason,
    s.entry ->> '$.docs.fria.maxRequestsPerDay' as declared_requests,
    s.entry ->> '$.docs.fria.period' as period,
    case when o.is_public_authority = 1 then 'a public authority' else 'point ' || s.point end as ground
  from ai_system s
  cross join organisation o
  join declared_document d on d.ai_system_id = s.ai_system_id and d.name = 'fria'
  where s.risk_class = 'high'
    and s.route = 'annex-iii'
    and s.is_operating
    and s.is_deployer
    -- Article 27(1) leaves point 2 of Annex III out.
    and not (s.point = '2' or s.point like '2(%')
    and (o.is_public_authority = 1 or s.point like '5(b)%' or s.point like '5(c)%')
),
declared_use as materialized (
  -- A period of two days of the week, as in Mon-Fri, 0 for Monday; any other text is not compared.
  select
    ai_system_id,
    declared_requests,
    period,
    case
      when period like '___-___'
        and instr('MonTueWedThuFriSatSun', substr(period, 1, 3)) % 3 = 1
        and instr('MonTueWedThuFriSatSun', substr(period, 5, 3)) % 3 = 1
        then instr('MonTueWedThuFriSatSun', substr(period, 1, 3)) / 3
    end as first_day,
    instr('MonTueWedThuFriSatSun', substr(period, 5, 3)) / 3 as last_day
  from due_systems
  where declaration = 'given' and (declared_requests is not null or period is not null)
),
daily_use as (
  select
    m.ai_system_id,
    o.day,
    -- 1970-01-01 was a Thursday.
    (seconds_between(o.day, '1970-01-01') / 86400 + 3) % 7 as weekday,
    sum(o.request_count) as request_count
  from observed_request o
  join ai_system_workload m on m.workload_id = o.destination_workload_id
  where o.side = 'server'
    and o.is_repeated = 0
    and o.outcome <> 'denied'
    and o.last_seen >= add_days(:as_of, -:window_days)
    -- Between the system's own workloads is no use of the system.
    and not exists (
      select 1
      from ai_system_workload p
      where p.ai_system_id = m.ai_system_id and p.workload_id = o.source_workload_id
    )
  group by m.ai_system_id, o.day
),
judged_use as (
  select
    u.ai_system_id,
    u.declared_requests,
    u.period,
    count(d.day) as day_count,
    max(d.request_count) as most_requests,
    sum(d.request_count > u.declared_requests) as busy_day_count,
    sum(
      u.first_day is not null
        and case
          when u.first_day <= u.last_day then d.weekday not between u.first_day and u.last_day
          else d.weekday < u.first_day and d.weekday > u.last_day
        end
    ) as other_day_count
  from declared_use u
  left join daily_use d on d.ai_system_id = u.ai_system_id
  group by u.ai_system_id
)
select
  'ai-system ' || s.ai_system_id as subject,
  '' as discriminator,
  case s.declaration when 'given' then 'pass' when 'reasoned' then 'not-applicable' else 'fail' end
    as status,
  case s.declaration
    when 'given'
      then 'system "' || s.ai_system_id || '" refers to its fundamental rights impact assessment at "'
        || s.uri || '"'
    when 'reasoned'
      then 'system "' || s.ai_system_id
        || '" has no fundamental rights impact assessment, with the reason "' || s.reason || '"'
    else 'system "' || s.ai_system_id || '" (' || s.trade_name
      || ') refers to no fundamental rights impact assessment; it is due for ' || s.ground
  end as message,
  s.location_id,
  json_object('ai_system', s.ai_system_id, 'ground', s.ground, 'uri', s.uri, 'reason', s.reason)
    as evidence
from due_systems s
union all
select
  'ai-system ' || s.ai_system_id as subject,
  'use' as discriminator,
  case
    when u.day_count = 0 then 'not-assessed'
    when u.busy_day_count > 0 or u.other_day_count > 0 then 'fail'
    else 'pass'
  end as status,
  case
    when u.day_count = 0
      then 'not assessed how often system "' || s.ai_system_id || '" is used: no request to it was observed'
    when u.busy_day_count > 0
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') got up to ' || u.most_requests
        || ' requests a day; its assessment describes ' || u.declared_requests
    when u.other_day_count > 0
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') was used on ' || u.other_day_count
        || case u.other_day_count when 1 then ' day' else ' days' end || ' outside "' || u.period
        || '", the period of its assessment'
    else 'system "' || s.ai_system_id || '" was used as its assessment describes it, on '
      || u.day_count || ' observed days with up to ' || u.most_requests || ' requests'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'days', u.day_count, 'most_requests', u.most_requests,
    'declared_requests', u.declared_requests, 'period', u.period, 'days_over', u.busy_day_count,
    'days_outside', u.other_day_count
  ) as evidence
from judged_use u
join due_systems s on s.ai_system_id = u.ai_system_id
order by 1, 2
