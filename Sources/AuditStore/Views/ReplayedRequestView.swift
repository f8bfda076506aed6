/// The view `replayed_request`.
extension View {
  static let replayedRequest = View(
    name: "replayed_request", group: .traffic,
    description: """
      Observed requests that a change decides otherwise than the state before it. Empty outside \
      `meshaudit gate`.
      """,
    columns: [
      Column("replayed_request_id", "key", "r.replayed_request_id"),
      Column(
        "effect",
        """
        breaks (was let through, would be refused), opens (would newly get through), unknown (one \
        side cannot tell) or unexplained (was let through although both refuse it)
        """, "r.effect"),
      Column("source", "name or identity of the caller", "r.source"),
      Column("destination", "`namespace/name:port`", "r.destination"),
      Column("operation", "method and path template, or the protocol", "r.operation"),
      Column("request_count", "observed requests", "r.request_count"),
      Column("first_seen", "UTC", "r.first_seen"),
      Column("last_seen", "UTC", "r.last_seen"),
      Column("before", "decision before the change", "r.before"),
      Column("after", "decision after it", "r.after"),
      Column("cause", "the changed line that does it, or null", "r.cause"),
      Column("location_id", "where it stands, joins `location`", "r.location_id"),
    ],
    source: "replayed_requests r where r.run_id = (select run_id from current_run)")
}
