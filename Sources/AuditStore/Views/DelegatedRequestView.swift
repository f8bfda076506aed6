/// The view `delegated_request`.
extension View {
  static let delegatedRequest = View(
    name: "delegated_request", group: .traffic,
    description: """
      Observed requests whose verdict policies leave to an external authorizer, added up by day, beside \
      what its decision log holds of the same calls.
      """,
    columns: [
      Column(
        "day", "UTC day",
        "q.day"),
      Column(
        "source", "identity of the caller, or null",
        "nullif(q.source, '')"),
      Column(
        "destination_workload_id", "called in `workload`, or null",
        """
        (select min(w.workload_id) from workloads w where w.run_id = (select run_id from current_run) \
        and w.namespace = q.destination_namespace and w.name = q.destination_name)
        """),
      Column(
        "port", "container port or null",
        "nullif(q.port, 0)"),
      Column(
        "method", "HTTP method or null",
        "nullif(q.method, '')"),
      Column(
        "path_template", "path without query, identifiers as {id}",
        "nullif(q.path_template, '')"),
      Column(
        "decided_by", "rule that delegates",
        "q.decided_by"),
      Column(
        "request_count", "requests that the server's proxy logged",
        "q.request_count"),
      Column(
        "refused_count", "of these refused",
        "q.refused_count"),
      Column(
        "authorizer_allow_count", "decisions to allow in the authorizer's log; 0 when it has none",
        authorizer("x.outcome = 'allow'")),
      Column(
        "authorizer_deny_count", "its other decisions: denials, undefined ones and errors",
        authorizer("x.outcome <> 'allow'")),
    ],
    source: """
      (
        select
          o.day,
          o.source_principal as source,
          o.destination_namespace,
          o.destination_name,
          o.port,
          o.method,
          o.path_template,
          d.decided_by,
          sum(o.request_count) as request_count,
          sum(case o.outcome when 'denied' then o.request_count else 0 end) as refused_count
        from observed_requests o
        join observed_decisions d on d.observed_request_id = o.observed_request_id
        where d.run_id = (select run_id from current_run)
          and d.decision = 'delegate'
          and o.side = 'server'
          and o.evidence = 'log'
        group by o.day, o.source_principal, o.destination_namespace, o.destination_name, o.port,
          o.method, o.path_template, d.decided_by
      ) q
      """)

  /// Decisions on the calls of a row; a log that leaves method or path out holds nothing of them.
  private static func authorizer(_ outcome: String) -> String {
    """
    (
      select coalesce(sum(x.decision_count), 0)
      from external_decisions x
      where x.run_id = (select run_id from current_run)
        and \(outcome)
        and x.day = q.day
        and coalesce(x.source, '') = q.source
        and x.destination_namespace = q.destination_namespace
        and x.destination_name = q.destination_name
        and coalesce(x.port, 0) = q.port
        and coalesce(x.method, '') = q.method
        and coalesce(x.path_template, '') = q.path_template
    )
    """
  }
}
