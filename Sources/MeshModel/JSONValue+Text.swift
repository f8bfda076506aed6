extension JSONValue {
  /// Compact JSON with members sorted by name, so that equal values have equal text.
  package var canonicalText: String { JSONValue.text(write) }

  /// Appends the canonical text.
  package func write(to text: inout String) { text += canonicalText }

  /// Appends the canonical text in UTF-8.
  package func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .int(let value): bytes += String(value).utf8
    case .double(let value): bytes += (value.isFinite ? String(value) : "null").utf8
    case .string(let value): JSONValue.writeString(value, to: &bytes)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in JSONValue.sorted(members).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONValue.writeString(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// By name, byte by byte: Swift's own order takes different encodings of one character for equal, and
  /// changes with the Unicode tables.
  package static func sorted(_ members: [Member]) -> [Member] {
    func isBefore(_ left: Member, _ right: Member) -> Bool {
      left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
    // Most come sorted: from SQLite's JSON, from here.
    let isSorted = zip(members, members.dropFirst()).allSatisfy { !isBefore($1, $0) }
    return isSorted ? members : members.sorted(by: isBefore)
  }

  /// Appends a JSON string; `<`, `>`, `&` and the two line separators are escaped as well, so that the
  /// text can stand inside HTML.
  package static func writeString(_ value: String, to text: inout String) {
    text += JSONValue.text { writeString(value, to: &$0) }
  }

  /// The same in UTF-8.
  package static func writeString(_ value: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var value = value
    value.withUTF8 { text in
      var written = 0
      var place = 0
      while place < text.count {
        guard mayNeedEscape(text[place]), let escape = escape(text, place) else {
          place += 1
          continue
        }
        bytes += UnsafeBufferPointer(rebasing: text[written..<place])
        bytes += escape.text.utf8
        place += escape.byteCount
        written = place
      }
      bytes += UnsafeBufferPointer(rebasing: text[written...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func text(_ write: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    write(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a byte is one that is escaped, or the first of such a scalar.
  private static func mayNeedEscape(_ byte: UInt8) -> Bool {
    switch byte {
    case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "&"), 0x7F, 0xE2:
      true
    default: false
    }
  }

  /// What stands for the character at `place`, and how many bytes that is; nil for one that stays.
  private static func escape(
    _ text: UnsafeBufferPointer<UInt8>, _ place: Int
  ) -> (text: String, byteCount: Int)? {
    switch text[place] {
    case UInt8(ascii: "\""): return ("\\\"", 1)
    case UInt8(ascii: "\\"): return ("\\\\", 1)
    case 0x0A: return ("\\n", 1)
    case 0x0D: return ("\\r", 1)
    case 0x09: return ("\\t", 1)
    case 0..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), 0x7F:
      let digits = String(text[place], radix: 16)
      return ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits, 1)
    case 0xE2 where place + 2 < text.count && text[place + 1] == 0x80:
      // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
      switch text[place + 2] {
      case 0xA8: return ("\\u2028", 3)
      case 0xA9: return ("\\u2029", 3)
      default: return nil
      }
    default: return nil
    }
  }
}
