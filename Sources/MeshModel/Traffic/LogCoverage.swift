/// When a workload's proxy is known to have logged.
///
/// "Not seen" is "not used" only inside what is covered: a kubelet keeps about 50 MiB of log a
/// container by default (Kubernetes, logging architecture: `containerLogMaxSize` 10Mi,
/// `containerLogMaxFiles` 5).
package struct LogCoverage: Hashable, Sendable {
  package var firstSeen: UTCTime
  package var lastSeen: UTCTime
  /// Number of lines.
  package var lineCount: Int
  /// UTC day (days since 1970-01-01) to a set of its hours with at least one line, bit 0 is 00:00.
  package var hoursByDay: [Int: UInt32]

  package init(firstSeen: UTCTime, lastSeen: UTCTime, lineCount: Int, hoursByDay: [Int: UInt32]) {
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.lineCount = lineCount
    self.hoursByDay = hoursByDay
  }

  package mutating func add(_ other: LogCoverage) {
    firstSeen = min(firstSeen, other.firstSeen)
    lastSeen = max(lastSeen, other.lastSeen)
    lineCount += other.lineCount
    hoursByDay.merge(other.hoursByDay) { $0 | $1 }
  }

  /// The number of hours with at least one line.
  package var hourCount: Int { hoursByDay.values.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Stretches of `hours` or more full hours between the first and the last line without any line,
  /// as the first silent hour and the first hour with a line after it.
  package func gaps(atLeastHours hours: Int) -> [(start: UTCTime, end: UTCTime)] {
    var result: [(start: UTCTime, end: UTCTime)] = []
    var previous: Int?
    for day in hoursByDay.keys.sorted() {
      for hour in 0..<24 where hoursByDay[day, default: 0] >> UInt32(hour) & 1 == 1 {
        let number = day * 24 + hour
        if let previous, number - previous - 1 >= max(hours, 1) {
          result.append(
            (
              UTCTime(seconds: Int64(previous + 1) * 3600), UTCTime(seconds: Int64(number) * 3600)
            ))
        }
        previous = number
      }
    }
    return result
  }
}
