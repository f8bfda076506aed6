with bound_systems as (
  select
    s.ai_system_id,
    s.trade_name,
    s.registration_id,
    s.registration_url,
    s.point,
    s.location_id,
    s.point = '2' or s.point like '2(%' as is_national,
    case
      when s.risk_class = 'high' and s.is_provider then 'Article 49(1)'
      when s.derogation is not null and s.is_provider then 'Article 49(2)'
      when s.risk_class = 'high' and s.is_deployer and o.is_public_authority = 1
        then 'Article 49(3)'
    end as provision
  from ai_system s
  cross join organisation o
  where s.route = 'annex-iii' and s.is_operating
)
select
  'ai-system ' || ai_system_id as subject,
  case when coalesce(registration_id, registration_url) is null then 'fail' else 'pass' end as status,
  case
    when coalesce(registration_id, registration_url) is not null
      then 'system "' || ai_system_id || '" is registered as "'
        || coalesce(registration_id, registration_url) || '"'
    else 'system "' || ai_system_id || '" (' || trade_name || ') carries no registration; '
      || provision || ' has it registered'
      || case when is_national then ', at national level for Annex III, point 2' else '' end
  end as message,
  location_id,
  json_object(
    'ai_system', ai_system_id, 'provision', provision, 'point', point,
    'registration_id', registration_id, 'registration_url', registration_url
  ) as evidence
from bound_systems
where provision is not null
order by ai_system_id
