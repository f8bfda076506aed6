/// Walks objects and arrays of large documents, one member at a time: nothing of a document is kept.
extension JSONCursor {
  var next: UInt8? { position < text.count ? text[position] : nil }

  /// The 1-based line of the place reached.
  var line: Int {
    var count = 1
    for index in 0..<min(position, text.count) where text[index] == 10 { count += 1 }
    return count
  }

  /// A string; nil when none is next.
  mutating func string() -> String? {
    let start = position
    guard next == UInt8(ascii: "\""), skipString() else { return nil }
    let length = position - start - 2
    guard length > 0 else { return "" }
    let content = Bytes(text.pointer + start + 1, length)
    guard content.firstIndex(of: UInt8(ascii: "\\")) != nil else { return content.text }
    let end = position
    position = start
    let buffer = DecodeBuffer(capacity: length)
    var written = 0
    guard readString(into: buffer, at: &written) else { return nil }
    position = end
    return buffer.bytes(0, written).text
  }

  /// A string, number, true, false or null as text; nil when an object or array is next.
  mutating func scalar() -> String? {
    if next == UInt8(ascii: "\"") { return string() }
    let start = position
    while let byte = next, !" \t\r\n,]}[{:\"".utf8.contains(byte) { position += 1 }
    return position > start ? Bytes(text.pointer + start, position - start).text : nil
  }

  /// Calls `body` for each member, standing before its value, which `body` takes up or skips.
  mutating func members(_ body: (inout JSONCursor, String) -> Bool) -> Bool {
    guard skip(UInt8(ascii: "{")) else { return false }
    skipSpace()
    if skip(UInt8(ascii: "}")) { return true }
    while true {
      skipSpace()
      guard let key = string() else { return false }
      skipSpace()
      guard skip(UInt8(ascii: ":")) else { return false }
      skipSpace()
      guard body(&self, key) else { return false }
      skipSpace()
      if skip(UInt8(ascii: ",")) { continue }
      return skip(UInt8(ascii: "}"))
    }
  }

  /// Calls `body` for each element, standing before it.
  mutating func elements(_ body: (inout JSONCursor) -> Bool) -> Bool {
    guard skip(UInt8(ascii: "[")) else { return false }
    skipSpace()
    if skip(UInt8(ascii: "]")) { return true }
    while true {
      skipSpace()
      guard body(&self) else { return false }
      skipSpace()
      if skip(UInt8(ascii: ",")) { continue }
      return skip(UInt8(ascii: "]"))
    }
  }

  /// The members of an object whose values are scalars; others are skipped.
  mutating func texts() -> [String: String]? {
    var result: [String: String] = [:]
    let isRead = members { cursor, key in
      guard let value = cursor.scalar() else { return cursor.skipValue() }
      result[key] = value
      return true
    }
    return isRead ? result : nil
  }
}
