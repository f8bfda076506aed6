with members as materialized (
  select distinct workload_id from ai_system_workload
),
calls as materialized (
  select distinct
    o.source_workload_id as workload_id,
    o.destination_workload_id,
    case
      when instr(o.destination_host, ':') > 0
        then substr(o.destination_host, 1, instr(o.destination_host, ':') - 1)
      else o.destination_host
    end as host
  from observed_request o
  where o.outcome <> 'denied'
    and o.source_workload_id is not null
    and o.last_seen >= add_days(:as_of, -:window_days)
),
signs as (
  select w.workload_id, 'it carries the label ' || l.key || '=' || l.value as sign
  from workload w
  join json_each(w.labels) l
  join json_each(:component_labels) k on k.value = l.key || '=' || l.value
  union all
  select c.workload_id, 'it calls the model interface ' || c.host
  from calls c
  join json_each(:model_hosts) h on c.host glob h.value
  where c.destination_workload_id is null
  union all
  select c.workload_id, 'it calls the model ' || m.namespace || '/' || m.name
  from calls c
  join ai_system_workload a on a.workload_id = c.destination_workload_id and a.kind = 'model'
  join workload m on m.workload_id = a.workload_id
  join workload w on w.workload_id = c.workload_id
  -- Whom the register declares as a caller of the system is known.
  where not exists (
    select 1
    from interaction i
    where i.ai_system_id = a.ai_system_id
      and i.direction = 'in'
      and i.peer in (w.identity, 'ns/' || w.namespace || '/sa/' || w.service_account)
  )
  union all
  select t.workload_id, 'its spans speak of models or tools'
  from traced_workload t
  where t.agent_span_count > 0
),
judged as (
  select
    w.workload_id,
    w.namespace || '/' || w.name as workload,
    w.location_id,
    count(distinct s.sign) as sign_count,
    min(s.sign) as sign,
    json_group_array(distinct s.sign) as signs,
    w.workload_id in (select m.workload_id from members m) as is_registered
  from signs s
  join workload w on w.workload_id = s.workload_id
  where w.dataplane not in ('gateway', 'waypoint')
  group by w.workload_id
)
select
  'workload ' || j.workload as subject,
  case when j.is_registered then 'pass' else 'fail' end as status,
  case
    when j.is_registered then 'workload "' || j.workload || '" belongs to a registered system'
    else 'workload "' || j.workload || '" belongs to no registered system: ' || j.sign
      || case j.sign_count when 1 then '' else ', and ' || (j.sign_count - 1) || ' more' end
  end as message,
  j.location_id,
  json_object('workload', j.workload, 'signs', json(j.signs)) as evidence
from judged j
order by j.workload
