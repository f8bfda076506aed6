with lending_rights (api_group, plural, verb, what) as (
  -- Kubernetes, RBAC Good Practices: workload creation, token request, impersonation. Who may change a
  -- template changes its serviceAccountName.
  select k.api_group, k.plural, v.verb, 'run pods under it'
  from (
    select '' as api_group, 'pods' as plural
    union all values
      ('', 'replicationcontrollers'), ('apps', 'deployments'), ('apps', 'replicasets'),
      ('apps', 'statefulsets'), ('apps', 'daemonsets'), ('batch', 'jobs'), ('batch', 'cronjobs')
  ) k
  cross join (select 'create' as verb union all values ('update'), ('patch')) v
  -- The account of a pod that runs cannot be changed.
  where k.plural not in ('pods', 'jobs') or v.verb = 'create'
  union all
  values
    ('', 'serviceaccounts/token', 'create', 'ask for its tokens'),
    ('', 'serviceaccounts', 'impersonate', 'impersonate it')
),
granted_accounts as (
  select w.namespace, w.service_account as name, min(p.grant_location_id) as location_id
  from identity_presence p
  join workload w on w.identity = p.principal
  where p.is_granted = 1 and w.service_account <> ''
  group by w.namespace, w.service_account
  union
  select
    substr(s.value, 1, instr(s.value, '/') - 1),
    substr(s.value, instr(s.value, '/') + 1),
    min(s.location_id)
  from policy_source s
  join policy_rule r on r.policy_rule_id = s.policy_rule_id
  join policy p on p.policy_id = r.policy_id
  where s.kind = 'service-account'
    and s.is_negated = 0
    and p.action = 'allow'
    and p.is_dry_run = 0
    and instr(s.value, '/') > 1
  group by s.value
),
takers as (
  select
    a.namespace,
    a.name,
    w.namespace || '/' || w.name as workload,
    k.what,
    g.binding,
    g.location_id
  from granted_accounts a
  join role_grant g on g.scope in (a.namespace, '*')
  join lending_rights k
    on g.api_group in (k.api_group, '*')
    and (g.resource in (k.plural, '*') or g.resource = '*/token' and k.plural = 'serviceaccounts/token')
    and g.verb in (k.verb, '*')
    -- Names narrow requests for tokens and impersonation; they do not stop a pod from being created.
    and (g.resource_name is null or g.resource_name = a.name or k.plural not like 'serviceaccounts%')
  join workload w
    on w.service_account <> ''
    and g.account_namespace in (w.namespace, '*')
    and g.account_name in (w.service_account, '*')
    and (w.namespace <> a.namespace or w.service_account <> a.name)
    and w.namespace || '/' || w.service_account not in (select c.value from json_each(:controllers) c)
),
judged as (
  select
    a.namespace || '/' || a.name as account,
    min(a.location_id) as grant_location_id,
    (
      select json_group_array(workload)
      from (
        select distinct t.workload
        from takers t
        where t.namespace = a.namespace and t.name = a.name
        order by t.workload
      )
    ) as workloads,
    (
      select min(t.what || ', by ' || t.binding)
      from takers t
      where t.namespace = a.namespace and t.name = a.name
    ) as how,
    (
      select min(t.location_id)
      from takers t
      where t.namespace = a.namespace and t.name = a.name
    ) as location_id
  from granted_accounts a
  where exists (
    select 1 from resource r where r.kind in ('RoleBinding', 'ClusterRoleBinding')
  )
  group by a.namespace, a.name
)
select
  'service-account ' || account as subject,
  case when workloads <> '[]' then 'fail' else 'pass' end as status,
  case
    when workloads <> '[]'
      then 'policies grant to service account "' || account || '", and workload "'
        || (workloads ->> '$[0]') || '"'
        || case json_array_length(workloads)
          when 1 then ''
          else ' (and ' || (json_array_length(workloads) - 1) || ' more)'
        end
        || ' may ' || how
    else 'no binding lets another workload take service account "' || account || '"'
  end as message,
  coalesce(location_id, grant_location_id) as location_id,
  json_object('service_account', account, 'workloads', json(workloads), 'how', how) as evidence
from judged
order by subject
