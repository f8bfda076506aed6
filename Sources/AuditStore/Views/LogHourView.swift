/// The view `log_hour`.
extension View {
  /// The hours with lines: each day's set, taken apart.
  static let logHourRows = """
    (
      select
        m.namespace,
        m.name,
        m.day,
        b.column1 as hour,
        m.day_number * 24 + b.column1 as hour_number
      from log_hours m
      join (
        values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15),
          (16), (17), (18), (19), (20), (21), (22), (23)
      ) b on (m.hours >> b.column1) & 1
    )
    """

  static let logHour = View(
    name: "log_hour", group: .traffic,
    description: "Each hour in which a workload's own proxy wrote at least one line.",
    columns: [
      Column("workload_id", "joins `workload`", "w.workload_id"),
      Column("day", "UTC day", "h.day"),
      Column("hour", "hour of the day, 0 to 23, UTC", "h.hour"),
      Column("hour_number", "hours since 1970-01-01T00:00:00Z", "h.hour_number"),
    ],
    source: """
      \(logHourRows) h
      join workloads w on w.namespace = h.namespace and w.name = h.name
      where w.run_id = (select run_id from current_run)
      """)
}
