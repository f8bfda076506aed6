with http_rules as materialized (
  select
    h.policy_rule_id,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.action,
    r.rule_index,
    h.field,
    h.location_id
  from http_rule h
  join policy_rule r on r.policy_rule_id = h.policy_rule_id
  join policy p on p.policy_id = r.policy_id
),
judged_rules as (
  select
    h.policy,
    h.action,
    h.rule_index,
    h.field,
    h.location_id,
    count(p.port) as port_count,
    coalesce(sum(p.protocol in ('tcp', 'tls')), 0) as tcp_count,
    json_group_array(p.workload || ' port ' || p.port) filter (where p.protocol in ('tcp', 'tls')) as tcp_ports
  from http_rules h
  left join rule_port p on p.policy_rule_id = h.policy_rule_id
  group by h.policy_rule_id
)
select
  policy as subject,
  'rule ' || rule_index as discriminator,
  case
    when port_count = 0 then 'not-applicable'
    when action = 'deny' and tcp_count > 0 then 'fail'
    when action = 'allow' and tcp_count = port_count then 'fail'
    else 'pass'
  end as status,
  case
    when port_count = 0
      then 'rule ' || rule_index || ' of ' || policy || ' meets no port of the inputs'
    when action = 'deny' and tcp_count > 0
      then 'rule ' || rule_index || ' of ' || policy || ' asks for ' || field
        || ' on TCP ports, where it denies every connection: ' || tcp_ports
    when action = 'allow' and tcp_count = port_count
      then 'rule ' || rule_index || ' of ' || policy || ' asks for ' || field
        || ' on TCP ports only, where it allows nothing: ' || tcp_ports
    else 'rule ' || rule_index || ' of ' || policy || ' stands on ports that speak HTTP'
  end as message,
  location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'action', action, 'field', field, 'ports', port_count,
    'tcp_ports', json(tcp_ports)
  ) as evidence
from judged_rules
order by policy, rule_index
