with days_of_six_months as (
  -- The calendar decides: 181 to 184 days.
  select seconds_between(:as_of, add_months(:as_of, -6)) / 86400 as day_count
),
judged_systems as (
  select
    s.ai_system_id,
    s.trade_name,
    s.log_retention_days as days,
    s.log_retention_legal_basis as legal_basis,
    s.location_id,
    case
      when s.log_retention_days >= :longest_six_months then 'enough'
      when s.log_retention_legal_basis is not null then 'law'
      when s.log_retention_days is null then 'unknown'
      when s.log_retention_days >= d.day_count then 'barely'
      else 'short'
    end as judgement
  from ai_system s
  cross join days_of_six_months d
  where s.risk_class = 'high'
    and s.status in ('in-service', 'on-market')
    and exists (select 1 from json_each(s.roles) r where r.value = 'provider')
)
select
  'ai-system ' || ai_system_id as subject,
  case when judgement in ('enough', 'law') then 'pass' else 'fail' end as status,
  case when judgement = 'barely' then 'medium' end as severity,
  case judgement
    when 'enough' then 'system "' || ai_system_id || '" keeps its logs for ' || days || ' days'
    when 'law'
      then 'system "' || ai_system_id || '" keeps its logs for '
        || coalesce(days || ' days', 'a time that is not declared') || ' by "' || legal_basis || '"'
    when 'unknown'
      then 'system "' || ai_system_id || '" (' || trade_name
        || ') declares no retention of its logs; the provider keeps them for at least six months'
    when 'barely'
      then 'system "' || ai_system_id || '" (' || trade_name || ') keeps its logs for ' || days
        || ' days; that is six months now, but not the year round'
    else 'system "' || ai_system_id || '" (' || trade_name || ') keeps its logs for ' || days
      || ' days, less than the six months of the provider'
  end as message,
  location_id,
  json_object(
    'ai_system', ai_system_id, 'role', 'provider', 'retention_days', days, 'legal_basis', legal_basis
  ) as evidence
from judged_systems
order by ai_system_id
