/// Reads ztunnel's plain access log lines: tab-parted time, level, `access`, message, then
/// `key=value` pairs parted by spaces (ztunnel src/telemetry.rs; "unstable" by its README).
///
/// Strings are in Rust's debug quoting; a quoted string may hold spaces. Documentation pastes tabs as
/// spaces, so both are taken.
enum ZtunnelTextLine {
  /// Reads a line.
  ///
  /// `scratch` receives decoded strings and must not move until the record is done.
  static func read(
    _ line: Bytes, _ record: inout LogRecord, _ times: inout LogTimeReader,
    _ scratch: borrowing DecodeBuffer
  ) -> LineVerdict {
    var cursor = 0
    let time = word(line, &cursor)
    guard let moment = times.read(time) else { return .rejected }
    _ = word(line, &cursor)
    guard word(line, &cursor).equals("access") else { return .other }
    guard line.dropFirst(cursor).hasPrefix("connection ") else { return .other }
    _ = word(line, &cursor)
    let event = word(line, &cursor)
    // "connection opened" announces what "connection complete" or "failed" will say again.
    guard event.equals("complete") || event.equals("failed") else { return .other }
    record.time = moment.nanoseconds
    record.day = moment.day
    record.hour = moment.hour
    var written = 0
    var pairs = ZtunnelPairs()
    while cursor < line.count {
      guard let equals = line.dropFirst(cursor).firstIndex(of: UInt8(ascii: "=")) else {
        return .rejected
      }
      let key = Bytes(line.pointer + cursor, equals)
      guard key.firstIndex(of: UInt8(ascii: " ")) == nil else { return .ambiguous }
      cursor += equals + 1
      var value: Bytes
      if cursor < line.count, line[cursor] == UInt8(ascii: "\"") {
        guard let text = quoted(line, &cursor, scratch, &written) else { return .rejected }
        value = text
        guard cursor == line.count || line[cursor] == UInt8(ascii: " ") else { return .ambiguous }
        cursor += 1
      } else {
        value = word(line, &cursor)
      }
      guard pairs.store(key, value, &record) else { return .ambiguous }
    }
    return pairs.finish(&record, scratch, &written)
  }

  private static func word(_ line: Bytes, _ cursor: inout Int) -> Bytes {
    let start = cursor
    while cursor < line.count, line[cursor] != UInt8(ascii: " "), line[cursor] != 9 { cursor += 1 }
    let word = Bytes(line.pointer + start, cursor - start)
    if cursor < line.count { cursor += 1 }
    return word
  }

  /// A string in Rust's debug quoting; escapes other than the plain ones stay as they are.
  private static func quoted(
    _ line: Bytes, _ cursor: inout Int, _ scratch: borrowing DecodeBuffer, _ written: inout Int
  ) -> Bytes? {
    cursor += 1
    let start = written
    while cursor < line.count {
      var byte = line[cursor]
      cursor += 1
      if byte == UInt8(ascii: "\"") { return scratch.bytes(start, written - start) }
      if byte == UInt8(ascii: "\\") {
        guard cursor < line.count else { return nil }
        let escape = line[cursor]
        cursor += 1
        switch escape {
        case UInt8(ascii: "n"): byte = 10
        case UInt8(ascii: "r"): byte = 13
        case UInt8(ascii: "t"): byte = 9
        case UInt8(ascii: "0"): byte = 0
        default: byte = escape
        }
      }
      guard scratch.put(byte, at: written) else { return nil }
      written += 1
    }
    return nil
  }
}
