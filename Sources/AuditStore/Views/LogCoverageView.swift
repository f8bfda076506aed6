/// The view `log_coverage`.
extension View {
  static let logCoverage = View(
    name: "log_coverage", group: .traffic,
    description: """
      When the proxy of each workload is known to have logged, whatever it logged: first and last line \
      and the hours between without one. A workload without a row logged nothing that was given. "Not \
      seen" is "not used" only inside what is covered: a kubelet keeps about 50 MiB of log a container.
      """,
    columns: [
      Column("workload_id", "joins `workload`", "w.workload_id"),
      Column("first_seen", "first line, UTC", "c.first_seen"),
      Column("last_seen", "last line, UTC", "c.last_seen"),
      Column("day_count", "days with at least one line", "c.day_count"),
      Column("hour_count", "hours with at least one line", "c.hour_count"),
      Column(
        "span_hour_count", "hours from the first to the last with a line, both counted",
        "c.last_number - c.first_number + 1"),
      Column(
        "silent_hour_count", "of them, hours without any line",
        "c.last_number - c.first_number + 1 - c.hour_count"),
      Column("gap_count", "stretches of full hours without a line", "c.gap_count"),
      Column("longest_gap_hours", "hours of the longest of them, or 0", "c.longest_gap"),
    ],
    source: """
      (
        select
          n.namespace,
          n.name,
          (
            select min(m.first_seen) from log_hours m
            where m.namespace = n.namespace and m.name = n.name
          ) as first_seen,
          (
            select max(m.last_seen) from log_hours m
            where m.namespace = n.namespace and m.name = n.name
          ) as last_seen,
          count(distinct n.day) as day_count,
          count(*) as hour_count,
          min(n.hour_number) as first_number,
          max(n.hour_number) as last_number,
          sum(n.silent > 0) as gap_count,
          max(n.silent) as longest_gap
        from (
          select
            h.namespace,
            h.name,
            h.day,
            h.hour_number,
            coalesce(
              h.hour_number
                - lag(h.hour_number) over (
                  partition by h.namespace, h.name order by h.hour_number
                ) - 1,
              0
            ) as silent
          from \(logHourRows) h
        ) n
        group by n.namespace, n.name
      ) c
      join workloads w on w.namespace = c.namespace and w.name = c.name
      where w.run_id = (select run_id from current_run)
      """)
}
