/// Takes apart a line of OTLP JSON logs (OpenTelemetry, OTLP/JSON protobuf encoding): one export a
/// line, with many records.
///
/// The body of a record is a line of the mesh's text or JSON format, its attributes are the labels of a
/// JSON format (Istio's OpenTelemetry access logger, pilot/pkg/model/telemetry_logging.go
/// `buildOpenTelemetryAccessLogConfig`: body is the text format, Istio's default where only labels are
/// given). A body that is an object itself (`kvlistValue`) counts as attributes.
struct OTLPLine: ~Copyable {
  /// Where a record's body, attributes and its pod's names are in `buffer`.
  struct Record {
    var body = 0..<0
    /// Its attributes, as indices into `attributes`.
    var attributes = 0..<0
    /// `timeUnixNano`; Envoy's logger puts the start of the request there.
    var nanoseconds = 0..<0
    var pod = 0..<0
    var namespace = 0..<0
  }

  struct Attribute {
    var key: Range<Int>
    var value: Range<Int>
  }

  private(set) var records: [Record] = []
  /// The attributes of all records.
  private(set) var attributes: [Attribute] = []
  private let buffer: DecodeBuffer
  private var written = 0

  init(capacity: Int) {
    buffer = DecodeBuffer(capacity: capacity)
  }

  func bytes(_ range: Range<Int>) -> Bytes { buffer.bytes(range.lowerBound, range.count) }

  /// Reads a line; false when it is not JSON.
  mutating func read(_ line: Bytes) -> Bool {
    records.removeAll(keepingCapacity: true)
    attributes.removeAll(keepingCapacity: true)
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
    var record = Record()
    let first = attributes.count
    let isRead = readMembers(&cursor) { line, cursor, key in
      let key = line.bytes(key)
      if key.equals("body") {
        guard let value = line.readValue(&cursor, isBody: true) else { return false }
        record.body = value
        return true
      }
      if key.equals("attributes") {
        return line.readElements(&cursor) { line, cursor in line.keepAttribute(&cursor) }
      }
      guard key.equals("timeUnixNano") else { return cursor.skipValue() }
      guard let value = line.readScalar(&cursor) else { return false }
      record.nanoseconds = value
      return true
    }
    record.attributes = first..<attributes.count
    if let last = record.body.last, buffer.bytes(last, 1)[0] == 10 {
      record.body = record.body.dropLast()
    }
    records.append(record)
    return isRead
  }

  private mutating func keepAttribute(_ cursor: inout JSONCursor) -> Bool {
    guard let (name, value) = readAttribute(&cursor) else { return false }
    attributes.append(Attribute(key: name, value: value))
    return true
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
      guard let text = line.readValue(&cursor) else { return false }
      value = text
      return true
    }
    return isRead ? (name, value) : nil
  }

  /// The text of `{"stringValue":"text"}`, also of numbers and truth values (`AnyValue` of
  /// opentelemetry-proto common.proto); nothing for lists and bytes.
  ///
  /// - Parameter isBody: the members of a `kvlistValue` are kept as attributes.
  private mutating func readValue(
    _ cursor: inout JSONCursor, isBody: Bool = false
  ) -> Range<Int>? {
    // A null, as some exporters write for no value.
    guard cursor.position < cursor.text.count, cursor.text[cursor.position] == UInt8(ascii: "{")
    else { return cursor.skipValue() ? 0..<0 : nil }
    var value = 0..<0
    let isRead = readMembers(&cursor) { line, cursor, key in
      let key = line.bytes(key)
      if isBody, key.equals("kvlistValue") {
        return line.readMembers(&cursor) { line, cursor, key in
          guard line.bytes(key).equals("values") else { return cursor.skipValue() }
          return line.readElements(&cursor) { line, cursor in line.keepAttribute(&cursor) }
        }
      }
      guard
        key.equals("stringValue") || key.equals("intValue") || key.equals("doubleValue")
          || key.equals("boolValue")
      else { return cursor.skipValue() }
      guard let text = line.readScalar(&cursor) else { return false }
      value = text
      return true
    }
    return isRead ? value : nil
  }

  /// A string, a number or a truth value as text.
  private mutating func readScalar(_ cursor: inout JSONCursor) -> Range<Int>? {
    if cursor.position < cursor.text.count, cursor.text[cursor.position] == UInt8(ascii: "\"") {
      return readString(&cursor)
    }
    let from = cursor.position
    guard cursor.skipValue() else { return nil }
    let scalar = Bytes(cursor.text.pointer + from, cursor.position - from)
    guard !scalar.equals("null"), buffer.put(scalar, at: written) else { return 0..<0 }
    let start = written
    written += scalar.count
    return start..<written
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
