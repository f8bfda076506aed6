select
  'ai-system ' || s.ai_system_id as subject,
  case
    when s.log_controller is null then 'fail'
    when s.log_controller <> 'third-party' then 'pass'
    when d.declaration = 'given' then 'pass'
    when d.declaration = 'reasoned' then 'not-applicable'
    else 'fail'
  end as status,
  case
    when s.log_controller is null
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') does not say who controls its logs'
    when s.log_controller <> 'third-party'
      then 'the logs of system "' || s.ai_system_id || '" are under the control of the '
        || s.log_controller
    when d.declaration = 'given'
      then 'a third party keeps the logs of system "' || s.ai_system_id || '" under "' || d.uri || '"'
    when d.declaration = 'reasoned'
      then 'a third party keeps the logs of system "' || s.ai_system_id
        || '" without a contract, with the reason "' || d.reason || '"'
    else 'a third party keeps the logs of system "' || s.ai_system_id || '" (' || s.trade_name
      || '), and the register refers to no contract'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'controller', s.log_controller, 'agreement', d.uri,
    'reason', d.reason
  ) as evidence
from ai_system s
join declared_document d on d.ai_system_id = s.ai_system_id and d.name = 'logAgreement'
where s.risk_class = 'high' and s.is_operating and (s.is_provider or s.is_deployer)
order by s.ai_system_id
