with declared_addresses as (
  select
    ai_system_id,
    case
      when instr(log_sink, '://') > 0 then lower(substr(log_sink, 1, instr(log_sink, '://') - 1))
      else ''
    end as scheme,
    case
      when instr(log_sink, '://') > 0 then substr(log_sink, instr(log_sink, '://') + 3)
      else log_sink
    end as rest
  from ai_system
  where log_sink is not null
),
declared_hosts as (
  select
    ai_system_id,
    scheme,
    rest,
    lower(
      substr(
        substr(rest, 1, instr(rest || '/', '/') - 1), 1,
        instr(substr(rest, 1, instr(rest || '/', '/') - 1) || ':', ':') - 1
      )
    ) as host
  from declared_addresses
),
declared_places as (
  -- The names of a Service are those of the cluster's DNS; files lie on a node or in a volume.
  select
    d.ai_system_id,
    d.scheme in ('file', 'pvc') or substr(d.rest, 1, 1) = '/'
      or d.host like '%.svc' or d.host like '%.svc.%' or d.host like '%.cluster.local'
      or exists (
        select 1 from service v
        where d.scheme not in ('s3', 'gs', 'abfss', 'az')
          and d.host in (v.name || '.' || v.namespace, v.name)
      ) as is_in_cluster
  from declared_hosts d
),
collectors as (
  select
    count(*) as sink_count,
    coalesce(sum(is_in_cluster = 0), 0) as outside_count,
    coalesce(sum(is_in_cluster is null), 0) as unknown_count,
    min(
      case
        when is_in_cluster = 0 then collector || ' "' || namespace || '/' || name || '" ('
          || coalesce(address, kind) || ')'
      end
    ) as outside
  from log_sink
)
select
  'ai-system ' || s.ai_system_id as subject,
  case
    when p.is_in_cluster = 0 then 'pass'
    when c.outside_count > 0 then 'pass'
    when p.is_in_cluster is null and c.unknown_count > 0 then 'not-assessed'
    else 'fail'
  end as status,
  case
    when p.is_in_cluster = 0
      then 'system "' || s.ai_system_id || '" declares the sink "' || s.log_sink
        || '" outside the cluster'
    when c.outside_count > 0
      then 'logs of system "' || s.ai_system_id || '" leave the cluster by ' || c.outside
    when p.is_in_cluster is null and c.unknown_count > 0
      then 'system "' || s.ai_system_id || '" declares no sink, and where collectors write to is '
        || 'left to their environment'
    when p.is_in_cluster = 1
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') declares the sink "'
        || s.log_sink || '", which lies in the cluster'
    when c.sink_count > 0
      then 'system "' || s.ai_system_id || '" (' || s.trade_name || ') declares no sink of its logs, '
        || 'and collectors write to places in the cluster only'
    else 'system "' || s.ai_system_id || '" (' || s.trade_name || ') declares no sink of its logs'
  end as message,
  s.location_id,
  json_object(
    'ai_system', s.ai_system_id, 'declared_sink', s.log_sink, 'collector_sinks', c.sink_count,
    'outside', c.outside_count, 'unknown', c.unknown_count
  ) as evidence
from ai_system s
cross join collectors c
left join declared_places p on p.ai_system_id = s.ai_system_id
where s.status in ('in-service', 'on-market')
order by s.ai_system_id
