with signs as (
  select
    v.value ->> '$.ai_system' as ai_system_id,
    f.value ->> '$.subject' as subject,
    f.value ->> '$.message' as message,
    -- The earlier of what the logs show and when a run first found it.
    min(
      coalesce(f.value ->> '$.evidence.first_seen', :as_of),
      coalesce(
        (
          select min(l.first_seen)
          from finding_life l
          where l.rule_id = f.value ->> '$.rule'
            and l.subject = f.value ->> '$.subject'
            and l.resolved_at is null
        ),
        :as_of
      )
    ) as since
  from json_each(:verdicts) v
  join json_each(v.value, '$.failing') f
),
oldest as (
  select
    ai_system_id,
    min(since) as since,
    count(*) as sign_count,
    sum(since < add_days(:as_of, -:max_days)) as late_count
  from signs
  group by ai_system_id
)
select
  'ai-system ' || s.ai_system_id as subject,
  case
    when o.late_count > 0 then 'fail'
    when o.sign_count > 0 then 'pass'
    else v.value ->> '$.status'
  end as status,
  case
    when o.late_count > 0
      then 'high-risk system "' || s.ai_system_id || '" (' || s.trade_name || ') shows signs of a risk since '
        || day_of(o.since) || ', more than ' || :max_days || ' days: '
        || (
          select g.message from signs g
          where g.ai_system_id = s.ai_system_id
          order by g.since, g.subject
          limit 1
        )
    when o.sign_count > 0
      then 'system "' || s.ai_system_id || '" shows signs of a risk since ' || day_of(o.since)
        || ', no longer than ' || :max_days || ' days'
    when v.value ->> '$.status' = 'pass' then 'system "' || s.ai_system_id || '" shows no signs of a risk'
    else v.value ->> '$.message'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'since', o.since, 'signs', coalesce(o.sign_count, 0), 'late',
    coalesce(o.late_count, 0), 'max_days', :max_days
  ) as evidence
from json_each(:verdicts) v
join ai_system s on s.ai_system_id = v.value ->> '$.ai_system'
left join oldest o on o.ai_system_id = s.ai_system_id
where s.risk_class = 'high' and s.is_operating
order by s.ai_system_id
