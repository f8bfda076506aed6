with http_terms as (
  select policy_rule_id, kind, value, location_id
  from policy_operation
  where kind in ('host', 'method', 'path')
  union all
  select policy_rule_id, kind, value, location_id
  from policy_source
  where kind = 'request-principal'
  union all
  select policy_rule_id, kind, value, location_id
  from policy_condition
  where kind like 'request.%'
),
http_rules as materialized (
  select
    r.policy_rule_id,
    p.policy_id,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.action,
    r.rule_index,
    min(t.kind) as field,
    min(t.location_id) as location_id
  from policy p
  join policy_rule r on r.policy_id = p.policy_id
  join http_terms t on t.policy_rule_id = r.policy_rule_id
  where p.layer = 'istio'
    and p.is_dry_run = 0
    and p.action in ('allow', 'deny')
  group by r.policy_rule_id
),
named_ports as materialized (
  select policy_rule_id, value as port
  from policy_operation
  where kind = 'port' and is_negated = 0
  union
  select policy_rule_id, value as port
  from policy_condition
  where kind = 'destination.port' and is_negated = 0
),
rule_ports as (
  select
    h.policy_rule_id,
    w.namespace || '/' || w.name as workload,
    w.workload_id,
    p.port,
    p.name as port_name,
    p.protocol,
    exists (select 1 from named_ports n where n.policy_rule_id = h.policy_rule_id) as is_named
  from http_rules h
  join policy_workload x on x.policy_id = h.policy_id
  join workload w on w.workload_id = x.workload_id
  join workload_port p on p.workload_id = w.workload_id
  where w.dataplane in ('sidecar', 'gateway')
    and (
      not exists (select 1 from named_ports n where n.policy_rule_id = h.policy_rule_id)
      or exists (
        select 1 from named_ports n
        where n.policy_rule_id = h.policy_rule_id and n.port = cast(p.port as text)
      )
    )
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
  left join rule_ports p on p.policy_rule_id = h.policy_rule_id
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
