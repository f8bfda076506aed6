/// Steps through JSON text (RFC 8259).
struct JSONCursor {
  let text: Bytes
  var position = 0

  init(_ text: Bytes) {
    self.text = text
  }

  var isAtEnd: Bool { position == text.count }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func skipSpace() {
    while position < text.count {
      switch text[position] {
      case 32, 9, 10, 13: position += 1
      default: return
      }
    }
  }

  /// Skips any value by its brackets and quotes.
  mutating func skipValue() -> Bool {
    var depth = 0
    let start = position
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""):
        guard skipString() else { return false }
        if depth == 0 { return true }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return position > start }
        depth -= 1
        if depth == 0 {
          position += 1
          return true
        }
      case UInt8(ascii: ","):
        if depth == 0 { return position > start }
      default: break
      }
      position += 1
    }
    return depth == 0 && position > start
  }

  /// Skips a string whose first quote is next.
  mutating func skipString() -> Bool {
    position += 1
    while position < text.count {
      position = text.endOfPlainText(from: position)
      guard position < text.count else { break }
      let byte = text[position]
      position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "\"") { return true }
    }
    position = min(position, text.count)
    return false
  }

  /// Decodes a string into the buffer from `written` on; false when it is none or has no room.
  mutating func readString(into buffer: borrowing DecodeBuffer, at written: inout Int) -> Bool {
    guard skip(UInt8(ascii: "\"")) else { return false }
    while position < text.count {
      let end = text.endOfPlainText(from: position)
      guard buffer.put(Bytes(text.pointer + position, end - position), at: written) else {
        return false
      }
      written += end - position
      position = end
      guard position < text.count else { return false }
      position += 1
      if text[end] == UInt8(ascii: "\"") { return true }
      guard position < text.count else { return false }
      let escape = text[position]
      position += 1
      var plain: UInt8?
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = escape
      case UInt8(ascii: "b"): plain = 8
      case UInt8(ascii: "f"): plain = 12
      case UInt8(ascii: "n"): plain = 10
      case UInt8(ascii: "r"): plain = 13
      case UInt8(ascii: "t"): plain = 9
      case UInt8(ascii: "u"): break
      default: return false
      }
      if let plain {
        guard buffer.put(plain, at: written) else { return false }
        written += 1
        continue
      }
      guard let scalar = readUnicodeEscape() else { return false }
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
        guard buffer.put(byte, at: written) else { return false }
        written += 1
      }
    }
    return false
  }

  /// The scalar of `\uXXXX` or of a pair of surrogates; a lone surrogate is U+FFFD.
  private mutating func readUnicodeEscape() -> Unicode.Scalar? {
    guard let unit = hexUnit() else { return nil }
    guard (0xD800...0xDBFF).contains(unit) else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
    let mark = position
    if skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")), let low = hexUnit(),
      (0xDC00...0xDFFF).contains(low)
    {
      return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }
    position = mark
    return "\u{FFFD}"
  }

  private mutating func hexUnit() -> UInt32? {
    guard position + 4 <= text.count else { return nil }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = text[position]
      position += 1
      switch byte {
      case 48...57: value = value << 4 | UInt32(byte - 48)
      case 65...70: value = value << 4 | UInt32(byte - 55)
      case 97...102: value = value << 4 | UInt32(byte - 87)
      default: return nil
      }
    }
    return value
  }
}
