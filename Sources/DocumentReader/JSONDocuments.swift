package import MeshModel

/// Reads JSON text (RFC 8259) into located nodes: one value, values one after another, or one a
/// line.
package enum JSONDocuments {
  /// Every value of `text` in order.
  ///
  /// After a syntax error reading goes on at the next line that opens an object or array in its
  /// first column, so that a broken record of JSON Lines costs that record only.
  package static func read(
    _ text: String, path: String, firstLine: Int = 1, limits: DocumentLimits = .standard,
    into sink: DiagnosticSink
  ) -> [DocumentNode] {
    var parser = JSONParser(
      bytes: Array(text.utf8), path: path, line: firstLine, limits: limits)
    var documents: [DocumentNode] = []
    while parser.skipSpace() {
      let start = parser.mark
      do {
        documents.append(try parser.document())
      } catch {
        sink.report(
          .error, "json-syntax", error.message, at: error.location,
          hint: "check commas, quotes and brackets at this place")
        parser.resume(afterErrorIn: start)
      }
      parser.reportRepeatedKeys(to: sink)
    }
    return documents
  }
}

private struct JSONError: Error {
  var message: String
  var location: SourceLocation
}

private struct JSONParser {
  let bytes: [UInt8]
  let path: String
  let limits: DocumentLimits
  var position = 0
  var line: Int
  var lineStart = 0
  var budget = 0
  private var repeatedKeys: [(key: String, location: SourceLocation)] = []
  /// The last place whose column was counted, so that long lines are counted once.
  private var counted = (position: 0, column: 1)

  /// Where a document starts.
  struct Mark {
    var position: Int
    var line: Int
    var lineStart: Int
  }

  var mark: Mark { Mark(position: position, line: line, lineStart: lineStart) }

