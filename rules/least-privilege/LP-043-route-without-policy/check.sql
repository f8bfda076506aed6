with server_routes as (
  select
    r.kind || ' ' || r.namespace || '/' || r.name as route,
    r.kind,
    r.api_group,
    r.namespace,
    r.name,
    r.location_id,
    json_extract(p.value, '$.name') as server
  from resource r
  join json_each(r.spec, '$.parentRefs') p
  where r.kind in ('HTTPRoute', 'GRPCRoute')
    and json_extract(p.value, '$.kind') = 'Server'
    and json_extract(p.value, '$.group') = 'policy.linkerd.io'
),
policies as (
  -- Group, kind and name are compared without regard to case (linkerd2, policy-controller
  -- k8s/index/src/inbound/authorization_policy.rs).
  select
    r.namespace,
    lower(coalesce(json_extract(r.spec, '$.targetRef.group'), '')) as target_group,
    lower(json_extract(r.spec, '$.targetRef.kind')) as target_kind,
    lower(json_extract(r.spec, '$.targetRef.name')) as target_name
  from resource r
  where r.kind = 'AuthorizationPolicy' and r.api_group = 'policy.linkerd.io'
),
counted_routes as (
  select
    s.route,
    s.namespace,
    s.server,
    s.location_id,
    (
      select count(*)
      from policies p
      where p.namespace = s.namespace
        and p.target_group = lower(s.api_group)
        and p.target_kind = lower(s.kind)
        and p.target_name = lower(s.name)
    ) as policy_count,
    (
      select count(*)
      from policies p
      where p.namespace = s.namespace
        and (
          (p.target_kind = 'server' and p.target_name = lower(s.server)) or p.target_kind = 'namespace'
        )
    ) as wider_count
  from server_routes s
),
judged_routes as (
  select
    c.route,
    c.server,
    c.namespace,
    c.location_id,
    c.policy_count,
    c.wider_count,
    (
      select count(*)
      from counted_routes o
      where o.namespace = c.namespace and o.server = c.server and o.policy_count > 0
    ) as targeted_count
  from counted_routes c
)
select
  route as subject,
  server as discriminator,
  case
    when policy_count > 0 then 'pass'
    when targeted_count = 0 then 'not-applicable'
    else 'fail'
  end as status,
  case
    when policy_count > 0
      then route || ' has ' || policy_count
        || case policy_count when 1 then ' policy' else ' policies' end || ' of its own'
    when targeted_count = 0
      then 'no route of Server ' || namespace || '/' || server || ' has a policy of its own'
    when wider_count > 0
      then route || ' has no policy, unlike ' || targeted_count || ' of Server ' || namespace || '/'
        || server || ': the grants of the Server hold for it'
    else route || ' has no policy, unlike ' || targeted_count || ' of Server ' || namespace || '/' || server
      || ': all its calls are refused'
  end as message,
  location_id,
  json_object(
    'route', route, 'server', namespace || '/' || server, 'policies', policy_count,
    'policies_of_server', wider_count, 'targeted_routes', targeted_count
  ) as evidence
from judged_routes
order by route, server
