/// The view `call_chain`.
extension View {
  static let callChain = View(
    name: "call_chain", group: .traffic,
    description: """
      Who acted through whom: calls that traces tie together, added up by day. An edge of order 2 is a \
      caller, one that it acts through, and the called. That calls belong together, applications say: \
      they pass the trace's context on.
      """,
    columns: [
      Column("call_chain_id", "key", "c.call_chain_id"),
      Column("day", "UTC day", "c.day"),
      Column("call_order", "2, 3, …: how many calls follow each other", "c.hop_count - 1"),
      Column(
        "source_workload_id", "who acted, joins `workload`, or null",
        """
        (select min(w.workload_id) from workloads w where w.run_id = (select run_id from \
        current_run) and w.namespace = c.source_namespace and w.name = c.source_name)
        """),
      Column(
        "source", "who acted: namespace/name, or the name of a traced service",
        """
        case when c.source_name = '' then c.source_host else c.source_namespace || '/' || \
        c.source_name end
        """),
      Column(
        "destination_workload_id", "the called in the end, joins `workload`, or null",
        """
        (select min(w.workload_id) from workloads w where w.run_id = (select run_id from \
        current_run) and w.namespace = c.destination_namespace and w.name = c.destination_name)
        """),
      Column(
        "destination", "the called in the end: namespace/name, or the name of a traced service",
        """
        case when c.destination_name = '' then c.destination_host else c.destination_namespace || \
        '/' || c.destination_name end
        """),
      Column("hops", "all of them in order, JSON array", "c.hops"),
      Column("call_count", "calls at the end of the chain", "c.call_count"),
      Column("first_seen", "UTC", "c.first_seen"),
      Column("last_seen", "UTC", "c.last_seen"),
    ],
    source: "call_chains c")
}
