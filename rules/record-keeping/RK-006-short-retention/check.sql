with days_of_six_months as (
  -- The calendar decides: 181 to 184 days.
  select seconds_between(:as_of, add_months(:as_of, -6)) / 86400 as day_count
)
select
  'ai-system ' || s.ai_system_id as subject,
  case
    when s.log_retention_days is null then 'not-applicable'
    when s.log_retention_days >= :longest_six_months then 'pass'
    when s.log_retention_legal_basis is not null then 'pass'
    else 'fail'
  end as status,
  case
    when s.log_retention_days >= d.day_count and s.log_retention_days < :longest_six_months
      then 'medium'
  end as severity,
  case
    when s.log_retention_days is null
      then 'system "' || s.ai_system_id || '" declares no retention of its logs'
    when s.log_retention_days >= :longest_six_months
      then 'system "' || s.ai_system_id || '" keeps its logs for ' || s.log_retention_days || ' days'
    when s.log_retention_legal_basis is not null
      then 'system "' || s.ai_system_id || '" keeps its logs for ' || s.log_retention_days
        || ' days by "' || s.log_retention_legal_basis || '"'
    when s.log_retention_days >= d.day_count
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') keeps its logs for '
        || s.log_retention_days || ' days; that is six months now, but not the year round'
    else 'system "' || s.ai_system_id || '" (' || s.trade_name || ') keeps its logs for '
      || s.log_retention_days || ' days, less than six months'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'retention_days', s.log_retention_days,
    'legal_basis', s.log_retention_legal_basis, 'sink', s.log_sink,
    'is_six_months_now', s.log_retention_days >= d.day_count
  ) as evidence
from ai_system s
cross join days_of_six_months d
where s.status in ('in-service', 'on-market')
order by s.ai_system_id
