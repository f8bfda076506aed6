with policy_kinds (api_group, plural) as (
  values
    ('security.istio.io', 'authorizationpolicies'),
    ('security.istio.io', 'peerauthentications'),
    ('security.istio.io', 'requestauthentications'),
    ('networking.istio.io', 'sidecars'),
    ('networking.istio.io', 'envoyfilters'),
    ('extensions.istio.io', 'wasmplugins'),
    ('policy.linkerd.io', 'servers'),
    ('policy.linkerd.io', 'serverauthorizations'),
    ('policy.linkerd.io', 'authorizationpolicies'),
    ('policy.linkerd.io', 'meshtlsauthentications'),
    ('policy.linkerd.io', 'networkauthentications'),
    ('networking.k8s.io', 'networkpolicies'),
    ('policy.networking.k8s.io', 'adminnetworkpolicies'),
    ('policy.networking.k8s.io', 'baselineadminnetworkpolicies'),
    ('policy.networking.k8s.io', 'clusternetworkpolicies')
),
grants as (
  select distinct
    w.workload_id,
    g.binding,
    g.location_id,
    k.plural || '.' || k.api_group as what
  from role_grant g
  join policy_kinds k
    on g.api_group in (k.api_group, '*') and g.resource in (k.plural, '*')
  join workload w
    on g.account_namespace in (w.namespace, '*') and g.account_name in (w.service_account, '*')
  where g.verb in ('*', 'create', 'update', 'patch', 'delete', 'deletecollection')
),
judged as (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    w.namespace || '/' || w.service_account as account,
    w.location_id as workload_location_id,
    (select min(g.location_id) from grants g where g.workload_id = w.workload_id) as location_id,
    (
      select json_group_array(what)
      from (
        select distinct g.what from grants g where g.workload_id = w.workload_id order by g.what
      )
    ) as kinds,
    (
      select json_group_array(binding)
      from (
        select distinct g.binding
        from grants g
        where g.workload_id = w.workload_id
        order by binding
      )
    ) as bindings
  from workload w
  where exists (
    select 1 from resource r where r.kind in ('RoleBinding', 'ClusterRoleBinding')
  )
)
select
  'workload ' || workload as subject,
  case
    when account in (select c.value from json_each(:controllers) c) then 'not-applicable'
    when kinds <> '[]' then 'fail'
    else 'pass'
  end as status,
  case
    when account in (select c.value from json_each(:controllers) c)
      then 'it is the task of workload "' || workload || '" to write policies'
    when kinds <> '[]'
      then 'workload "' || workload || '" may edit ' || json_array_length(kinds)
        || case json_array_length(kinds) when 1 then ' kind' else ' kinds' end
        || ' of policy, ' || (kinds ->> '$[0]')
        || case json_array_length(kinds) when 1 then '' else ' among them' end
        || ', by ' || (bindings ->> '$[0]')
    else 'no binding lets workload "' || workload || '" edit policies'
  end as message,
  coalesce(location_id, workload_location_id) as location_id,
  json_object(
    'workload', workload, 'service_account', account, 'kinds', json(kinds), 'bindings',
    json(bindings)
  ) as evidence
from judged
order by subject
