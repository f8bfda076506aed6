/// Takes apart a line of OTLP JSON logs (OpenTelemetry, OTLP/JSON protobuf encoding): one export a
/// line, with many records.
///
/// The body of a record is a line of the mesh's text or JSON format (Istio's OpenTelemetry access
/// logger: body is the text format, attributes are labels; spec access-logs 1.1).
struct OTLPLine: ~Copyable {
  /// Where a record's body and its pod's names are in `buffer`.
  struct Record {
    var body: Range<Int>
    var pod: Range<Int>
    var namespace: Range<Int>
  }

  private(set) var records: [Record] = []
  private let buffer: DecodeBuffer
  private var written = 0

  init(capacity: Int) {
    buffer = DecodeBuffer(capacity: capacity)
  }

  func bytes(_ range: Range<Int>) -> Bytes { buffer.bytes(range.lowerBound, range.count) }

  /// Reads a line; false when it is not JSON.
  mutating func read(_ line: Bytes) -> Bool {
    records.removeAll(keepingCapacity: true)
    written = 0
    var cursor = JSONCursor(line)
    cursor.skipSpace()
    guard readExport(&cursor) else { return false }
    cursor.skipSpace()
    return cursor.isAtEnd
  }

  private mutating func readExport(_ cursor: inout JSONCursor) -> Bool {
    readMembers(&cursor) { line, cursor, key in
      guard line.bytes(key).equals("resourceLogs") else { return cursor.skipValue() }
      return line.readElements(&cursor) { line, cursor in line.readResource(&cursor) }
    }
  }

  private mutating func readResource(_ cursor: inout JSONCursor) -> Bool {
    var pod = 0..<0
    var namespace = 0..<0
    let first = records.count
    let isRead = readMembers(&cursor) { line, cursor, key in
      if line.bytes(key).equals("resource") {
        return line.readMembers(&cursor) { line, cursor, key in
          guard line.bytes(key).equals("attributes") else { return cursor.skipValue() }
          return line.readElements(&cursor) { line, cursor in
            guard let (name, value) = line.readAttribute(&cursor) else { return false }
            if line.bytes(name).equals("k8s.pod.name") { pod = value }
            if line.bytes(name).equals("k8s.namespace.name") { namespace = value }
            return true
          }
        }
      }
      guard line.bytes(key).equals("scopeLogs") else { return cursor.skipValue() }
      return line.readElements(&cursor) { line, cursor in
        line.readMembers(&cursor) { line, cursor, key in
          guard line.bytes(key).equals("logRecords") else { return cursor.skipValue() }
          return line.readElements(&cursor) { line, cursor in line.readRecord(&cursor) }
        }
      }
    }
    // The resource may stand behind its records.
    for index in first..<max(records.count, first) {
      records[index].pod = pod
      records[index].namespace = namespace
    }
    return isRead
  }

  private mutating func readRecord(_ cursor: inout JSONCursor) -> Bool {
    var body = 0..<0
    let isRead = readMembers(&cursor) { line, cursor, key in
      guard line.bytes(key).equals("body") else { return cursor.skipValue() }
      guard let value = line.readStringValue(&cursor) else { return false }
      body = value
      return true
    }
    if let last = body.last, buffer.bytes(last, 1)[0] == 10 { body = body.dropLast() }
    records.append(Record(body: body, pod: 0..<0, namespace: 0..<0))
    return isRead
  }

  /// `{"key":"name","value":{"stringValue":"text"}}`.
  private mutating func readAttribute(
    _ cursor: inout JSONCursor
  ) -> (name: Range<Int>, value: Range<Int>)? {
    var name = 0..<0
    var value = 0..<0
    let isRead = readMembers(&cursor) { line, cursor, key in
      if line.bytes(key).equals("key") {
        guard let text = line.readString(&cursor) else { return false }
        name = text
        return true
      }
      guard line.bytes(key).equals("value") else { return cursor.skipValue() }
      guard let text = line.readStringValue(&cursor) else { return false }
      value = text
      return true
    }
    return isRead ? (name, value) : nil
  }

  /// The text of `{"stringValue":"text"}`; nothing for other kinds of values.
  private mutating func readStringValue(_ cursor: inout JSONCursor) -> Range<Int>? {
    var value = 0..<0
    let isRead = readMembers(&cursor) { line, cursor, key in
      guard line.bytes(key).equals("stringValue") else { return cursor.skipValue() }
      guard let text = line.readString(&cursor) else { return false }
      value = text
      return true
    }
    return isRead ? value : nil
  }

  private mutating func readString(_ cursor: inout JSONCursor) -> Range<Int>? {
    let start = written
    guard cursor.readString(into: buffer, at: &written) else { return nil }
    return start..<written
  }

  private mutating func readMembers(
    _ cursor: inout JSONCursor,
    _ body: (inout OTLPLine, inout JSONCursor, Range<Int>) -> Bool
  ) -> Bool {
    guard cursor.skip(UInt8(ascii: "{")) else { return false }
    cursor.skipSpace()
    if cursor.skip(UInt8(ascii: "}")) { return true }
    while true {
      cursor.skipSpace()
      guard let key = readString(&cursor) else { return false }
      cursor.skipSpace()
      guard cursor.skip(UInt8(ascii: ":")) else { return false }
      cursor.skipSpace()
      guard body(&self, &cursor, key) else { return false }
      cursor.skipSpace()
      if cursor.skip(UInt8(ascii: ",")) { continue }
      return cursor.skip(UInt8(ascii: "}"))
    }
  }

  private mutating func readElements(
    _ cursor: inout JSONCursor, _ body: (inout OTLPLine, inout JSONCursor) -> Bool
  ) -> Bool {
    guard cursor.skip(UInt8(ascii: "[")) else { return false }
    cursor.skipSpace()
    if cursor.skip(UInt8(ascii: "]")) { return true }
    while true {
      cursor.skipSpace()
      guard body(&self, &cursor) else { return false }
      cursor.skipSpace()
      if cursor.skip(UInt8(ascii: ",")) { continue }
      return cursor.skip(UInt8(ascii: "]"))
    }
  }
}
