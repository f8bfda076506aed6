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
role_rules as (
  select r.kind, r.namespace, r.name, rule.value as rule
  from resource r
  join json_each(r.spec, '$.rules') rule
  where r.kind in ('Role', 'ClusterRole') and r.api_group = 'rbac.authorization.k8s.io'
  union all
  -- Kubernetes makes it itself: every verb on every resource.
  select 'ClusterRole', '', 'cluster-admin', '{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}'
),
writable as (
  select distinct r.kind, r.namespace, r.name, k.plural || '.' || k.api_group as what
  from role_rules r
  join policy_kinds k
    on exists (
      select 1 from json_each(r.rule, '$.apiGroups') g where g.value in ('*', k.api_group)
    )
    and exists (
      select 1 from json_each(r.rule, '$.resources') s where s.value in ('*', k.plural)
    )
  where exists (
    select 1
    from json_each(r.rule, '$.verbs') v
    where v.value in ('*', 'create', 'update', 'patch', 'delete', 'deletecollection')
  )
),
bindings as (
  select
    b.kind as binding_kind,
    b.namespace as binding_namespace,
    b.name as binding_name,
    b.location_id,
    b.spec ->> '$.roleRef.kind' as role_kind,
    b.spec ->> '$.roleRef.name' as role_name,
    subject.value ->> '$.kind' as subject_kind,
    subject.value ->> '$.name' as subject_name,
    coalesce(subject.value ->> '$.namespace', b.namespace) as subject_namespace
  from resource b
  join json_each(b.spec, '$.subjects') subject
  where b.kind in ('RoleBinding', 'ClusterRoleBinding')
    and b.api_group = 'rbac.authorization.k8s.io'
),
grants as (
  select
    w.workload_id,
    b.binding_kind,
    b.binding_namespace,
    b.binding_name,
    b.location_id,
    a.what
  from bindings b
  join writable a
    on a.kind = b.role_kind
    and a.name = b.role_name
    and a.namespace = case b.role_kind when 'Role' then b.binding_namespace else '' end
  join workload w
    on (
      b.subject_kind = 'ServiceAccount'
      and w.namespace = b.subject_namespace
      and w.service_account = b.subject_name
    )
    or (
      b.subject_kind = 'Group'
      and b.subject_name in (
        'system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:' || w.namespace
      )
    )
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
        select distinct
          g.binding_kind || ' '
            || case g.binding_namespace when '' then '' else g.binding_namespace || '/' end
            || g.binding_name as binding
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
