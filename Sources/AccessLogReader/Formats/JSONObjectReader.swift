/// Reads one JSON object with escapes and nesting into flat members.
///
/// Keys of nested objects are joined with a dot (`nested.bytes.in`); arrays are skipped. Strings are
/// decoded before anybody compares them. RFC 8259 grammar, nesting to 16.
struct JSONObjectReader: ~Copyable {
  private struct Member {
    var key: Range<Int>
    var value: Range<Int>
  }

  /// Decoded keys and values, one after the other.
  private var decoded: [UInt8] = []
  private var members: [Member] = []
  /// The objects directly inside the line's: their keys, and their text as it is written.
  private var objects: [(key: Range<Int>, text: Bytes)] = []
  /// A copy of `decoded` that does not move until the next `read`.
  private var stable = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
  private static let deepest = 16
  /// Joined keys of nested objects may be longer than the line; no honest line comes near.
  private static let decodedLimit = 4 << 20

  deinit {
    stable.deallocate()
  }

  var memberCount: Int { members.count }

  /// The key of a member; valid until the next `read`.
  func key(_ index: Int) -> Bytes { bytes(members[index].key) }

  /// The value of a member as text; nothing for null.
  ///
  /// Valid until the next `read`.
  func value(_ index: Int) -> Bytes { bytes(members[index].value) }

  var objectCount: Int { objects.count }

  /// The key of an object directly inside; valid until the next `read`.
  func objectKey(_ index: Int) -> Bytes { bytes(objects[index].key) }

  /// The text of an object directly inside, which is part of the line.
  func objectText(_ index: Int) -> Bytes { objects[index].text }

  private func bytes(_ range: Range<Int>) -> Bytes {
    guard let base = stable.baseAddress else { return Bytes() }
    return Bytes(base + range.lowerBound, range.count)
  }

  /// Reads a whole line; false when it is not one JSON object.
  mutating func read(_ line: Bytes) -> Bool {
    decoded.removeAll(keepingCapacity: true)
    members.removeAll(keepingCapacity: true)
    objects.removeAll(keepingCapacity: true)
    var cursor = Cursor(line: line)
    cursor.skipSpace()
    guard readObject(&cursor, prefix: 0..<0, depth: 0) else { return false }
    cursor.skipSpace()
    guard cursor.position == line.count else { return false }
    if stable.count < decoded.count {
      stable.deallocate()
      stable = .allocate(capacity: decoded.count * 2)
    }
    _ = stable.update(fromContentsOf: decoded)
    return true
  }

  private struct Cursor {
    let line: Bytes
    var position = 0

    var current: UInt8? { position < line.count ? line[position] : nil }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard current == byte else { return false }
      position += 1
      return true
    }

