import MeshModel

/// Reads records of a summary that are written as this program writes them: no space, no escape, ASCII, whole
/// numbers, each member once and none that is not known.
///
/// Nothing else is read here: whoever gets nil asks the decoder of any JSON, which decides what is an error.
struct PlainSummaryRecord {
  /// The members, in the order in which they are written.
  private enum Member: Int, CaseIterable {
    case day, side, source, destination, port, `protocol`, method, path, response, outcome
    case deniedBy, identitySource, isPathTrusted, isMTLS, format, count, first, last
    case bytesReceived, bytesSent, latency, restFirst, restLast, halves
    case coverage, lines, hours, pathDepth

    var name: StaticString {
      switch self {
      case .day: "day"
      case .side: "side"
      case .source: "source"
      case .destination: "destination"
      case .port: "port"
      case .protocol: "protocol"
      case .method: "method"
      case .path: "path"
      case .response: "response"
      case .outcome: "outcome"
      case .deniedBy: "deniedBy"
      case .identitySource: "identitySource"
      case .isPathTrusted: "isPathTrusted"
      case .isMTLS: "isMTLS"
      case .format: "format"
      case .count: "count"
      case .first: "first"
      case .last: "last"
      case .bytesReceived: "bytesReceived"
      case .bytesSent: "bytesSent"
      case .latency: "latency"
      case .restFirst: "restFirst"
      case .restLast: "restLast"
      case .halves: "halves"
      case .coverage: "coverage"
      case .lines: "lines"
      case .hours: "hours"
      case .pathDepth: "pathDepth"
      }
    }
  }

  private var times = LogTimeReader()

  /// The record of a line; nil when it is not written so.
  mutating func read(_ line: Bytes) -> TrafficSummaryRecord? {
    var record = TrafficSummaryRecord()
    var cursor = PlainJSONCursor(line)
    var seen: UInt64 = 0
    var expected = 0
    let isRead = cursor.readObject { (cursor, name) in
      guard let member = PlainSummaryRecord.member(name, from: expected) else { return false }
      expected = member.rawValue + 1
      let bit: UInt64 = 1 << UInt64(member.rawValue)
      guard seen & bit == 0 else { return false }
      seen |= bit
      return read(member, &cursor, &record)
    }
    return isRead && cursor.isAtEnd ? record : nil
  }

  /// The member of a name, looked for from the one on that comes next.
  private static func member(_ name: Bytes, from expected: Int) -> Member? {
    let count = Member.allCases.count
    for step in 0..<count {
      let number = expected + step < count ? expected + step : expected + step - count
      if let member = Member(rawValue: number), name.equals(member.name) { return member }
    }
    return nil
  }

  private mutating func read(
    _ member: Member, _ cursor: inout PlainJSONCursor, _ record: inout TrafficSummaryRecord
  ) -> Bool {
    switch member {
    case .day: return cursor.read(&record.day)
    case .side: return cursor.read(&record.side)
    case .source: return cursor.read(&record.source)
    case .destination: return cursor.read(&record.destination)
    case .port: return cursor.read(&record.port)
    case .protocol: return cursor.read(&record.protocol)
    case .method: return cursor.read(&record.method)
    case .path: return cursor.read(&record.path)
    case .response: return cursor.read(&record.response)
    case .outcome: return cursor.read(&record.outcome)
    case .deniedBy: return cursor.read(&record.deniedBy)
    case .identitySource: return cursor.read(&record.identitySource)
    case .isPathTrusted: return cursor.read(&record.isPathTrusted)
    case .isMTLS: return cursor.read(&record.isMTLS)
    case .format: return cursor.read(&record.format)
    case .count: return cursor.read(&record.count)
    case .first: return read(&record.first, &cursor)
    case .last: return read(&record.last, &cursor)
    case .bytesReceived: return cursor.read(&record.bytesReceived)
    case .bytesSent: return cursor.read(&record.bytesSent)
    case .latency: return cursor.read(&record.latency)
    case .restFirst: return read(&record.restFirst, &cursor)
    case .restLast: return read(&record.restLast, &cursor)
    case .halves: return cursor.read(&record.halves)
    case .coverage: return cursor.read(&record.coverage)
    case .lines: return cursor.read(&record.lines)
    case .hours: return cursor.read(&record.hours)
    case .pathDepth: return cursor.read(&record.pathDepth)
    }
  }

