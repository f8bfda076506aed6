import CInflateShim

/// Reads a line that is one JSON object, straight into the record.
///
/// Two readers: `readPlain` for a flat object without any backslash, by a bitmap of its quotes; every
/// other object goes through `JSONObjectReader`, which decodes escapes and flattens nested objects.
/// Envoy escapes JSON properly (spec access-logs 1.2), so that nothing in a field can end it.
struct JSONLine: ~Copyable {
  /// One bit a byte of the line, and the places of those that are set, for lines that are not listed.
  private let quotes: UnsafeMutablePointer<UInt64>
  private let places: UnsafeMutablePointer<UInt32>
  private let longestLine: Int
  /// How many keys of the last line its format does not have.
  private(set) var unknownKeys = 0
  private var reader = JSONObjectReader()

  init(longestLine: Int) {
    self.longestLine = longestLine
    // Written before they are read, and most of them never.
    quotes = .allocate(capacity: longestLine / 64 + 2)
    places = .allocate(capacity: longestLine + 64)
  }

  deinit {
    quotes.deallocate()
    places.deallocate()
  }

  /// The keys of a format; a table that the caller keeps.
  struct Keys {
    unowned(unsafe) let table: JSONKeyTable
    let learned: JSONKeyTable.Learned

    init(_ table: JSONKeyTable) {
      self.table = table
      learned = table.learned
    }
  }

  /// Reads a line that starts with `{`.
  @inline(__always)
  mutating func read(
    _ window: LineWindow, _ record: inout LogRecord, _ times: inout LogTimeReader,
    _ keys: Keys
  ) -> LineVerdict {
    let line = window.line
    guard line.count <= longestLine else { return .rejected }
    var walker: QuoteWalker
    let hasBackslash: Bool
    if let (list, count) = window.places(.quote), let has = window.hasBackslash {
      hasBackslash = has
      walker = QuoteWalker(places: list, count: count, base: window.firstBit)
    } else {
      hasBackslash = markQuotes(window)
      let count = meshaudit_list(quotes, (line.count + 63) / 64, places, nil)
      walker = QuoteWalker(places: places, count: count, base: 0)
    }
    if !hasBackslash,
      let verdict = readPlain(
        line, window.upper - line.pointer, &walker, &record, &times, keys)
    {
      return verdict
    }
    record.reset()
    return readSlowly(line, &record, &times, keys.table)
  }

  @inline(never)
  private func markQuotes(_ window: LineWindow) -> Bool {
    meshaudit_quote_bits(
      window.line.pointer, window.line.count, window.upper - window.line.pointer, quotes) != 0
  }

  /// Nil when the line is not flat and plain, or not an object at all: the other reader decides.
  @inline(__always)
  private mutating func readPlain(
    _ line: Bytes, _ readable: Int, _ walker: inout QuoteWalker, _ record: inout LogRecord,
    _ times: inout LogTimeReader, _ keys: Keys
  ) -> LineVerdict? {
    let start = line.pointer
    let quote = UInt8(ascii: "\"")
    var position = 1
    var seen: UInt64 = 0
    var unknown = 0
    var timeBytes = Bytes()
    var index = 0
    // Before it, as many bytes as a literal may have can be read.
    let lastLiteral = readable - JSONKeyTable.literalLimit + 1
    while true {
      let entry: JSONKeyTable.Entry
      if position < lastLiteral, let learned = keys.learned.entry(start + position, at: index),
        position + learned.count < line.count
      {
        entry = learned.entry
        position += learned.count
        walker.skipKey()
      } else {
        guard position < line.count, start[position] == quote else { return nil }
        let keyStart = walker.next() + 1
        let keyEnd = walker.next()
        // The walker must stand at this very key; a quote elsewhere means another structure.
        guard keyStart == position + 1, keyEnd + 2 < line.count,
          start[keyEnd + 1] == UInt8(ascii: ":")
        else { return nil }
        entry = keys.table.entry(of: Bytes(start + keyStart, keyEnd - keyStart), at: index)
        position = keyEnd + 2
      }
      index += 1
      var value: Bytes
      if start[position] == quote {
        let from = walker.next() + 1
        let to = walker.next()
        guard from == position + 1, to < line.count else { return nil }
        value = Bytes(start + from, to - from)
        position = to + 1
      } else {
        // The value ends before the next key, `,"`, or before the end of the line.
        let next = walker.peek()
        let end = next < line.count ? next - 1 : line.count - 1
        guard end > position else { return nil }
        value = Bytes(start + position, end - position)
        position = end
        if value.count == 4, value[0] == UInt8(ascii: "n") {
          guard value.equals("null") else { return nil }
          value = Bytes()
        } else if entry.isNumber, entry.meaning != .code || value.count <= 3, end >= 8,
          let number = value.innerNumber
        {
          let bit: UInt64 = 1 << UInt64(entry.number)
          if seen & bit != 0 { return .ambiguous }
          seen |= bit
          guard JSONLine.store(number, entry.meaning, &record) else { return .rejected }
          guard start[position] == UInt8(ascii: ",") else {
            guard start[position] == UInt8(ascii: "}"), position == line.count - 1 else {
              return nil
            }
            break
          }
          position += 1
          continue
        } else {
          guard JSONLine.isScalar(value) else { return nil }
        }
      }
      if entry.number != 63 {
        let bit: UInt64 = 1 << UInt64(entry.number)
        if seen & bit != 0 { return .ambiguous }
        seen |= bit
        if entry.meaning == .time {
          timeBytes = value
        } else if !JSONLine.store(value, entry, &record) {
          return .rejected
        }
      } else if entry.meaning == .unknown {
        unknown += 1
      }
      guard position < line.count else { return nil }
      if start[position] == UInt8(ascii: ",") {
        position += 1
        continue
      }
      guard start[position] == UInt8(ascii: "}"), position == line.count - 1 else { return nil }
      break
    }
    unknownKeys = unknown
    return JSONLine.finish(timeBytes, seen, &record, &times)
  }

