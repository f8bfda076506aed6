with allow_rules as (
  select
    p.kind || ' ' || p.namespace || '/' || p.name as policy,
    p.layer,
    p.workload_count,
    r.policy_rule_id,
    r.rule_index,
    r.source_count,
    r.operation_count,
    r.location_id
  from policy p
  join policy_rule r on r.policy_id = p.policy_id
  where p.action = 'allow'
    and p.is_dry_run = 0
    and p.layer in ('istio', 'linkerd')
),
identity_kinds as (
  select value as kind
  from json_each('["principal", "namespace", "service-account", "trust-domain"]')
),
wildcard_sources as (
  -- Terms of one kind are alternatives, so one "*" opens the kind; other kinds of the same source
  -- still restrict it.
  select
    s.policy_rule_id,
    s.source_index,
    s.kind,
    min(s.location_id) as location_id
  from policy_source s
  join identity_kinds k on k.kind = s.kind
  join allow_rules a on a.policy_rule_id = s.policy_rule_id
  where s.value = '*'
    and s.is_negated = 0
    and not exists (
      select 1
      from policy_source o
      where o.policy_rule_id = s.policy_rule_id
        and o.source_index = s.source_index
        and o.kind <> s.kind
        -- Linkerd adds the networks of the cluster to every client: they restrict nothing inside it.
        and not (a.layer = 'linkerd' and o.kind = 'ip-block')
        and not exists (
          select 1
          from policy_source w
          where w.policy_rule_id = o.policy_rule_id
            and w.source_index = o.source_index
            and w.kind = o.kind
            and w.value = '*'
            and w.is_negated = 0
        )
    )
  group by s.policy_rule_id, s.source_index, s.kind
),
judged_rules as (
  select
    a.policy,
    a.rule_index,
    a.workload_count,
    a.location_id,
    min(w.location_id) as wildcard_location_id,
    min(w.kind) as wildcard_kind,
    (
      select count(*)
      from policy_condition c
      where c.policy_rule_id = a.policy_rule_id
        and c.value <> '*'
        and (c.kind like 'source.%' or c.kind like 'request.auth.%' or c.kind = 'remote.ip')
    ) as source_condition_count
  from allow_rules a
  left join wildcard_sources w on w.policy_rule_id = a.policy_rule_id
  where a.source_count > 0
  group by a.policy_rule_id
)
select
  policy as subject,
  'rule ' || rule_index as discriminator,
  case
    when wildcard_kind is not null and source_condition_count = 0 then 'fail'
    else 'pass'
  end as status,
  case
    when wildcard_kind is not null and source_condition_count = 0
      then wildcard_kind || ' "*" in rule ' || rule_index || ' of ' || policy
        || ' matches every authenticated identity'
    else 'rule ' || rule_index || ' of ' || policy || ' does not let in every identity'
  end as message,
  coalesce(wildcard_location_id, location_id) as location_id,
  json_object(
    'policy', policy, 'rule', rule_index, 'wildcard', wildcard_kind,
    'source_conditions', source_condition_count, 'workloads', workload_count
  ) as evidence
from judged_rules
order by policy, rule_index
