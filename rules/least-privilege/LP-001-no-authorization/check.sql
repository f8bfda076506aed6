with enforced_ports as (
  select
    p.workload_id,
    p.port,
    w.namespace || '/' || w.name as workload,
    w.layer,
    w.dataplane,
    -- skip-inbound-ports of Linkerd: whatever a Server says, its proxy never sees the port.
    w.layer = 'linkerd' and p.mtls_mode = 'disabled' as is_skipped,
    w.location_id
  from workload_port p
  join workload w on w.workload_id = p.workload_id
  where w.dataplane <> 'none'
),
authorizing_policies as materialized (
  -- An Istio policy takes away the default for every port of what it selects, whatever its rules say; a
  -- Linkerd authorization only for the ports of its Server.
  select
    e.workload_id,
    e.port,
    count(*) as policy_count
  from enforced_ports e
  join policy_workload x on x.workload_id = e.workload_id
  join policy p on p.policy_id = x.policy_id
  where p.action in ('allow', 'custom')
    and p.is_dry_run = 0
    and (
      p.layer = 'istio'
      or (
        p.layer = 'linkerd'
        and exists (
          select 1
          from policy_rule r
          join policy_operation o on o.policy_rule_id = r.policy_rule_id
          where r.policy_id = p.policy_id and o.kind = 'port' and o.value = '' || e.port
        )
      )
    )
  group by e.workload_id, e.port
),
open_edges as materialized (
  select
    destination_workload_id as workload_id,
    port,
    count(*) as source_count,
    max(source_kind in ('unauthenticated', 'outside')) as is_open_without_identity
  from access_edge
  where decision in ('allow', 'partial')
  group by destination_workload_id, port
),
judged_ports as (
  select
    e.workload,
    e.port,
    e.layer,
    e.dataplane,
    e.location_id,
    coalesce(a.policy_count, 0) as policy_count,
    coalesce(o.source_count, 0) as source_count,
    coalesce(o.is_open_without_identity, 0) as is_open_without_identity,
    e.is_skipped,
    e.is_skipped or (a.policy_count is null and o.source_count is not null) as is_open
  from enforced_ports e
  left join authorizing_policies a on a.workload_id = e.workload_id and a.port = e.port
  left join open_edges o on o.workload_id = e.workload_id and o.port = e.port
)
select
  'workload ' || workload || ' port ' || port as subject,
  case when is_open then 'fail' else 'pass' end as status,
  case
    when is_skipped
      then 'port ' || port || ' of workload "' || workload || '" is among its skip-inbound-ports: no policy '
        || 'governs it'
    when is_open and is_open_without_identity
      then 'no policy selects workload "' || workload || '", and nothing denies by default: anyone may '
        || 'call port ' || port || ', also without an identity'
    when is_open
      then 'no policy selects workload "' || workload || '", and nothing denies by default: every '
        || 'identity may call port ' || port
    when policy_count > 0
      then 'port ' || port || ' of workload "' || workload || '" is governed by ' || policy_count
        || case policy_count when 1 then ' policy' else ' policies' end
    else 'port ' || port || ' of workload "' || workload || '" denies by default'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'port', port, 'layer', layer, 'dataplane', dataplane,
    'authorizing_policies', policy_count, 'sources_let_in', source_count
  ) as evidence
from judged_ports
order by workload, port
