with
default_denials as (
  -- An ALLOW policy without rules matches nothing, so that everything it selects is denied unless
  -- another policy allows it; a DENY rule without any restriction matches everything.
  select
    p.policy_id,
    p.namespace,
    p.scope,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.location_id
  from policy p
  where p.layer = 'istio'
    and p.is_dry_run = 0
    and p.scope in ('mesh', 'namespace')
    and (
      (p.action = 'allow' and p.rule_count = 0)
      or (
        p.action = 'deny'
        and exists (
          select 1
          from policy_rule r
          where r.policy_id = p.policy_id
            and r.source_count = 0
            and r.operation_count = 0
            and r.condition_count = 0
        )
      )
    )
),
meshed_namespaces as (
  select
    w.namespace,
    w.layer,
    count(*) as workload_count
  from workload w
  where w.dataplane <> 'none' and w.layer in ('istio', 'linkerd')
  group by w.namespace, w.layer
),
linkerd_defaults as (
  -- The namespace's annotation stands over the mesh's setting (Linkerd, Proxy configuration).
  select
    m.namespace,
    coalesce(
      (
        select max(a.value)
        from resource r
        join json_each(r.annotations) a
        where r.kind = 'Namespace'
          and r.name = m.namespace
          and a.key = 'config.linkerd.io/default-inbound-policy'
          -- A value that Linkerd does not know leaves the setting of the mesh.
          and a.value in (
            'all-unauthenticated', 'all-authenticated', 'cluster-unauthenticated',
            'cluster-authenticated', 'audit', 'deny'
          )
      ),
      (
        select max(s.value)
        from setting s
        where s.layer = 'linkerd' and s.name = 'default_inbound_policy'
      ),
      'all-unauthenticated'
    ) as value
  from meshed_namespaces m
  where m.layer = 'linkerd'
),
judged_namespaces as (
  select
    m.namespace,
    m.layer,
    m.workload_count,
    case m.layer
      when 'istio' then (
        select min(d.policy)
        from default_denials d
        where d.scope = 'mesh' or d.namespace = m.namespace
      )
      else (
        select 'default inbound policy "deny"'
        from linkerd_defaults l
        where l.namespace = m.namespace and l.value = 'deny'
      )
    end as denied_by
  from meshed_namespaces m
)
select
  'namespace ' || j.namespace as subject,
  j.layer as discriminator,
  case when j.denied_by is null then 'fail' else 'pass' end as status,
  case
    when j.denied_by is null
      then 'namespace "' || j.namespace || '" with ' || j.workload_count
        || case j.workload_count when 1 then ' workload' else ' workloads' end
        || ' has no policy that denies by default'
    else 'namespace "' || j.namespace || '" denies by default: ' || j.denied_by
  end as message,
  n.location_id,
  json_object(
    'namespace', j.namespace, 'layer', j.layer, 'workloads', j.workload_count,
    'denied_by', j.denied_by
  ) as evidence
from judged_namespaces j
left join namespace n on n.name = j.namespace
order by j.namespace, j.layer
