with authorizers as (
  select
    e.name,
    e.kind,
    e.service,
    e.fails_open,
    e.timeout,
    e.location_id,
    (
      select count(*)
      from policy p
      where p.layer = 'istio'
        and p.action = 'custom'
        and p.is_dry_run = 0
        and p.provider = e.name
    ) as policy_count
  from extension_provider e
  where e.kind in ('envoyExtAuthzHttp', 'envoyExtAuthzGrpc')
)
select
  'provider ' || name as subject,
  case
    when policy_count = 0 then 'not-applicable'
    when fails_open = 1 then 'fail'
    else 'pass'
  end as status,
  case
    when policy_count = 0 then 'no policy uses the external authorizer "' || name || '"'
    when fails_open = 1
      then 'the external authorizer "' || name || '" of ' || policy_count
        || case policy_count when 1 then ' policy' else ' policies' end
        || ' lets requests through while it does not answer (failOpen)'
    else 'the external authorizer "' || name || '" refuses while it does not answer'
  end as message,
  location_id,
  json_object(
    'provider', name, 'kind', kind, 'service', service, 'fails_open', fails_open, 'timeout', timeout,
    'policies', policy_count
  ) as evidence
from authorizers
order by name
