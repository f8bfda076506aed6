with providers as materialized (
  select ai_system_id, trade_name, location_id
  from ai_system
  where risk_class = 'high' and is_operating and is_provider
),
hosts as (
  select i.ai_system_id, i.external as host, i.supplier
  from interaction i
  where i.external is not null and i.direction = 'out'
  union
  select p.ai_system_id, p.peer, null
  from ai_system_peer p
  where p.is_external and p.interaction_id is null
    and p.last_seen >= add_days(:as_of, -:window_days)
),
parties as (
  select u.ai_system_id, 'supplier ' || u.supplier_id as party, u.supplier_id as supplier,
    u.agreement_uri, u.agreement_reason
  from ai_system_supplier u
  union all
  select h.ai_system_id, 'host ' || h.host, u.supplier_id, u.agreement_uri, u.agreement_reason
  from hosts h
  left join ai_system_supplier u
    on u.ai_system_id = h.ai_system_id and u.supplier_id = h.supplier
)
select
  'ai-system ' || s.ai_system_id as subject,
  p.party as discriminator,
  case
    when p.agreement_uri is not null then 'pass'
    when p.agreement_reason is not null then 'not-applicable'
    else 'fail'
  end as status,
  case
    when p.agreement_uri is not null
      then p.party || ' of system "' || s.ai_system_id || '" is covered by the agreement "' || p.agreement_uri || '"'
    when p.agreement_reason is not null
      then p.party || ' of system "' || s.ai_system_id || '" has no agreement, with the reason "'
        || p.agreement_reason || '"'
    when p.supplier is null
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') calls ' || p.party
        || ', and the register names no supplier of it'
    else p.party || ' of system "' || s.ai_system_id || '" (' || s.trade_name
      || ') has no reference of a written agreement'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'party', p.party, 'supplier', p.supplier, 'agreement',
    p.agreement_uri, 'reason', p.agreement_reason
  ) as evidence
from providers s
join parties p on p.ai_system_id = s.ai_system_id
order by s.ai_system_id, p.party
