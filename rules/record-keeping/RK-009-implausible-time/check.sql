with dated_inputs as (
  select
    i.kind,
    i.path,
    i.first_time,
    i.last_time,
    seconds_between(i.last_time, :as_of) > :tolerated_seconds as is_late,
    day_of(i.first_time) < :earliest_day as is_early
  from input i
  where i.first_time is not null
    and (
      i.kind like 'access-log:%' or i.kind like 'decision-log:%' or i.kind like 'metrics:%'
      or i.kind like 'traces:%'
    )
)
select
  'input ' || kind as subject,
  case when max(is_late or is_early) then 'fail' else 'pass' end as status,
  case
    when max(is_late)
      then '"' || min(case when is_late then path end) || '" has a record of '
        || max(last_time) || ', later than the audit of ' || :as_of
    when max(is_early)
      then '"' || min(case when is_early then path end) || '" has a record of '
        || min(first_time) || ', before ' || :earliest_day
    else 'the records of kind "' || kind || '" are from ' || min(first_time) || ' to '
      || max(last_time)
  end as message,
  null as location_id,
  json_object(
    'kind', kind, 'first_time', min(first_time), 'last_time', max(last_time), 'as_of', :as_of,
    'files', json_group_array(path) filter (where is_late or is_early)
  ) as evidence
from dated_inputs
group by kind
order by kind
