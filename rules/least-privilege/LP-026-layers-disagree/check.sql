with governed_ports as (
  select
    e.destination_workload_id as workload_id,
    e.port,
    count(*) as edge_count
  from access_edge e
  where e.network_decision is not null and e.source_kind = 'workload'
  group by e.destination_workload_id, e.port
),
disagreements as (
  -- What the mesh lets through for lack of any policy is no grant, and defaults of Linkerd are none.
  select
    d.destination_workload_id as workload_id,
    d.port,
    d.refused_by,
    min(d.wire_port) as wire_port,
    count(*) as source_count,
    min(d.source) as first_source
  from layer_disagreement d
  where d.source_kind = 'workload'
    and (
      d.refused_by = 'mesh'
      or exists (
        select 1
        from json_each(d.mesh_decided_by) g
        where g.value not in (
          'all-unauthenticated', 'all-authenticated', 'cluster-unauthenticated', 'cluster-authenticated',
          'audit', 'probe', 'localhost'
        )
      )
    )
  group by d.destination_workload_id, d.port, d.refused_by
),
judged_ports as (
  select
    w.namespace || '/' || w.name as workload,
    w.layer,
    w.location_id,
    p.port,
    p.edge_count,
    n.source_count as kept_out_count,
    n.first_source as first_kept_out,
    n.wire_port,
    coalesce(m.source_count, 0) as wider_count,
    m.first_source as first_wider
  from governed_ports p
  join workload w on w.workload_id = p.workload_id
  left join disagreements n on n.workload_id = p.workload_id
    and n.port = p.port
    and n.refused_by = 'network-policy'
  left join disagreements m on m.workload_id = p.workload_id
    and m.port = p.port
    and m.refused_by = 'mesh'
  where w.dataplane <> 'none'
)
select
  'workload ' || workload || ' port ' || port as subject,
  case
    when kept_out_count > 0 or (:counts_wider_network and wider_count > 0) then 'fail'
    else 'pass'
  end as status,
  case
    when kept_out_count > 0
      then 'the mesh grants port ' || port || ' of workload "' || workload || '" to ' || kept_out_count
        || case kept_out_count when 1 then ' workload' else ' workloads' end || ', as "' || first_kept_out
        || '", that NetworkPolicy keeps out at port ' || wire_port
    when :counts_wider_network and wider_count > 0
      then 'NetworkPolicy lets ' || wider_count
        || case wider_count when 1 then ' workload' else ' workloads' end || ', as "' || first_wider
        || '", in at port ' || port || ' of workload "' || workload || '" that the mesh refuses'
    else 'NetworkPolicy lets in whom the mesh grants port ' || port || ' of workload "' || workload || '"'
  end as message,
  location_id,
  json_object(
    'workload', workload, 'port', port, 'layer', layer, 'wire_port', wire_port, 'edges', edge_count,
    'kept_out_by_network', coalesce(kept_out_count, 0), 'kept_out_by_mesh', wider_count
  ) as evidence
from judged_ports
order by workload, port