  private mutating func read(
    _ moment: inout TrafficSummaryRecord.Moment?, _ cursor: inout PlainJSONCursor
  ) -> Bool {
    guard let text = cursor.text() else { return false }
    // `2026-11-24T02:37:34.318Z`; any other way to write a time goes through the general reader.
    if text.count == 24, text[10] == UInt8(ascii: "T"), text[23] == UInt8(ascii: "Z"),
      let read = times.read(text)
    {
      moment = .init(UTCTime(nanosecondsSince1970: read.nanoseconds))
    } else {
      moment = .init(UTCTime(text.text))
    }
    return true
  }
}

/// Walks over JSON without spaces and escapes.
private struct PlainJSONCursor {
  private let bytes: Bytes
  private var position = 0

  init(_ bytes: Bytes) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Reads an object with at least one member; `member` reads the value of each.
  mutating func readObject(_ member: (inout PlainJSONCursor, Bytes) -> Bool) -> Bool {
    guard skip(UInt8(ascii: "{")) else { return false }
    repeat {
      guard let name = text(), skip(UInt8(ascii: ":")), member(&self, name) else { return false }
    } while skip(UInt8(ascii: ","))
    return skip(UInt8(ascii: "}"))
  }

  /// A string of ASCII without its quotes.
  mutating func text() -> Bytes? {
    guard skip(UInt8(ascii: "\"")) else { return nil }
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return Bytes(bytes.pointer + start, position - 1 - start)
      }
      guard byte >= 32, byte < 127, byte != UInt8(ascii: "\\") else { return nil }
      position += 1
    }
    return nil
  }

  /// A whole number of at most 18 digits.
  private mutating func number() -> Int? {
    let isNegative = skip(UInt8(ascii: "-"))
    let start = position
    var value = 0
    while position < bytes.count, (48...57).contains(bytes[position]) {
      value = value &* 10 &+ Int(bytes[position] &- 48)
      position += 1
    }
    let count = position - start
    guard count > 0, count <= 18, count == 1 || bytes[start] != UInt8(ascii: "0") else {
      return nil
    }
    return isNegative ? -value : value
  }

  mutating func read(_ value: inout String?) -> Bool {
    guard let text = text() else { return false }
    value = String(
      decoding: UnsafeBufferPointer(start: text.pointer, count: text.count), as: UTF8.self)
    return true
  }

  mutating func read(_ value: inout Int?) -> Bool {
    value = number()
    return value != nil
  }

  mutating func read(_ value: inout Int64?) -> Bool {
    value = number().map(Int64.init)
    return value != nil
  }

  mutating func read(_ value: inout Bool?) -> Bool {
    let rest = bytes.dropFirst(position)
    if rest.hasPrefix("true") {
      value = true
      position += 4
    } else if rest.hasPrefix("false") {
      value = false
      position += 5
    }
    return value != nil
  }

  mutating func read(_ party: inout TrafficSummaryRecord.Party?) -> Bool {
    var found = TrafficSummaryRecord.Party()
    let isRead = readObject { cursor, name in
      if name.equals("principal") { return found.principal == nil && cursor.read(&found.principal) }
      if name.equals("workload") { return found.workload == nil && cursor.read(&found.workload) }
      return name.equals("host") && found.host == nil && cursor.read(&found.host)
    }
    party = found
    return isRead
  }

  mutating func read(_ latency: inout TrafficSummaryRecord.Latency?) -> Bool {
    var counts: [(lower: Int?, count: Int)] = []
    counts.reserveCapacity(LatencyHistogram.bucketCount)
    let isRead = readObject { cursor, name in
      guard let count = cursor.number(), let lower = name.number,
        counts.last.map({ ($0.lower ?? 0) < lower }) ?? true
      else { return false }
      counts.append((lower, count))
      return true
    }
    latency = .init(counts)
    return isRead
  }

  mutating func read(_ hours: inout [String: Int]?) -> Bool {
    var found: [String: Int] = [:]
    let isRead = readObject { cursor, name in
      guard let hours = cursor.number() else { return false }
      return found.updateValue(hours, forKey: name.text) == nil
    }
    hours = found
    return isRead
  }
}
