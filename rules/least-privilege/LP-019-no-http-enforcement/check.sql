with http_terms as (
  select policy_rule_id from policy_operation where kind in ('host', 'method', 'path')
  union
  select policy_rule_id from policy_source where kind in ('remote-ip-block', 'request-principal')
  union
  select policy_rule_id from policy_condition where kind like 'request.%'
),
request_policies as materialized (
  select
    p.policy_id,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.namespace,
    p.action,
    p.scope,
    p.workload_count,
    p.resource_id,
    p.location_id
  from policy p
  where p.layer = 'istio'
    and p.is_dry_run = 0
    and (
      p.action in ('custom', 'audit')
      or p.scope = 'target'
      or exists (
        select 1
        from policy_rule r
        join http_terms t on t.policy_rule_id = r.policy_rule_id
        where r.policy_id = p.policy_id
      )
    )
),
left_to_ztunnel as (
  select
    policy_id,
    min(location_id) as location_id,
    min(explanation) as explanation,
    max(ambient_workloads) as workloads
  from policy_divergence
  where ambient_workload_count > 0
    and difference in (
      'http-deny-without-effect', 'http-deny-widened', 'http-allow-dropped', 'action-unsupported')
  group by policy_id
),
targets as (
  select p.policy_id, p.namespace, t.value ->> 'kind' as kind, t.value ->> 'name' as name
  from request_policies p
  join resource r on r.resource_id = p.resource_id
  join json_each(
    case
      when json_type(r.spec, '$.targetRefs') = 'array' then json_extract(r.spec, '$.targetRefs')
      when json_type(r.spec, '$.targetRef') = 'object'
        then json_array(json_extract(r.spec, '$.targetRef'))
      else '[]'
    end) t
  where p.scope = 'target'
),
without_waypoint as (
  select t.policy_id, json_group_array(distinct w.namespace || '/' || w.name) as workloads
  from targets t
  join request_policies p on p.policy_id = t.policy_id
  join service s on s.namespace = t.namespace and s.name = t.name
  join workload w on w.namespace = s.namespace and w.dataplane = 'ambient'
  where t.kind = 'Service'
    and p.workload_count = 0
    and s.selector <> '{}'
    and not exists (
      select 1 from json_each(s.selector) k
      where (w.labels ->> k.key) is not k.value
    )
  group by t.policy_id
)
select
  p.policy as subject,
  case
    when z.policy_id is not null or n.policy_id is not null then 'fail'
    when p.workload_count = 0 then 'not-applicable'
    else 'pass'
  end as status,
  case
    when z.policy_id is not null
      then p.policy || ' is left to ztunnel, which reads no requests, for ' || z.workloads || ': '
        || z.explanation
    when n.policy_id is not null
      then p.policy || ' targets a Service without waypoint: nothing enforces it for ' || n.workloads
    when p.workload_count = 0 then p.policy || ' attaches to no workload of the inputs'
    else p.policy || ' is enforced by proxies that read requests'
  end as message,
  coalesce(z.location_id, p.location_id) as location_id,
  json_object(
    'policy', p.policy, 'action', p.action, 'scope', p.scope, 'workloads', p.workload_count,
    'without_enforcement', json(coalesce(z.workloads, n.workloads, '[]'))
  ) as evidence
from request_policies p
left join left_to_ztunnel z on z.policy_id = p.policy_id
left join without_waypoint n on n.policy_id = p.policy_id
order by p.policy
