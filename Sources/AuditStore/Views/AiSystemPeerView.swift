/// The view `ai_system_peer`.
extension View {
  static let aiSystemPeer = View(
    name: "ai_system_peer", group: .register,
    description: """
      What interacts with AI systems in operation, declared or not: peers outside the system that an ALLOW \
      rule names or traffic shows, and external hosts that traffic shows. Default access, without a rule, \
      is no interaction.
      """,
    columns: [
      Column("ai_system_id", "joins `ai_system`", "p.ai_system_id"),
      Column("direction", "in or out", "p.direction"),
      Column(
        "peer", "ns/namespace/sa/account, the identity, namespace/name, or the host", "p.peer"),
      Column("identity", "identity of the peer or null", "p.identity"),
      Column("is_external", "1 for a host that no workload of the inputs serves", "p.is_external"),
      Column(
        "ai_system_count", "other AI systems that it belongs to", "p.ai_system_count"),
      Column("is_granted", "1 when an ALLOW rule lets it interact", "p.is_granted"),
      Column("request_count", "requests observed, in all days kept", "p.request_count"),
      Column("first_seen", "first of them, UTC, or null", "p.first_seen"),
      Column("last_seen", "last of them, UTC, or null", "p.last_seen"),
      Column(
        "interaction_id", "the declaration that covers it, joins `interaction`, or null",
        """
        (
          select min(i.interaction_id)
          from interaction i
          where i.ai_system_id = p.ai_system_id
            and i.direction = p.direction
            and (i.peer in (p.peer, p.identity) or i.external = p.peer)
        )
        """),
    ],
    source: "(\n\(AISystemPeerSQL.peers)\n) p")
}

/// What the view `ai_system_peer` is made of.
private enum AISystemPeerSQL {
  static let peers = """
    with members as materialized (
      select m.ai_system_id, m.workload_id
      from ai_system_workload m
      join ai_system s on s.ai_system_id = m.ai_system_id
      where s.is_operating
    ),
    grant_ids as materialized (
      select r.reported_id
      from policy p
      join policy_rule r on r.policy_id = p.policy_id
      where p.action = 'allow' and p.is_dry_run = 0 and p.kind <> 'Server'
    ),
    outside_ports as materialized (
      -- A gateway's server without mesh TLS sees no mesh identity: it knows callers by tokens or not at
      -- all, and that a workload could hold one is no grant to that workload.
      select p.workload_id, p.port
      from workload_port p
      join workload w on w.workload_id = p.workload_id
      where w.dataplane = 'gateway' and p.mtls_mode <> 'strict'
    ),
    granted_edges as materialized (
      select e.source_workload_id, e.destination_workload_id
      from access_edge e
      cross join json_each(e.decided_by) b
      cross join grant_ids g on g.reported_id = b.value
      where e.source_kind = 'workload' and e.decision in ('allow', 'partial', 'delegate')
        and not exists (
          select 1
          from outside_ports o
          where o.workload_id = e.destination_workload_id and o.port = e.port
        )
      group by e.source_workload_id, e.destination_workload_id
    ),
    observed_edges as materialized (
      select
        source_workload_id,
        destination_workload_id,
        sum(request_count) as request_count,
        min(first_seen) as first_seen,
        max(last_seen) as last_seen
      from observed_request
      where outcome <> 'denied'
        and is_repeated = 0
        and source_workload_id is not null
        and destination_workload_id is not null
      group by source_workload_id, destination_workload_id
    ),
    edges as (
      select source_workload_id, destination_workload_id, 1 as is_granted, 0 as request_count,
        null as first_seen, null as last_seen
      from granted_edges
      union all
      select source_workload_id, destination_workload_id, 0, request_count, first_seen, last_seen
      from observed_edges
    ),
    peer_workloads as (
      select m.ai_system_id, 'in' as direction, e.source_workload_id as peer_id, e.is_granted,
        e.request_count, e.first_seen, e.last_seen
      from members m
      join edges e on e.destination_workload_id = m.workload_id
      union all
      select m.ai_system_id, 'out', e.destination_workload_id, e.is_granted, e.request_count,
        e.first_seen, e.last_seen
      from members m
      join edges e on e.source_workload_id = m.workload_id
    )
    select
      p.ai_system_id,
      p.direction,
      case w.service_account
        when '' then coalesce(w.identity, w.namespace || '/' || w.name)
        else 'ns/' || w.namespace || '/sa/' || w.service_account
      end as peer,
      min(w.identity) as identity,
      0 as is_external,
      (
        select count(distinct o.ai_system_id)
        from members o
        join workload v on v.workload_id = o.workload_id
        where v.namespace = w.namespace
          and v.service_account = w.service_account
          and o.ai_system_id <> p.ai_system_id
      ) as ai_system_count,
      max(p.is_granted) as is_granted,
      sum(p.request_count) as request_count,
      min(p.first_seen) as first_seen,
      max(p.last_seen) as last_seen
    from peer_workloads p
    join workload w on w.workload_id = p.peer_id
    where not exists (
      select 1
      from members o
      where o.ai_system_id = p.ai_system_id and o.workload_id = p.peer_id
    )
    group by p.ai_system_id, p.direction, 3
    union all
    -- Hosts that no workload of the inputs stands behind, and that are no names inside the cluster.
    select
      m.ai_system_id,
      'out',
      case
        when instr(o.destination_host, ':') > 0
          then substr(o.destination_host, 1, instr(o.destination_host, ':') - 1)
        else o.destination_host
      end,
      null,
      1,
      0,
      0,
      sum(o.request_count),
      min(o.first_seen),
      max(o.last_seen)
    from observed_request o
    join members m on m.workload_id = o.source_workload_id
    where o.destination_workload_id is null
      and o.destination_host like '%.%'
      and o.destination_host not like '%.svc'
      and o.destination_host not like '%.svc.%'
      and o.destination_host glob '*[a-z]*'
      and o.outcome <> 'denied'
    group by m.ai_system_id, 3
    """
}
