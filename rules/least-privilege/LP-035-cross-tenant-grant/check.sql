with workload_tenants as materialized (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    coalesce(
      (select max(l.value) from json_each(w.labels) l where l.key = :tenant_label),
      (
        select max(l.value)
        from namespace n
        join json_each(n.labels) l
        where n.name = w.namespace and l.key = :tenant_label
      )
    ) as tenant
  from workload w
),
tenant_rules as materialized (
  select
    r.policy_rule_id,
    r.reported_id,
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    r.rule_index,
    coalesce(
      (select min(s.location_id) from policy_source s where s.policy_rule_id = r.policy_rule_id),
      r.location_id
    ) as location_id
  from policy p
  join policy_rule r on r.policy_id = p.policy_id
  where p.action = 'allow'
    and p.is_dry_run = 0
    and p.kind <> 'Server'
    and exists (
      select 1
      from policy_workload x
      join workload_tenants t on t.workload_id = x.workload_id
      where x.policy_id = p.policy_id and t.tenant is not null
    )
),
crossing_edges as (
  select
    r.policy_rule_id,
    s.tenant as source_tenant,
    d.tenant as destination_tenant,
    min(s.workload) as source_workload,
    min(d.workload) as destination_workload,
    count(*) as edge_count
  from access_edge e
  cross join workload_tenants s on s.workload_id = e.source_workload_id
  cross join workload_tenants d on d.workload_id = e.destination_workload_id
  cross join json_each(e.decided_by) b
  cross join tenant_rules r on r.reported_id = b.value
  where e.decision in ('allow', 'partial', 'delegate')
    and s.tenant <> d.tenant
    and s.tenant || ' -> ' || d.tenant not in (select a.value from json_each(:allowed_pairs) a)
  group by r.policy_rule_id, s.tenant, d.tenant
)
select
  r.policy as subject,
  'rule ' || r.rule_index
    || coalesce(' ' || c.source_tenant || ' -> ' || c.destination_tenant, '') as discriminator,
  case when c.policy_rule_id is null then 'pass' else 'fail' end as status,
  case
    when c.policy_rule_id is null
      then 'rule ' || r.rule_index || ' of ' || r.policy || ' stays within its tenant'
    else 'rule ' || r.rule_index || ' of ' || r.policy || ' lets tenant "' || c.source_tenant
      || '" (' || c.source_workload || ') call tenant "' || c.destination_tenant || '" ('
      || c.destination_workload || ')'
  end as message,
  r.location_id,
  json_object(
    'policy', r.policy, 'rule', r.rule_index, 'source_tenant', c.source_tenant,
    'destination_tenant', c.destination_tenant, 'source_workload', c.source_workload,
    'workload', c.destination_workload, 'edges', coalesce(c.edge_count, 0)
  ) as evidence
from tenant_rules r
left join crossing_edges c on c.policy_rule_id = r.policy_rule_id
order by r.policy, r.rule_index, c.source_tenant
