/// The view `traffic_window`.
extension View {
  static let trafficWindow = View(
    name: "traffic_window", group: .traffic,
    description: """
      For how long the calls to each workload were seen by its own proxy, in its log or its counters: \
      without it, not seen is never not used.
      """,
    columns: [
      Column(
        "workload_id", "joins `workload`",
        "w.workload_id"),
      Column(
        "first_seen", "UTC",
        "min(d.first_seen)"),
      Column(
        "last_seen", "UTC",
        "max(d.last_seen)"),
      Column(
        "day_count", "days with at least one request",
        "count(distinct d.day)"),
      Column(
        "request_count",
        "requests on the server side, each once where log and counters both saw it",
        "sum(d.request_count)"),
      Column(
        "known_source_count",
        "of them, those whose caller the mesh verified, or whose line says that there was no mutual TLS",
        "sum(d.known_source_count)"),
      Column(
        "decided_count", "of them, those on which the policies of this run decide",
        "sum(d.decided_count)"),
    ],
    source: """
      (
        select
          e.day,
          e.destination_namespace,
          e.destination_name,
          min(e.first_seen) as first_seen,
          max(e.last_seen) as last_seen,
          -- What is not repeated adds up where the callers are known; of callers who are not, log and
          -- counters may show the same.
          max(max(e.request_count), sum(e.known_source_count)) as request_count,
          sum(e.known_source_count) as known_source_count,
          sum(e.decided_count) as decided_count
        from (
          select
            o.day,
            o.destination_namespace,
            o.destination_name,
            o.evidence,
            min(o.first_seen) as first_seen,
            max(o.last_seen) as last_seen,
            sum(o.request_count) as request_count,
            sum(case when o.is_identity_verified = 1 or o.is_mtls = 0 then o.request_count else 0 end)
              as known_source_count,
            sum(case when coalesce(x.decision, 'unknown') = 'unknown' then 0 else o.request_count end)
              as decided_count
          from observed_requests o
          left join observed_decisions x on x.observed_request_id = o.observed_request_id
            and x.run_id = (select run_id from current_run)
          where o.side = 'server' and o.evidence <> 'trace'
            and not \(TrafficSQL.isRepeated("o"))
          group by o.day, o.destination_namespace, o.destination_name, o.evidence
        ) e
        group by e.day, e.destination_namespace, e.destination_name
      ) d
      join workloads w on w.namespace = d.destination_namespace and w.name = d.destination_name
      where w.run_id = (select run_id from current_run)
      group by w.workload_id
      """)
}
