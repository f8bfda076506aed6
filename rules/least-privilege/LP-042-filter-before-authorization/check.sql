with patches as (
  select
    r.resource_id,
    p.value ->> '$.applyTo' as apply_to,
    coalesce(p.value ->> '$.match.context', 'ANY') as context,
    coalesce(p.value ->> '$.patch.operation', '') as operation,
    coalesce(p.value ->> '$.match.listener.filterChain.filter.subFilter.name', '') as sub_filter,
    coalesce(p.value ->> '$.match.listener.filterChain.filter.name', '') as filter
  from resource r
  join json_each(r.spec, '$.configPatches') p
  where r.kind = 'EnvoyFilter'
),
judged_patches as (
  select
    resource_id,
    apply_to,
    operation,
    sub_filter,
    context <> 'SIDECAR_OUTBOUND' and (
      (
        apply_to = 'HTTP_FILTER'
        and (
          operation = 'INSERT_FIRST'
          or (operation = 'INSERT_BEFORE' and sub_filter <> 'envoy.filters.http.router')
          or (
            operation in ('REMOVE', 'REPLACE', 'MERGE')
            and sub_filter in (
              '', 'envoy.filters.http.rbac', 'envoy.filters.http.jwt_authn',
              'envoy.filters.http.ext_authz')
          )
        )
      )
      or (
        apply_to = 'NETWORK_FILTER'
        and (
          operation in ('INSERT_FIRST', 'INSERT_BEFORE')
          or (
            operation in ('REMOVE', 'REPLACE', 'MERGE')
            and filter in ('', 'envoy.filters.network.rbac', 'envoy.filters.network.ext_authz')
          )
        )
      )
      or (apply_to in ('LISTENER', 'FILTER_CHAIN') and operation in ('ADD', 'REMOVE', 'REPLACE'))
    ) as is_before
  from patches
),
extensions as (
  select
    r.kind || ' ' || r.namespace || '/' || r.name as extension,
    r.location_id,
    coalesce(max(j.is_before), 0) as is_before,
    min(case when j.is_before then j.operation || ' ' || j.apply_to end) as how
  from resource r
  left join judged_patches j on j.resource_id = r.resource_id
  where r.kind = 'EnvoyFilter'
  group by r.resource_id
  union all
  select
    r.kind || ' ' || r.namespace || '/' || r.name as extension,
    r.location_id,
    coalesce(r.spec ->> '$.phase', '') in ('AUTHN', 'AUTHZ') as is_before,
    'phase ' || coalesce(r.spec ->> '$.phase', 'unset') as how
  from resource r
  where r.kind = 'WasmPlugin'
)
select
  extension as subject,
  case when is_before then 'fail' else 'pass' end as status,
  case
    when is_before then extension || ' stands before authorization or changes it: ' || how
    else extension || ' leaves authorization in place'
  end as message,
  location_id,
  json_object('extension', extension, 'how', how) as evidence
from extensions
order by extension
