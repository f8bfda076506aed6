import GRDB
import MeshModel

/// Writes when the proxies of workloads logged, by day.
enum CoverageWriter {
  static func write(_ coverage: [WorkloadID: LogCoverage], _ connection: Database) throws {
    guard !coverage.isEmpty else { return }
    let statement = try connection.cachedStatement(
      sql: """
        insert into log_hours (day, day_number, namespace, name, hours, first_seen, last_seen)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict (namespace, name, day) do update set
          hours = hours | excluded.hours,
          first_seen = min(first_seen, excluded.first_seen),
          last_seen = max(last_seen, excluded.last_seen)
        """)
    for (workload, seen) in coverage {
      for (day, hours) in seen.hoursByDay where hours != 0 {
        let start = UTCTime(seconds: Int64(day) * 86_400)
        let first = start.adding(hours: hours.trailingZeroBitCount)
        let last = start.adding(hours: 31 - hours.leadingZeroBitCount)
        // Exact at the ends of what was seen, to the hour between.
        try statement.execute(arguments: [
          start.dayText, day, workload.namespace, workload.name, Int(hours),
          (seen.firstSeen.dayText == start.dayText ? seen.firstSeen : first).millisecondText,
          (seen.lastSeen.dayText == start.dayText ? seen.lastSeen : last).millisecondText,
        ])
      }
    }
  }
}

extension UTCTime {
  fileprivate func adding(hours: Int) -> UTCTime {
    UTCTime(seconds: seconds + Int64(hours) * 3600)
  }
}
