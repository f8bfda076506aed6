with authenticated_workloads as materialized (
  select workload_id
  from request_authentication
  where is_token_required = 1 and is_enforced = 1
  union
  select x.workload_id
  from policy_workload x
  join policy p on p.policy_id = x.policy_id
  where p.layer = 'istio' and p.action = 'custom' and p.is_dry_run = 0
),
ai_routes as (
  select
    x.gateway_server_id,
    json_group_array(distinct d.ai_system_id) as systems
  from gateway_server_workload x
  join access_edge e on e.source_workload_id = x.workload_id
  join workload d on d.workload_id = e.destination_workload_id
  where d.ai_system_id is not null
    and e.decision in ('allow', 'partial')
    and x.workload_id not in (select workload_id from authenticated_workloads)
    and d.workload_id not in (select workload_id from authenticated_workloads)
  group by x.gateway_server_id
),
servers as (
  select
    'Gateway ' || g.namespace || '/' || g.name as gateway,
    g.position,
    g.port,
    g.protocol,
    g.hosts,
    g.tls_mode,
    g.workload_count,
    g.redirects_to_https = 1 and g.tls_mode is null as is_redirect,
    exists (
      select 1 from json_each(g.hosts) h where h.value = '*' or h.value like '%/*'
    ) as is_wildcard,
    case
      when coalesce(g.tls_mode, '') not in ('MUTUAL', 'ISTIO_MUTUAL') then r.systems
    end as open_systems,
    g.location_id
  from gateway_server g
  left join ai_routes r on r.gateway_server_id = g.gateway_server_id
)
select
  gateway as subject,
  'port ' || port || ' server ' || position as discriminator,
  case
    when is_redirect or workload_count = 0 then 'not-applicable'
    when is_wildcard or open_systems is not null then 'fail'
    else 'pass'
  end as status,
  case
    when workload_count = 0 then 'port ' || port || ' of ' || gateway || ' is served by no workload'
    when is_redirect then 'port ' || port || ' of ' || gateway || ' only redirects to HTTPS'
    when open_systems is not null
      then 'port ' || port || ' of ' || gateway || ' leads to ' || open_systems
        || ' and nothing on the way asks who calls'
    when is_wildcard then 'port ' || port || ' of ' || gateway || ' serves any host: ' || hosts
    else 'port ' || port || ' of ' || gateway || ' serves named hosts and leads to no AI system unasked'
  end as message,
  location_id,
  json_object(
    'gateway', gateway, 'port', port, 'protocol', protocol, 'hosts', json(hosts), 'tls_mode', tls_mode,
    'is_wildcard', is_wildcard, 'unauthenticated_systems', json(coalesce(open_systems, '[]'))
  ) as evidence
from servers
order by gateway, position
