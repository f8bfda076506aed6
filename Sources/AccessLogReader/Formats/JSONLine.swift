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
  /// The values of members whose keys stand where they stood before.
  private let values: UnsafeMutablePointer<meshaudit_value>
  /// How many keys of the last line its format does not have.
  private(set) var unknownKeys = 0
  private var reader = JSONObjectReader()

  init(longestLine: Int) {
    self.longestLine = longestLine
    // Written before they are read, and most of them never.
    quotes = .allocate(capacity: longestLine / 64 + 2)
    places = .allocate(capacity: longestLine + 64)
    values = .allocate(capacity: JSONKeyTable.learnedLimit)
  }

  deinit {
    quotes.deallocate()
    places.deallocate()
    values.deallocate()
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
    let quotes: Quotes
    let hasBackslash: Bool
    if let (list, count) = window.places(.quote), let has = window.hasBackslash {
      hasBackslash = has
      quotes = Quotes(places: list, count: count, base: window.firstBit)
    } else {
      hasBackslash = markQuotes(window)
      let count = meshaudit_list(self.quotes, (line.count + 63) / 64, places, nil)
      quotes = Quotes(places: places, count: count, base: 0)
    }
    if !hasBackslash, let verdict = readPlain(line, quotes, &record, &times, keys) {
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
    _ line: Bytes, _ quotes: Quotes, _ record: inout LogRecord, _ times: inout LogTimeReader,
    _ keys: Keys
  ) -> LineVerdict? {
    var members = PlainMembers()
    var learned = keys.learned.keys
    var place = meshaudit_member_place(position: 1, key: 0, quote: 0)
    while true {
      var next = place.key
      let outcome = Int(
        meshaudit_members(
          line.pointer, line.count, quotes.places, quotes.count, UInt32(quotes.base), &learned,
          &place, values))
      guard outcome != MESHAUDIT_MEMBERS_OTHER else { return nil }
      while next < place.key {
        let value = values[next]
        let end = value.bytes.unsafelyUnwrapped - line.pointer + Int(value.count)
        if let problem = members.take(
          Bytes(value.bytes.unsafelyUnwrapped, Int(value.count)), isText: value.is_text != 0,
          endsAt: end, keys.learned[next], &record)
        {
          return problem == .other ? nil : problem
        }
        next &+= 1
      }
      if outcome == MESHAUDIT_MEMBERS_END { break }
      guard let (entry, value, isText) = quotes.member(of: line, &place, keys.table) else {
        return nil
      }
      if let problem = members.take(
        value, isText: isText, endsAt: place.position, entry, &record)
      {
        return problem == .other ? nil : problem
      }
      guard place.position < line.count else { return nil }
      if line[place.position] == UInt8(ascii: ",") {
        place.position += 1
        continue
      }
      guard line[place.position] == UInt8(ascii: "}"), place.position == line.count - 1 else {
        return nil
      }
      break
    }
    unknownKeys = members.unknownCount
    return JSONLine.finish(members.time, members.seen, &record, &times)
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
  fileprivate static func store(_ number: Int, _ meaning: FieldMeaning, _ record: inout LogRecord)
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
  fileprivate static func isScalar(_ value: Bytes) -> Bool {
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

/// What was read of a flat object so far.
private struct PlainMembers {
  /// Bits of the members that were seen.
  var seen: UInt64 = 0
  var unknownCount = 0
  var time = Bytes()

  /// Takes a member up; `.other` when the object is not plain, any other verdict ends the line.
  ///
  /// - Parameter end: where in the line the value ends.
  @inline(__always)
  mutating func take(
    _ value: Bytes, isText: Bool, endsAt end: Int, _ entry: JSONKeyTable.Entry,
    _ record: inout LogRecord
  ) -> LineVerdict? {
    var value = value
    if !isText {
      if value.count == 4, value[0] == UInt8(ascii: "n") {
        guard value.equals("null") else { return .other }
        value = Bytes()
      } else if entry.isNumber, entry.meaning != .code || value.count <= 3, end >= 8,
        let number = value.innerNumber
      {
        let bit: UInt64 = 1 << UInt64(entry.number)
        if seen & bit != 0 { return .ambiguous }
        seen |= bit
        return JSONLine.store(number, entry.meaning, &record) ? nil : .rejected
      } else {
        guard JSONLine.isScalar(value) else { return .other }
      }
    }
    guard entry.number != 63 else {
      if entry.meaning == .unknown { unknownCount += 1 }
      return nil
    }
    let bit: UInt64 = 1 << UInt64(entry.number)
    if seen & bit != 0 { return .ambiguous }
    seen |= bit
    if entry.meaning == .time {
      time = value
      return nil
    }
    return JSONLine.store(value, entry, &record) ? nil : .rejected
  }
}

/// The double quotes of a line.
private struct Quotes {
  let places: UnsafePointer<UInt32>
  let count: Int
  /// Where the line starts in what the places count from.
  let base: Int

  /// The place of a quote; beyond the end of any line when there is none.
  @inline(__always)
  subscript(index: Int) -> Int {
    index < count ? Int(places[index]) - base : Int.max / 2
  }

  /// Reads a member whose key may be any; nil when it is none of a flat object.
  @inline(never)
  func member(
    of line: Bytes, _ place: inout meshaudit_member_place, _ table: JSONKeyTable
  ) -> (JSONKeyTable.Entry, Bytes, isText: Bool)? {
    let quote = UInt8(ascii: "\"")
    guard place.position < line.count, line[place.position] == quote else { return nil }
    let keyStart = self[place.quote] + 1
    let keyEnd = self[place.quote + 1]
    // A quote elsewhere means another structure.
    guard keyStart == place.position + 1, keyEnd + 2 < line.count,
      line[keyEnd + 1] == UInt8(ascii: ":")
    else { return nil }
    let entry = table.entry(of: Bytes(line.pointer + keyStart, keyEnd - keyStart), at: place.key)
    place.key += 1
    place.quote += 2
    let start = keyEnd + 2
    if line[start] == quote {
      let end = self[place.quote + 1]
      guard self[place.quote] == start, end < line.count else { return nil }
      place.quote += 2
      place.position = end + 1
      return (entry, Bytes(line.pointer + start + 1, end - start - 1), true)
    }
    // The value ends before the next key, `,"`, or before the end of the line.
    let end = min(self[place.quote], line.count) - 1
    guard end > start else { return nil }
    place.position = end
    return (entry, Bytes(line.pointer + start, end - start), false)
  }
}
