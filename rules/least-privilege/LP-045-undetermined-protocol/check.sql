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
served_ports as (
  select
    p.policy_rule_id,
    p.workload,
    p.port,
    p.protocol,
    p.is_named
      or exists (
        select 1
        from service s
        join service_port sp on sp.service_id = s.service_id
        join workload w on w.workload_id = p.workload_id and w.namespace = s.namespace
        where s.selector <> '{}'
          and (
            coalesce(sp.target_port, cast(sp.port as text)) = cast(p.port as text)
            or sp.target_port = p.port_name
          )
          and not exists (
            select 1 from json_each(s.selector) k where (w.labels ->> k.key) is not k.value
          )
      ) as is_served
  from rule_port p
),
judged_rules as (
  select
    h.policy,
    h.action,
    h.rule_index,
    h.field,
    h.location_id,
    count(p.port) as port_count,
    coalesce(sum(p.protocol is null), 0) as open_count,
    json_group_array(p.workload || ' port ' || p.port) filter (where p.protocol is null) as open_ports
  from http_rules h
  left join served_ports p on p.policy_rule_id = h.policy_rule_id and p.is_served
  group by h.policy_rule_id
)
select
  policy as subject,
  'rule ' || rule_index as discriminator,
  case
    when port_count = 0 then 'not-applicable'
    when open_count > 0 then 'fail'
    else 'pass'
  end as status,
  case
    when port_count = 0
      then 'rule ' || rule_index || ' of ' || policy || ' meets no port that a Service forwards to'
    when open_count > 0
      then 'rule ' || rule_index || ' of ' || policy || ' asks for ' || field
        || ' on ports of undeclared protocol: ' || open_ports
    else 'rule ' || rule_index || ' of ' || policy || ' stands on ports of declared protocol'
  end as message,
  location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'action', action, 'field', field, 'ports', port_count,
    'undeclared_ports', json(open_ports)
  ) as evidence
from judged_rules
order by policy, rule_index
