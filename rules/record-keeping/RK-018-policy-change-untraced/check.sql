with applied_policies as (
  select
    r.resource_id,
    r.api_group,
    r.kind,
    r.namespace,
    r.name,
    r.kind || ' ' || case r.namespace when '' then '' else r.namespace || '/' end || r.name as policy,
    -- The plural in the API, as audit rules name it.
    case
      when r.kind like '%y' then lower(substr(r.kind, 1, length(r.kind) - 1)) || 'ies'
      else lower(r.kind) || 's'
    end as plural,
    coalesce(
      'Argo CD ' || json_extract(r.annotations, '$."argocd.argoproj.io/tracking-id"'),
      'Argo CD ' || json_extract(r.labels, '$."argocd.argoproj.io/instance"'),
      'Flux ' || json_extract(r.labels, '$."kustomize.toolkit.fluxcd.io/name"'),
      'Flux ' || json_extract(r.labels, '$."helm.toolkit.fluxcd.io/name"'),
      (
        select 'Argo CD ' || a.name
        from resource a
        where a.api_group = 'argoproj.io' and a.kind = 'Application'
          and a.name = json_extract(r.labels, '$."app.kubernetes.io/instance"')
        limit 1
      )
    ) as origin,
    r.location_id
  from resource r
  where r.created_at is not null
    and r.resource_id in (select p.resource_id from policy p)
),
audit_rules as (
  -- Rules for some users alone say nothing of what others change.
  select
    x.resource_id,
    cast(j.key as integer) as position,
    j.value as rule,
    j.value ->> '$.level' as level
  from resource x
  join json_each(x.spec, '$.rules') j
  where x.api_group = 'audit.k8s.io' and x.kind = 'Policy'
    and coalesce(json_array_length(j.value, '$.users'), 0) = 0
    and (
      coalesce(json_array_length(j.value, '$.userGroups'), 0) = 0
      or exists (
        select 1 from json_each(j.value, '$.userGroups') g
        where g.value = 'system:authenticated'
      )
    )
),
verbs as (
  select value as verb from json_each('["create","update","patch","delete"]')
),
first_rules as (
  -- The first rule that fits sets the level (Kubernetes documentation, Auditing).
  select
    p.resource_id,
    v.verb,
    min(a.position) as position
  from applied_policies p
  cross join verbs v
  join audit_rules a
    on (
      coalesce(json_array_length(a.rule, '$.verbs'), 0) = 0
      or exists (select 1 from json_each(a.rule, '$.verbs') x where x.value in (v.verb, '*'))
    )
    and (
      coalesce(json_array_length(a.rule, '$.namespaces'), 0) = 0
      or exists (
        select 1 from json_each(a.rule, '$.namespaces') n where n.value = p.namespace
      )
    )
    and case
      when coalesce(json_array_length(a.rule, '$.resources'), 0) = 0
        then coalesce(json_array_length(a.rule, '$.nonResourceURLs'), 0) = 0
      else exists (
        select 1
        from json_each(a.rule, '$.resources') g
        where coalesce(g.value ->> '$.group', '') in (p.api_group, '*')
          and (
            coalesce(json_array_length(g.value, '$.resources'), 0) = 0
            or exists (
              select 1 from json_each(g.value, '$.resources') y where y.value in (p.plural, '*')
            )
          )
          and (
            coalesce(json_array_length(g.value, '$.resourceNames'), 0) = 0
            or exists (
              select 1 from json_each(g.value, '$.resourceNames') z where z.value = p.name
            )
          )
      )
    end
  group by p.resource_id, v.verb
),
recorded as (
  select
    f.resource_id,
    count(*) as verb_count
  from first_rules f
  join audit_rules a on a.position = f.position
  where a.level in ('Metadata', 'Request', 'RequestResponse')
  group by f.resource_id
),
given as (
  select
    exists (
      select 1 from resource where api_group = 'audit.k8s.io' and kind = 'Policy'
    ) as has_audit_policy,
    exists (select 1 from applied_policies where origin is not null) as has_origin
)
select
  p.policy as subject,
  case
    when p.origin is not null then 'pass'
    when c.verb_count >= 4 then 'pass'
    else 'fail'
  end as status,
  case
    when p.origin is not null then p.policy || ' is applied from Git by ' || p.origin
    when c.verb_count >= 4 then 'changes to ' || p.policy || ' are recorded by the audit policy'
    when g.has_audit_policy
      then p.policy || ' was applied by hand, and the audit policy does not record every change to '
        || p.plural || ' in "' || p.namespace || '"'
    else p.policy || ' was applied by hand, while other policies come from Git, and no audit policy '
      || 'of the API server was given'
  end as message,
  p.location_id,
  json_object(
    'policy', p.policy, 'origin', p.origin, 'recorded_verbs', coalesce(c.verb_count, 0)
  ) as evidence
from applied_policies p
cross join given g
left join recorded c on c.resource_id = p.resource_id
where g.has_audit_policy or g.has_origin
union all
select
  'policy changes',
  'not-assessed',
  'no policy shows the Git application that it comes from, and the audit policy of the API server '
    || '(audit.k8s.io Policy) was not given',
  null,
  json_object('applied_policies', (select count(*) from applied_policies))
from given g
where not g.has_audit_policy and not g.has_origin and exists (select 1 from applied_policies)
order by 1