    mutating func skipSpace() {
      while let byte = current, byte == 32 || byte == 9 || byte == 10 || byte == 13 {
        position += 1
      }
    }
  }

  private mutating func readObject(
    _ cursor: inout Cursor, prefix: Range<Int>, depth: Int
  ) -> Bool {
    guard depth < JSONObjectReader.deepest, cursor.skip(UInt8(ascii: "{")) else { return false }
    cursor.skipSpace()
    if cursor.skip(UInt8(ascii: "}")) { return true }
    while true {
      cursor.skipSpace()
      let start = decoded.count
      guard start < JSONObjectReader.decodedLimit else { return false }
      if !prefix.isEmpty {
        decoded.append(contentsOf: decoded[prefix])
        decoded.append(UInt8(ascii: "."))
      }
      guard readString(&cursor) else { return false }
      let key = start..<decoded.count
      cursor.skipSpace()
      guard cursor.skip(UInt8(ascii: ":")) else { return false }
      cursor.skipSpace()
      guard readValue(&cursor, key: key, depth: depth) else { return false }
      cursor.skipSpace()
      if cursor.skip(UInt8(ascii: ",")) { continue }
      return cursor.skip(UInt8(ascii: "}"))
    }
  }

  private mutating func readValue(
    _ cursor: inout Cursor, key: Range<Int>, depth: Int
  ) -> Bool {
    switch cursor.current {
    case UInt8(ascii: "{"):
      let start = cursor.position
      guard readObject(&cursor, prefix: key, depth: depth + 1) else { return false }
      if depth == 0 {
        let text = Bytes(cursor.line.pointer + start, cursor.position - start)
        objects.append((key, text))
      }
      return true
    case UInt8(ascii: "["): return skipArray(&cursor, depth: depth + 1)
    case UInt8(ascii: "\""):
      let start = decoded.count
      guard readString(&cursor) else { return false }
      members.append(Member(key: key, value: start..<decoded.count))
      return true
    default:
      let from = cursor.position
      while let byte = cursor.current, isScalarByte(byte) { cursor.position += 1 }
      let scalar = Bytes(cursor.line.pointer + from, cursor.position - from)
      guard scalar.count > 0 else { return false }
      let start = decoded.count
      if !scalar.equals("null") {
        guard scalar.equals("true") || scalar.equals("false") || isNumber(scalar) else {
          return false
        }
        for index in 0..<scalar.count { decoded.append(scalar[index]) }
      }
      members.append(Member(key: key, value: start..<decoded.count))
      return true
    }
  }

  private mutating func skipArray(_ cursor: inout Cursor, depth: Int) -> Bool {
    guard depth < JSONObjectReader.deepest, cursor.skip(UInt8(ascii: "[")) else { return false }
    cursor.skipSpace()
    if cursor.skip(UInt8(ascii: "]")) { return true }
    let memberCount = members.count
    let decodedCount = decoded.count
    while true {
      cursor.skipSpace()
      guard readValue(&cursor, key: 0..<0, depth: depth) else { return false }
      members.removeLast(members.count - memberCount)
      decoded.removeLast(decoded.count - decodedCount)
      cursor.skipSpace()
      if cursor.skip(UInt8(ascii: ",")) { continue }
      return cursor.skip(UInt8(ascii: "]"))
    }
  }

  private func isScalarByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 97...122, UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  private func isNumber(_ scalar: Bytes) -> Bool {
    guard (48...57).contains(scalar[0]) || scalar[0] == UInt8(ascii: "-") else { return false }
    for index in 1..<max(scalar.count, 1)
    where (97...122).contains(scalar[index]) && scalar[index] != UInt8(ascii: "e") {
      return false
    }
    return true
  }

  /// Appends the decoded string to `decoded`.
  private mutating func readString(_ cursor: inout Cursor) -> Bool {
    guard cursor.skip(UInt8(ascii: "\"")) else { return false }
    while cursor.position < cursor.line.count {
      let start = cursor.position
      let end = cursor.line.endOfPlainText(from: start)
      decoded.append(
        contentsOf: UnsafeBufferPointer(start: cursor.line.pointer + start, count: end - start))
      guard end < cursor.line.count else { return false }
      cursor.position = end + 1
      if cursor.line[end] == UInt8(ascii: "\"") { return true }
      guard let escape = cursor.current else { return false }
      cursor.position += 1
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(escape)
      case UInt8(ascii: "b"): decoded.append(8)
      case UInt8(ascii: "f"): decoded.append(12)
      case UInt8(ascii: "n"): decoded.append(10)
      case UInt8(ascii: "r"): decoded.append(13)
      case UInt8(ascii: "t"): decoded.append(9)
      case UInt8(ascii: "u"):
        guard readUnicodeEscape(&cursor) else { return false }
      default: return false
      }
    }
    return false
  }

  private mutating func readUnicodeEscape(_ cursor: inout Cursor) -> Bool {
    guard let unit = hexUnit(&cursor) else { return false }
    var value = unit
    if (0xD800...0xDBFF).contains(unit) {
      let mark = cursor.position
      if cursor.skip(UInt8(ascii: "\\")), cursor.skip(UInt8(ascii: "u")),
        let low = hexUnit(&cursor), (0xDC00...0xDFFF).contains(low)
      {
        value = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      } else {
        cursor.position = mark
      }
    }
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    return true
  }

  private func hexUnit(_ cursor: inout Cursor) -> UInt32? {
    guard cursor.position + 4 <= cursor.line.count else { return nil }
    var value: UInt32 = 0
    for offset in 0..<4 {
      let byte = cursor.line[cursor.position + offset]
      switch byte {
      case 48...57: value = value << 4 | UInt32(byte - 48)
      case 65...70: value = value << 4 | UInt32(byte - 55)
      case 97...102: value = value << 4 | UInt32(byte - 87)
      default: return nil
      }
    }
    cursor.position += 4
    return value
  }
}
