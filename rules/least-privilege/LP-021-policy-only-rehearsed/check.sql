with rehearsals as (
  select
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.action,
    p.is_dry_run = 1 or p.action = 'audit' as is_rehearsed,
    case when p.is_dry_run = 1 then 'is a dry run' else 'only watches (action AUDIT)' end as manner,
    r.created_at,
    case
      when r.created_at is not null then seconds_between(:as_of, r.created_at) / 86400
    end as days,
    p.location_id
  from policy p
  left join resource r on r.resource_id = p.resource_id
  where p.layer in ('istio', 'linkerd')
)
select
  policy as subject,
  case
    when not is_rehearsed then 'pass'
    when days is not null and days <= :max_days then 'pass'
    else 'fail'
  end as status,
  case
    when not is_rehearsed then policy || ' is enforced'
    when days is null
      then policy || ' ' || manner || ' and refuses nothing; since when, the inputs do not say'
    when days <= :max_days
      then policy || ' ' || manner || ' since ' || day_of(created_at) || ', within ' || :max_days
        || ' days'
    else policy || ' ' || manner || ' and refuses nothing since ' || day_of(created_at)
  end as message,
  location_id,
  json_object(
    'policy', policy, 'action', action, 'is_rehearsed', is_rehearsed, 'created_at', created_at,
    'days', days, 'max_days', :max_days
  ) as evidence
from rehearsals
order by policy
