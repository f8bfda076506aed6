with carriers as materialized (
  select identity, count(*) as workload_count, min(location_id) as location_id
  from workload
  where identity is not null
  group by identity
),
trust_domains as materialized (
  select value as trust_domain from setting where name = 'trust_domain'
),
verified_calls as materialized (
  select
    o.source as identity,
    o.source_workload_id,
    o.source_namespace || '/' || o.source_name as source_workload,
    w.namespace || '/' || w.name as destination,
    w.location_id,
    o.request_count,
    o.first_seen,
    o.last_seen
  from observed_request o
  join workload w on w.workload_id = o.destination_workload_id
  where o.side = 'server'
    and o.outcome <> 'denied'
    and o.is_identity_verified = 1
    and o.source is not null
    and o.last_seen >= add_days(:as_of, -:window_days)
),
judged_calls as (
  select
    v.identity,
    v.source_workload,
    v.destination,
    c.location_id as carrier_location_id,
    v.location_id,
    v.request_count,
    v.first_seen,
    v.last_seen,
    case
      when exists (select 1 from json_each(:known_elsewhere) k where v.identity glob k.value)
        then 'known'
      when s.identity is not null and s.identity <> v.identity then 'other-workload'
      when c.identity is not null then 'expected'
      -- An identity of a trust domain that is not ours is from elsewhere by its name.
      when exists (
        select 1 from trust_domains t
        where v.identity like 'spiffe://' || t.trust_domain || '/%'
          or v.identity like '%.' || t.trust_domain
      )
        then 'nobody'
      else 'foreign'
    end as standing
  from verified_calls v
  left join carriers c on c.identity = v.identity
  left join workload s on s.workload_id = v.source_workload_id
),
identities as (
  select
    identity,
    standing,
    case standing when 'other-workload' then source_workload end as source_workload,
    min(coalesce(carrier_location_id, location_id)) as location_id,
    min(destination) as destination,
    sum(request_count) as request_count,
    min(first_seen) as first_seen,
    max(last_seen) as last_seen
  from judged_calls
  group by identity, standing, 3
)
select
  'identity ' || identity as subject,
  case standing
    when 'other-workload' then 'from ' || source_workload
    when 'nobody' then 'from nobody'
    else 'from its workloads'
  end as discriminator,
  case
    when standing in ('other-workload', 'nobody') then 'fail'
    when standing in ('known', 'foreign') then 'not-applicable'
    else 'pass'
  end as status,
  case standing
    when 'other-workload'
      then '"' || identity || '" called "' || destination || '" from a pod of "' || source_workload
        || '", which has another identity; ' || request_count
        || case request_count when 1 then ' request' else ' requests' end || ', last on '
        || day_of(last_seen)
    when 'nobody'
      then '"' || identity || '" called "' || destination
        || '", and no workload of the manifests has this identity; ' || request_count
        || case request_count when 1 then ' request' else ' requests' end || ', last on '
        || day_of(last_seen)
    when 'expected' then '"' || identity || '" was seen from its workloads only'
    else '"' || identity || '" belongs to workloads that are not in the manifests'
  end as message,
  location_id,
  json_object(
    'identity', identity, 'source_workload', source_workload, 'workload', destination,
    'requests', request_count, 'first_seen', first_seen, 'last_seen', last_seen
  ) as evidence
from identities
order by subject, discriminator
