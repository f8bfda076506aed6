with stores as (
  -- Workloads behind the Services that collectors write to.
  select distinct
    w.workload_id,
    w.namespace,
    w.name
  from log_sink s
  join service v on v.namespace = s.service_namespace and v.name = s.service_name
  join workload w on w.namespace = v.namespace
  where v.selector <> '{}'
    and not exists (
      select 1 from json_each(v.selector) k
      where not exists (
        select 1 from json_each(w.labels) l where l.key = k.key and l.value = k.value
      )
    )
),
guarded as (
  -- Objects whose change destroys logs or stops them.
  select namespace, 'persistentvolumeclaims' as resource, '' as api_group, null as name,
    'log store' as what
  from stores
  union
  select namespace, 'pods/exec', '', null, 'log store' from stores
  union
  select namespace, 'pods', '', null, 'log store' from stores
  union
  select namespace, 'statefulsets', 'apps', name, 'log store' from stores
  union
  select namespace, 'deployments', 'apps', name, 'log store' from stores
  union
  select namespace, 'configmaps', '', name, 'collector'
  from log_sink
  where collector in ('fluent-bit', 'opentelemetry-collector', 'promtail', 'vector')
),
given as (
  select
    exists (select 1 from guarded) as has_store,
    exists (select 1 from role_grant) as has_roles
),
by_role as (
  select
    w.workload_id,
    min(g.verb || ' ' || g.resource || ' in "' || o.namespace || '" by ' || g.binding) as way,
    min(o.what) as what,
    count(distinct o.resource || o.namespace) as object_count
  from workload w
  join role_grant g
    on g.account_namespace in (w.namespace, '*') and g.account_name in (w.service_account, '*')
  join guarded o
    on g.scope in (o.namespace, '*')
    and g.api_group in (o.api_group, '*')
    and g.resource in (o.resource, '*')
    and (g.resource_name is null or o.name is null or g.resource_name = o.name)
  where g.verb in ('delete', 'deletecollection', 'update', 'patch', '*')
    or (g.verb = 'create' and o.resource = 'pods/exec')
  group by w.workload_id
),
by_network as (
  select
    e.source_workload_id as workload_id,
    min('"' || s.namespace || '/' || s.name || '" on port ' || e.port) as way
  from access_edge e
  join stores s on s.workload_id = e.destination_workload_id
  where e.decision = 'allow' and e.source_workload_id is not null
  group by e.source_workload_id
),
judged as (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    w.location_id,
    r.way as role_way,
    r.what,
    r.object_count,
    n.way as network_way,
    g.has_roles
  from workload w
  cross join given g
  left join by_role r on r.workload_id = w.workload_id
  left join by_network n on n.workload_id = w.workload_id
  where g.has_store and w.layer <> 'none'
    and w.workload_id not in (select workload_id from stores)
    -- Who ships logs must reach the store.
    and not exists (
      select 1 from log_sink c where c.namespace = w.namespace and c.name like w.name || '%'
    )
)
select
  'workload ' || workload as subject,
  case
    when role_way is not null then 'fail'
    when network_way is not null then 'fail'
    when not has_roles then 'not-assessed'
    else 'pass'
  end as status,
  case when role_way is null and network_way is not null then 'medium' end as severity,
  case
    when role_way is not null
      then 'workload "' || workload || '" may change the ' || what || ' of the cluster: ' || role_way
        || case when object_count > 1 then ' and ' || (object_count - 1) || ' more' else '' end
    when network_way is not null
      then 'workload "' || workload || '" may send anything to the log store ' || network_way
        || ', requests to delete too'
    when not has_roles
      then 'whether workload "' || workload || '" may change the log store is not known: no roles '
        || 'and bindings were given'
    else 'workload "' || workload || '" can change neither log store nor collector'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'by_role', role_way, 'by_network', network_way
  ) as evidence
from judged
order by workload
