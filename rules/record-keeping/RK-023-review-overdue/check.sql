with history as (
  select
    count(*) as run_count,
    min(as_of) as first_as_of,
    max(as_of) as last_as_of,
    max(case when outcome = 'clean' then as_of end) as accepted_as_of
  from run
  where as_of <= :as_of
)
select
  'audit history' as subject,
  case
    when run_count = 0 then 'not-applicable'
    when accepted_as_of >= add_days(:as_of, -:most_days) then 'pass'
    when first_as_of >= add_days(:as_of, -:most_days) then 'not-applicable'
    else 'fail'
  end as status,
  case
    when run_count = 0 then 'this is the first run of the database'
    when accepted_as_of >= add_days(:as_of, -:most_days)
      then 'the run of ' || day_of(accepted_as_of) || ' was assessed whole, with every finding '
        || 'settled or accepted'
    when first_as_of >= add_days(:as_of, -:most_days)
      then 'the history begins on ' || day_of(first_as_of) || ', and no run of it is clean so far'
    when accepted_as_of is not null
      then 'the last run that was clean or accepted is of ' || day_of(accepted_as_of) || ', more than '
        || :most_days || ' days ago'
    else 'no run since ' || day_of(first_as_of) || ' was clean or accepted, out of ' || run_count
  end as message,
  null as location_id,
  json_object(
    'runs', run_count, 'first', first_as_of, 'last', last_as_of, 'accepted', accepted_as_of,
    'most_days', :most_days
  ) as evidence
from history