  init(bytes: [UInt8], path: String, line: Int, limits: DocumentLimits) {
    self.bytes = bytes
    self.path = path
    self.line = line
    self.limits = limits
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      position = 3
      lineStart = 3
    }
  }

  /// Skips white space; false at the end of the text.
  mutating func skipSpace() -> Bool {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\n"):
        line += 1
        position += 1
        lineStart = position
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      default: return true
      }
    }
    return false
  }

  /// Moves to the line at which reading goes on after a syntax error.
  ///
  /// A document that starts with a bracket alone on its line is laid out over many lines, and
  /// nothing up to the error is a document of its own. Any other may be a record that was cut: the
  /// next line may hold the next record.
  mutating func resume(afterErrorIn start: Mark) {
    let first = bytes[start.position...].prefix { $0 != UInt8(ascii: "\n") }
    let isLaidOut = first.dropFirst().allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    if !isLaidOut { (position, line, lineStart) = (start.position, start.line, start.lineStart) }
    while position < bytes.count {
      while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      guard position < bytes.count else { return }
      position += 1
      line += 1
      lineStart = position
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "{") || bytes[position] == UInt8(ascii: "[")
      {
        return
      }
    }
  }

  mutating func reportRepeatedKeys(to sink: DiagnosticSink) {
    for (key, location) in repeatedKeys {
      sink.report(
        .error, "duplicate-key", "key \"\(key.prefix(100))\" is given more than once in one object",
        at: location, hint: "keep one of them; most readers silently take the last")
    }
    repeatedKeys = []
  }

  mutating func document() throws(JSONError) -> DocumentNode {
    budget = limits.nodeCount
    return try value(depth: 0)
  }

  private mutating func value(depth: Int) throws(JSONError) -> DocumentNode {
    guard skipSpace() else { throw failure("the text ends where a value should stand") }
    budget -= 1
    guard budget >= 0 else { throw failure("more than \(limits.nodeCount) values") }
    guard depth <= limits.depth else { throw failure("nested deeper than \(limits.depth) levels") }
    let place = location()
    switch bytes[position] {
    case UInt8(ascii: "{"): return DocumentNode(try mapping(depth: depth), at: place)
    case UInt8(ascii: "["): return DocumentNode(try sequence(depth: depth), at: place)
    case UInt8(ascii: "\""):
      let text = try string()
      return DocumentNode(.scalar(.init(text: text, value: .string(text))), at: place)
    default: return DocumentNode(.scalar(try literal()), at: place)
    }
  }

  private mutating func mapping(depth: Int) throws(JSONError) -> DocumentNode.Content {
    position += 1
    var entries: [DocumentNode.Entry] = []
    var indices: [String: Int] = [:]
    if try peek() == UInt8(ascii: "}") {
      position += 1
      return .mapping([])
    }
    while true {
      guard try peek() == UInt8(ascii: "\"") else { throw failure("expected a quoted key") }
      let keyLocation = location()
      let key = try string()
      guard try peek() == UInt8(ascii: ":") else { throw failure("expected \":\" after a key") }
      position += 1
      let value = try value(depth: depth + 1)
      // The last of several equal keys counts, as for Go's and most other JSON readers.
      if let index = indices[key] {
        entries[index].value = value
        repeatedKeys.append((key, keyLocation))
      } else {
        indices[key] = entries.count
        entries.append(.init(key: key, keyLocation: keyLocation, value: value))
      }
      let separator = try peek()
      position += 1
      if separator == UInt8(ascii: "}") { return .mapping(entries) }
      guard separator == UInt8(ascii: ",") else {
        position -= 1
        throw failure("expected \",\" or \"}\"")
      }
    }
  }

  private mutating func sequence(depth: Int) throws(JSONError) -> DocumentNode.Content {
    position += 1
    var items: [DocumentNode] = []
    if try peek() == UInt8(ascii: "]") {
      position += 1
      return .sequence([])
    }
    while true {
      items.append(try value(depth: depth + 1))
      let separator = try peek()
      position += 1
      if separator == UInt8(ascii: "]") { return .sequence(items) }
      guard separator == UInt8(ascii: ",") else {
        position -= 1
        throw failure("expected \",\" or \"]\"")
      }
    }
  }

  private mutating func literal() throws(JSONError) -> DocumentNode.Scalar {
    let start = position
    while position < bytes.count, !isDelimiter(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    switch text {
    case "null": return .init(text: text, value: .null)
    case "true": return .init(text: text, value: .bool(true))
    case "false": return .init(text: text, value: .bool(false))
    default: break
    }
    if JSONNumber.isValid(bytes[start..<position]) {
      if let integer = Int64(text) { return .init(text: text, value: .int(integer)) }
      if let number = Double(text) { return .init(text: text, value: .double(number)) }
    }
    position = start
    throw failure("expected a JSON value, found \"\(text.prefix(40))\"")
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""),
      bytes[position] != UInt8(ascii: "\\"), bytes[position] >= 0x20
    {
      position += 1
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      defer { position += 1 }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      case ..<0x20:
        throw failure("a string is not closed on its line")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw failure("a string is not closed")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    guard position < bytes.count else { throw failure("a string is not closed") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "u"):
      try unicodeEscape(into: &text)
    default:
      throw failure("unknown escape in a string")
    }
  }

  /// The rest of `\uXXXX`, and of the second half of a surrogate pair; a half without its other
  /// half becomes U+FFFD (RFC 8259 section 8.2 leaves it open; Go's encoding/json does the same).
  private mutating func unicodeEscape(into text: inout [UInt8]) throws(JSONError) {
    var unit = try hexUnit()
    while true {
      guard (0xD800...0xDBFF).contains(unit) else {
        append(Unicode.Scalar(unit) ?? "\u{FFFD}", to: &text)
        return
      }
      guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      else {
        append("\u{FFFD}", to: &text)
        return
      }
      position += 2
      let second = try hexUnit()
      if (0xDC00...0xDFFF).contains(second) {
        let scalar = 0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)
        append(Unicode.Scalar(scalar) ?? "\u{FFFD}", to: &text)
        return
      }
      append("\u{FFFD}", to: &text)
      unit = second
    }
  }

  private func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
    text += Array(String(Character(scalar)).utf8)
  }

  private mutating func hexUnit() throws(JSONError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    var unit: UInt32 = 0
    for byte in digits {
      switch byte {
      case 48...57: unit = unit << 4 | UInt32(byte - 48)
      case 65...70: unit = unit << 4 | UInt32(byte - 55)
      case 97...102: unit = unit << 4 | UInt32(byte - 87)
      default: throw failure("\"\\u\" is not followed by four hexadecimal digits")
      }
    }
    guard digits.count == 4 else {
      throw failure("\"\\u\" is not followed by four hexadecimal digits")
    }
    position += 4
    return unit
  }

  private mutating func peek() throws(JSONError) -> UInt8 {
    guard skipSpace() else { throw failure("the text ends inside a value") }
    return bytes[position]
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"),
      UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"),
      UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""):
      true
    default: false
    }
  }

  /// Where the next byte stands; columns count characters, not bytes.
  private mutating func location() -> SourceLocation {
    if counted.position < lineStart || counted.position > position { counted = (lineStart, 1) }
    for byte in bytes[counted.position..<position] where byte & 0xC0 != 0x80 {
      counted.column += 1
    }
    counted.position = position
    return SourceLocation(path: path, line: line, column: counted.column)
  }

  private mutating func failure(_ message: String) -> JSONError {
    JSONError(message: message, location: location())
  }
}

/// The grammar of numbers, RFC 8259 section 6.
private enum JSONNumber {
  static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    guard let first = rest.first else { return false }
    let whole = digits(of: &rest)
    guard whole > 0, first != UInt8(ascii: "0") || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard digits(of: &rest) > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
      guard digits(of: &rest) > 0 else { return false }
    }
    return rest.isEmpty
  }

  private static func digits(of rest: inout ArraySlice<UInt8>) -> Int {
    let before = rest.count
    rest = rest.drop { (48...57).contains($0) }
    return before - rest.count
  }
}
