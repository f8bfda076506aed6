import GRDB
package import MeshModel

extension AuditStore {
  /// When the proxy of a workload is known to have logged, over all runs.
  package struct Coverage: Hashable, Sendable {
    package var firstSeen: UTCTime
    package var lastSeen: UTCTime
    /// Hours with at least one line.
    package var hourCount: Int
    /// Hours from the first to the last with a line, both counted.
    package var spanHourCount: Int
    /// Full hours of the longest stretch without a line.
    package var longestGapHours: Int
  }

  package func coverage() throws(StoreError) -> [WorkloadID: Coverage] {
    try read { connection in
      var result: [WorkloadID: Coverage] = [:]
      var hours: [WorkloadID: [Int: UInt32]] = [:]
      let rows = try Row.fetchCursor(connection, sql: "select * from log_hours")
      while let row = try rows.next() {
        let id = WorkloadID(namespace: row["namespace"], name: row["name"])
        guard let first = UTCTime(row["first_seen"] as String),
          let last = UTCTime(row["last_seen"] as String)
        else { continue }
        hours[id, default: [:]][row["day_number"]] = UInt32(truncatingIfNeeded: row["hours"] as Int)
        var seen =
          result[id]
          ?? Coverage(
            firstSeen: first, lastSeen: last, hourCount: 0, spanHourCount: 0, longestGapHours: 0)
        seen.firstSeen = min(seen.firstSeen, first)
        seen.lastSeen = max(seen.lastSeen, last)
        result[id] = seen
      }
      for (id, days) in hours {
        guard let seen = result[id] else { continue }
        let log = LogCoverage(
          firstSeen: seen.firstSeen, lastSeen: seen.lastSeen, lineCount: 0, hoursByDay: days)
        var numbers: [Int] = []
        for (day, bits) in days where bits != 0 {
          numbers.append(day * 24 + bits.trailingZeroBitCount)
          numbers.append(day * 24 + 31 - bits.leadingZeroBitCount)
        }
        result[id]?.hourCount = log.hourCount
        result[id]?.spanHourCount = (numbers.max() ?? 0) - (numbers.min() ?? 0) + 1
        result[id]?.longestGapHours =
          log.gaps(atLeastHours: 1)
          .map { Int(($0.end.seconds - $0.start.seconds) / 3600) }.max() ?? 0
      }
      return result
    }
  }
}
