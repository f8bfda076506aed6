with provisions as materialized (
  select
    p.value ->> '$.control' as control_id,
    p.value ->> '$.label' as label,
    p.value ->> '$.title' as title,
    p.value -> '$.roles' as roles,
    p.value ->> '$.route' as route,
    p.value ->> '$.from' as applies_from,
    p.value ->> '$.placed_before' as placed_before
  from json_each(:provisions) p
  where p.value ->> '$.framework' = 'eu-ai-act'
    and p.value ->> '$.from' > day_of(:as_of)
    and p.value ->> '$.from' <= day_of(add_days(:as_of, :days))
),
systems as (
  select
    s.ai_system_id,
    s.trade_name,
    s.location_id,
    s.placed_on_market,
    s.is_provider,
    s.is_deployer,
    case when s.risk_class = 'high' then s.route end as route
  from ai_system s
  where s.is_operating and s.risk_class <> 'out-of-scope'
),
coming as (
  select
    s.ai_system_id,
    p.control_id,
    p.label,
    p.title,
    p.applies_from,
    p.placed_before
  from systems s
  join provisions p on p.route = '' or p.route = s.route
  where (
      json_array_length(p.roles) = 0
      or (s.is_provider and instr(p.roles, '"provider"') > 0)
      or (s.is_deployer and instr(p.roles, '"deployer"') > 0)
    )
    and (p.placed_before is null or s.placed_on_market < p.placed_before)
)
select
  'ai-system ' || s.ai_system_id as subject,
  coalesce(c.control_id, '') as discriminator,
  case when c.control_id is null then 'pass' else 'fail' end as status,
  case
    when c.control_id is null
      then 'no provision starts to apply to system "' || s.ai_system_id || '" within ' || :days
        || ' days'
    else c.label || ' applies from ' || c.applies_from || ' to system "' || s.ai_system_id || '" ('
      || s.trade_name || ')'
      || case
        when c.placed_before is null then ''
        else ', which was placed on the market before ' || c.placed_before
      end
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'provision', c.label, 'title', c.title, 'applies_from',
    c.applies_from
  ) as evidence
from systems s
left join coming c on c.ai_system_id = s.ai_system_id
order by s.ai_system_id, c.applies_from, c.control_id
