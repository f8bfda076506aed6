with restricted_workloads as (
  select
    x.workload_id,
    min(p.kind || ' ' || p.namespace || '/' || p.name) as policy
  from policy_source s
  join policy_rule r on r.policy_rule_id = s.policy_rule_id
  join policy p on p.policy_id = r.policy_id
  join policy_workload x on x.policy_id = p.policy_id
  where p.action = 'allow'
    and p.is_dry_run = 0
    and p.layer in ('istio', 'linkerd')
    and s.kind in ('principal', 'namespace', 'service-account', 'trust-domain')
  group by x.workload_id
),
observed_peers as (
  -- Only lines that say whether there was mutual TLS: a format that cannot show an identity is not a
  -- peer without one.
  select
    destination_workload_id as workload_id,
    sum(case when is_mtls = 0 and is_identity_verified = 0 then request_count else 0 end)
      as plaintext_count,
    sum(request_count) as request_count,
    min(case when is_mtls = 0 and is_identity_verified = 0 then first_seen end) as first_seen,
    max(case when is_mtls = 0 and is_identity_verified = 0 then last_seen end) as last_seen,
    min(
      case
        when is_mtls = 0 and is_identity_verified = 0
          then coalesce(source_namespace || '/' || source_name, source_host)
      end
    ) as example_source
  from observed_request
  where side = 'server'
    and is_repeated = 0
    and outcome <> 'denied'
    and is_mtls is not null
    -- Linkerd's log does not tell the proxy's refusal (403, 404) from the application's.
    and not (format like 'linkerd%' and response_class = '4xx')
    and last_seen >= add_days(:as_of, -:window_days)
  group by destination_workload_id
)
select
  'workload ' || w.namespace || '/' || w.name as subject,
  case when o.plaintext_count > 0 then 'fail' else 'pass' end as status,
  case
    when o.plaintext_count > 0
      then o.plaintext_count || case o.plaintext_count when 1 then ' request' else ' requests' end
        || ' without an identity got into workload "' || w.namespace || '/' || w.name || '", which '
        || r.policy || ' restricts to identities'
        || coalesce(', for example from "' || o.example_source || '"', '')
    else 'every request that workload "' || w.namespace || '/' || w.name
      || '" let in showed an identity'
  end as message,
  w.location_id,
  json_object(
    'workload', w.namespace || '/' || w.name, 'policy', r.policy,
    'requests_without_identity', o.plaintext_count, 'requests', o.request_count,
    'first_seen', o.first_seen, 'last_seen', o.last_seen, 'example_source', o.example_source
  ) as evidence
from restricted_workloads r
join workload w on w.workload_id = r.workload_id
join observed_peers o on o.workload_id = r.workload_id
order by subject
