import MeshModel

/// What a row of an engine says besides a line of the log: for how many lines it stands.
struct EngineRow {
  /// Rows that the engine wrote in all.
  var rowCount = 0
  /// Lines that the row stands for.
  var count = 0
  /// The last of them, as nanoseconds since 1970; the record has the first.
  var last: Int64 = 0
  /// Hours of the day with a line, one bit each.
  var hours: UInt32 = 0
  /// Lines by latency bucket.
  var latency = [UInt32](repeating: 0, count: LatencyHistogram.bucketCount)

  /// How every row starts.
  static let start: StaticString = "{\"meshaudit_schema\":\"traffic-rows-1\""

  /// Takes a member that is the row's own; false when it is not what it should be, nil when it is one of
  /// the log's.
  mutating func take(_ key: Bytes, _ value: Bytes, _ times: inout LogTimeReader) -> Bool? {
    guard key.hasPrefix("meshaudit_") else { return nil }
    if key.equals("meshaudit_schema") { return value.equals("traffic-rows-1") }
    if key.equals("meshaudit_last") {
      guard let moment = times.read(value) else { return false }
      last = moment.nanoseconds
      return true
    }
    if key.equals("meshaudit_latency") { return takeLatency(value) }
    guard let number = value.number, number < 1 << 53 else { return false }
    if key.equals("meshaudit_rows") {
      rowCount = number
    } else if key.equals("meshaudit_count") {
      count = number
    } else if key.equals("meshaudit_hours") {
      guard number < 1 << 24 else { return false }
      hours = UInt32(number)
    } else {
      return false
    }
    return true
  }

  /// Reads `0:23 1:68`: the smallest duration of a bucket and how many lines are in it.
  private mutating func takeLatency(_ value: Bytes) -> Bool {
    var rest = value
    while rest.count > 0 {
      let pair = rest.prefix(rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.count)
      rest = rest.dropFirst(min(pair.count + 1, rest.count))
      guard let colon = pair.firstIndex(of: UInt8(ascii: ":")),
        let lower = pair.prefix(colon).number, let lines = pair.dropFirst(colon + 1).number,
        lower <= 1 << 20, let exact = UInt32(exactly: lines)
      else { return false }
      let bucket = LatencyHistogram.bucket(milliseconds: lower)
      guard LatencyHistogram.lowerBound(bucket: bucket) == lower, latency[bucket] == 0 else {
        return false
      }
      latency[bucket] = exact
    }
    return true
  }

  /// Whether its numbers can be true, for a row that starts at `first`.
  func isPlausible(first: Int64) -> Bool {
    rowCount > 0 && count > 0 && last >= first
      && latency.reduce(0, { $0 + Int($1) }) <= count
  }
}

extension LineReader {
  /// Reads a row of an engine: its own members into `row`, those of the log into the record, by the
  /// format that knows most of them.
  mutating func readRow(_ line: Bytes, _ record: inout LogRecord, _ row: inout EngineRow) -> Bool {
    guard objects.read(line) else { return false }
    for member in 0..<objects.memberCount
    where row.take(objects.key(member), objects.value(member), &times) == false {
      return false
    }
    var best: (index: Int, unknown: Int)?
    for (index, table) in tables.enumerated() {
      var unknown = 0
      for member in 0..<objects.memberCount
      where !objects.key(member).hasPrefix("meshaudit_")
        && table.keys.known(objects.key(member)).meaning == .unknown
      {
        unknown += 1
      }
      if unknown < best?.unknown ?? .max { best = (index, unknown) }
    }
    guard let best else { return false }
    record.reset()
    record.format = tables[best.index].format
    var seen: UInt64 = 0
    var time = Bytes()
    for member in 0..<objects.memberCount {
      let entry = tables[best.index].keys.known(objects.key(member))
      guard entry.number != 63 else { continue }
      let bit: UInt64 = 1 << UInt64(entry.number)
      guard seen & bit == 0 else { return false }
      seen |= bit
      if entry.meaning == .time {
        time = objects.value(member)
      } else if !JSONLine.store(objects.value(member), entry, &record) {
        return false
      }
    }
    guard JSONLine.finish(time, seen, &record, &times) == .read else { return false }
    if row.hours == 0 { row.hours = 1 << record.hour }
    if record.format == linkerdJSON { LinkerdApacheLine.finish(&record) }
    return row.isPlausible(first: record.time)
  }
}