  @inline(never)
  private mutating func readSlowly(
    _ line: Bytes, _ record: inout LogRecord, _ times: inout LogTimeReader,
    _ keys: JSONKeyTable
  ) -> LineVerdict {
    guard reader.read(line) else { return .rejected }
    var seen: UInt64 = 0
    unknownKeys = 0
    var timeBytes = Bytes()
    for member in 0..<reader.memberCount {
      let entry = keys.entry(of: reader.key(member), at: member)
      guard entry.number != 63 else {
        if entry.meaning == .unknown {
          unknownKeys += 1
          // A collector lifted the members of the line up beside its own.
          if let field = JSONWrapper.podField(reader.key(member)) {
            record[field] = reader.value(member)
          }
        }
        continue
      }
      let bit: UInt64 = 1 << UInt64(entry.number)
      if seen & bit != 0 { return .ambiguous }
      seen |= bit
      let value = reader.value(member)
      if entry.meaning == .time {
        timeBytes = value
      } else if !JSONLine.store(value, entry, &record) {
        return .rejected
      }
    }
    return JSONLine.finish(timeBytes, seen, &record, &times)
  }

  /// Ends a record whose members were stored: its time, and whether there are enough of them.
  @inline(__always)
  static func finish(
    _ timeBytes: Bytes, _ seen: UInt64, _ record: inout LogRecord, _ times: inout LogTimeReader
  ) -> LineVerdict {
    // A JSON object without the time of a request and with few known keys is another kind of message.
    let known = knownCount(seen)
    guard timeBytes.count > 0 else { return known >= 3 ? .rejected : .other }
    guard let moment = times.read(timeBytes) else { return .rejected }
    guard known >= 3 else { return .other }
    record.time = moment.nanoseconds
    record.day = moment.day
    record.hour = moment.hour
    return .read
  }

  /// How many members were seen that tell an access log line.
  @inline(__always)
  static func knownCount(_ seen: UInt64) -> Int {
    (seen & (1 << UInt64(JSONKeyTable.countedNumbers) - 1)).nonzeroBitCount
  }

  /// Stores a number; false when it is none that the key can have.
  @inline(__always)
  private static func store(_ number: Int, _ meaning: FieldMeaning, _ record: inout LogRecord)
    -> Bool
  {
    switch meaning {
    case .code: record.code = number
    case .bytesReceived: record.bytesReceived = number
    case .bytesSent: record.bytesSent = number
    case .duration: record.duration = number
    default: return false
    }
    return true
  }

  /// Stores a value; false when it is not what the key's values are.
  @inline(__always)
  static func store(
    _ value: Bytes, _ entry: JSONKeyTable.Entry, _ record: inout LogRecord
  ) -> Bool {
    switch entry.meaning {
    case .field:
      // Old Envoys and `%DYNAMIC_METADATA%` write `-` where newer ones write null.
      record[entry.field] = IstioTextLine.present(value)
    case .code:
      guard let code = IstioTextLine.codeNumber(value) else { return false }
      record.code = code
    case .bytesReceived:
      guard let amount = IstioTextLine.amount(value) else { return false }
      record.bytesReceived = amount
    case .bytesSent:
      guard let amount = IstioTextLine.amount(value) else { return false }
      record.bytesSent = amount
    case .duration:
      guard let duration = IstioTextLine.duration(value) else { return false }
      record.duration = duration
    case .durationNanoseconds:
      guard let duration = IstioTextLine.duration(value) else { return false }
      record.duration = duration < 0 ? -1 : duration / 1_000_000
    case .time, .unused, .unknown: break
    }
    return true
  }

  /// Whether bytes are a number, `true`, `false` or `null`.
  @inline(__always)
  private static func isScalar(_ value: Bytes) -> Bool {
    guard value.count > 0 else { return false }
    switch value[0] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      for index in 1..<max(value.count, 1) {
        switch value[index] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"),
          UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
          continue
        default: return false
        }
      }
      return true
    case UInt8(ascii: "n"): return value.equals("null")
    case UInt8(ascii: "t"): return value.equals("true")
    case UInt8(ascii: "f"): return value.equals("false")
    default: return false
    }
  }
}

/// Walks over the quotes of a line.
private struct QuoteWalker {
  private var places: UnsafePointer<UInt32>
  private let end: UnsafePointer<UInt32>
  /// Where the line starts in what the places count from.
  private let base: Int

  @inline(__always)
  init(places: UnsafePointer<UInt32>, count: Int, base: Int) {
    self.places = places
    end = places + count
    self.base = base
  }

  /// Goes past the two quotes of a key that was compared.
  @inline(__always)
  mutating func skipKey() {
    places += 2
  }

  /// The place of the next quote, without going on.
  @inline(__always)
  func peek() -> Int {
    places < end ? Int(places.pointee) - base : Int.max / 2
  }

  /// The place of the next quote; beyond the end of any line when there is none left.
  @inline(__always)
  mutating func next() -> Int {
    guard places < end else { return Int.max / 2 }
    let place = Int(places.pointee) - base
    places += 1
    return place
  }
}
