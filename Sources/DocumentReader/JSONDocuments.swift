package import MeshModel

/// Reads JSON text (RFC 8259) into located nodes: one value, values one after another, or one a line.
package enum JSONDocuments {
  /// Every value of `text` in order.
  ///
  /// After a syntax error the next line is tried, so that one broken line of a JSON Lines file
  /// costs that line only.
  package static func read(
    _ text: String, path: String, firstLine: Int = 1, limits: DocumentLimits = .standard,
    into sink: DiagnosticSink
  ) -> [DocumentNode] {
    var parser = JSONParser(
      bytes: Array(text.utf8), path: path, line: firstLine, limits: limits)
    var documents: [DocumentNode] = []
    while parser.skipSpace() {
      do {
        documents.append(try parser.document())
      } catch {
        sink.report(
          .error, "json-syntax", error.message, at: error.location,
          hint: "check commas, quotes and brackets at this place")
        parser.skipLine()
      }
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

  mutating func skipLine() {
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
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
    let place = location
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
      let keyLocation = location
      let key = try string()
      guard try peek() == UInt8(ascii: ":") else { throw failure("expected \":\" after a key") }
      position += 1
      let value = try value(depth: depth + 1)
      // The last of several equal keys counts, as for Go's and most other JSON readers.
      if let index = indices[key] {
        entries[index].value = value
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
    let isNumber = text.utf8.first.map { $0 == UInt8(ascii: "-") || (48...57).contains($0) } == true
    if isNumber, let integer = Int64(text) { return .init(text: text, value: .int(integer)) }
    if isNumber, let number = Double(text) { return .init(text: text, value: .double(number)) }
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
      let unit = try hexUnit()
      var scalar = UInt32(unit)
      if (0xD800...0xDBFF).contains(unit), position + 1 < bytes.count,
        bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try hexUnit()
        scalar =
          (0xDC00...0xDFFF).contains(low)
          ? 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00) : 0xFFFD
      }
      text += Array(String(Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")).utf8)
    default:
      throw failure("unknown escape in a string")
    }
  }

  private mutating func hexUnit() throws(JSONError) -> UInt16 {
    guard position + 4 <= bytes.count,
      let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw failure("\"\\u\" is not followed by four hexadecimal digits") }
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

  private var location: SourceLocation {
    SourceLocation(path: path, line: line, column: position - lineStart + 1)
  }

  private func failure(_ message: String) -> JSONError {
    JSONError(message: message, location: location)
  }
}
