/// The view `log_gap`.
extension View {
  static let logGap = View(
    name: "log_gap", group: .traffic,
    description: """
      Full hours without any line of a workload's own proxy, between its first and its last line: what \
      was not seen in them may have been there.
      """,
    columns: [
      Column("workload_id", "joins `workload`", "w.workload_id"),
      Column(
        "last_line_hour", "start of the last hour with a line before, UTC",
        "g.last_day || 'T' || substr('0' || g.last_hour, -2) || ':00:00Z'"),
      Column(
        "next_line_hour", "start of the first hour with a line after, UTC",
        "g.day || 'T' || substr('0' || g.hour, -2) || ':00:00Z'"),
      Column("hour_count", "full hours without a line", "g.hour_number - g.last_number - 1"),
      Column(
        "first_hour_number", "first silent hour, in hours since 1970", "g.last_number + 1"),
      Column("last_hour_number", "last silent hour, in hours since 1970", "g.hour_number - 1"),
    ],
    source: """
      (
        select
          h.namespace,
          h.name,
          h.day,
          h.hour,
          h.hour_number,
          lag(h.day) over (partition by h.namespace, h.name order by h.hour_number) as last_day,
          lag(h.hour) over (partition by h.namespace, h.name order by h.hour_number) as last_hour,
          lag(h.hour_number) over (partition by h.namespace, h.name order by h.hour_number)
            as last_number
        from \(logHourRows) h
      ) g
      join workloads w on w.namespace = g.namespace and w.name = g.name
      where w.run_id = (select run_id from current_run) and g.hour_number - g.last_number > 1
      """)
}
