with dated_incidents as (
  select
    i.ai_system_id,
    i.incident_id,
    i.kind,
    i.is_death,
    i.aware_at,
    i.evidence_hold,
    i.report_reference,
    case
      when i.kind = '3-49-b' then :days_critical_infrastructure
      when i.is_death = 1 then :days_death
      else :days
    end as term_days
  from ai_system_incident i
),
judged_incidents as (
  select
    i.*,
    add_days(i.aware_at, i.term_days) as due_at,
    i.report_reference is null and seconds_between(:as_of, add_days(i.aware_at, i.term_days)) > 0
      as is_late
  from dated_incidents i
)
select
  'ai-system ' || s.ai_system_id as subject,
  'incident ' || coalesce(i.incident_id, '') as discriminator,
  case
    when i.evidence_hold is null then 'fail'
    when i.report_reference is not null then 'pass'
    when i.due_at is null then 'not-assessed'
    when i.is_late then 'fail'
    else 'pass'
  end as status,
  'incident "' || coalesce(i.incident_id, '') || '" of system "' || s.ai_system_id || '" ('
    || s.trade_name || ')'
    || case
      when i.evidence_hold is null and i.is_late
        then ' has no evidence hold, and no report is recorded ' || i.term_days
          || ' days after the organisation became aware of it'
      when i.evidence_hold is null then ' has no evidence hold'
      when i.report_reference is not null then ' is reported under "' || i.report_reference || '"'
      when i.due_at is null
        then ' is not assessed: the register does not say when the organisation became aware of it'
      when i.is_late
        then ' has no report, ' || i.term_days || ' days after the organisation became aware of it at '
          || i.aware_at
      else ' is to be reported by ' || i.due_at
    end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'incident', i.incident_id, 'kind', i.kind, 'death', i.is_death,
    'aware_at', i.aware_at, 'due_at', i.due_at, 'evidence_hold', i.evidence_hold,
    'report', i.report_reference
  ) as evidence
from judged_incidents i
join ai_system s on s.ai_system_id = i.ai_system_id
where s.risk_class = 'high' and (s.is_provider or s.is_deployer)
order by s.ai_system_id, i.incident_id
