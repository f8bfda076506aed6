with namespace_marks as (
  -- Istio, Installing the sidecar and Ambient; Linkerd, Automatic proxy injection.
  select
    n.name as namespace,
    (
      select min(l.key || '=' || l.value)
      from json_each(n.labels) l
      where (l.key = 'istio-injection' and l.value = 'enabled')
        or (l.key = 'istio.io/rev' and l.value <> '')
        or (l.key = 'istio.io/dataplane-mode' and l.value = 'ambient')
    ) as label,
    (
      select min(a.key || '=' || a.value)
      from resource r
      join json_each(r.annotations) a
      where r.kind = 'Namespace'
        and r.name = n.name
        and a.key = 'linkerd.io/inject'
        and a.value in ('enabled', 'ingress')
    ) as annotation,
    (
      select count(*)
      from workload w
      where w.namespace = n.name and w.dataplane in ('sidecar', 'ambient', 'linkerd')
    ) as meshed_count
  from namespace n
),
control_planes as (
  select value as namespace
  from json_each('["kube-system", "istio-system", "linkerd"]')
  union
  select value
  from setting
  where layer = 'istio' and name = 'root_namespace'
),
judged_workloads as (
  select
    w.namespace || '/' || w.name as workload,
    w.dataplane,
    w.dataplane_reason,
    w.location_id,
    coalesce(
      m.label, m.annotation, l.subject, m.meshed_count || ' meshed workloads'
    ) as meant_by,
    l.message as misplaced
  from workload w
  join namespace_marks m on m.namespace = w.namespace
  -- Linkerd's annotation on the owner and not on its pod template has no effect.
  left join mesh_lint l on l.lint = 'L26'
    and l.kind = w.kind
    and l.namespace = w.namespace
    and l.name = w.name
    and m.annotation is null
  where (
    m.label is not null or m.annotation is not null or m.meshed_count > 0 or l.subject is not null
  )
    and w.namespace not in (select c.namespace from control_planes c)
)
select
  'workload ' || workload as subject,
  case when dataplane = 'none' then 'fail' else 'pass' end as status,
  case
    when dataplane = 'none'
      then 'workload "' || workload || '" is outside the mesh: ' || coalesce(misplaced, dataplane_reason)
    else 'workload "' || workload || '" is in the mesh (' || dataplane || ')'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'dataplane', dataplane, 'reason', dataplane_reason,
    'namespace_is_meshed_by', meant_by
  ) as evidence
from judged_workloads
order by workload
