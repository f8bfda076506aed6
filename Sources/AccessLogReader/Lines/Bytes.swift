import CInflateShim

/// A run of bytes in somebody else's buffer: a field of the line that is being read.
///
/// Valid only while the line is; nothing keeps the buffer alive. No bytes at all is also how an absent
/// field is written.
struct Bytes {
  var start: UnsafePointer<UInt8>?
  var count: Int

  @inline(__always)
  init(_ start: UnsafePointer<UInt8>, _ count: Int) {
    self.start = start
    self.count = count
  }

  init() {
    start = nil
    count = 0
  }

  @inline(__always)
  var isEmpty: Bool { count == 0 }

  @inline(__always)
  subscript(index: Int) -> UInt8 {
    start.unsafelyUnwrapped[index]
  }

  @inline(__always)
  var pointer: UnsafePointer<UInt8> { start.unsafelyUnwrapped }

  @inline(__always)
  func dropFirst(_ amount: Int) -> Bytes {
    Bytes(pointer + amount, count - amount)
  }

  @inline(__always)
  func prefix(_ amount: Int) -> Bytes {
    amount < count ? Bytes(pointer, amount) : self
  }

  /// Whether it starts with the ASCII text.
  @inline(__always)
  func hasPrefix(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    return count >= length && memcmp(pointer, text.utf8Start, length) == 0
  }

  /// Whether it is exactly the ASCII text.
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasPrefix(text)
  }

  @inline(__always)
  func equals(_ other: Bytes) -> Bool {
    count == other.count && (count == 0 || memcmp(pointer, other.pointer, count) == 0)
  }

  /// The place of the first `byte`.
  @inline(__always)
  func firstIndex(of byte: UInt8) -> Int? {
    guard count > 0, let found = memchr(pointer, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(pointer)
  }

  /// Whether nothing but spaces and tabs is in it, and a carriage return.
  var isBlank: Bool {
    for index in 0..<count where self[index] > 32 { return false }
    return true
  }

  /// The place of the first double quote or backslash from `start` on, `count` when there is none.
  @inline(__always)
  func endOfPlainText(from start: Int) -> Int {
    var index = start
    while index + 64 <= count {
      let mask =
        meshaudit_match64(pointer + index, UInt8(ascii: "\""))
        | meshaudit_match64(pointer + index, UInt8(ascii: "\\"))
      if mask != 0 { return index + mask.trailingZeroBitCount }
      index += 64
    }
    while index < count, self[index] != UInt8(ascii: "\""), self[index] != UInt8(ascii: "\\") {
      index += 1
    }
    return index
  }

  /// The place of the last `byte`.
  func lastIndex(of byte: UInt8) -> Int? {
    var index = count
    while index > 0 {
      index -= 1
      if self[index] == byte { return index }
    }
    return nil
  }

  /// Whether the ASCII text occurs in it.
  func contains(_ text: StaticString) -> Bool {
    var index = 0
    while index + text.utf8CodeUnitCount <= count {
      if dropFirst(index).hasPrefix(text) { return true }
      index += 1
    }
    return false
  }

  /// The bytes as text: invalid UTF-8 and control characters become U+FFFD, so that what a caller put
  /// into a field can neither break a report nor steer a terminal.
  var text: String {
    guard count > 0 else { return "" }
    let buffer = UnsafeBufferPointer(start: start, count: count)
    var isPlain = true
    for byte in buffer where byte < 0x20 || byte >= 0x7F {
      isPlain = false
      break
    }
    let decoded = String(decoding: buffer, as: UTF8.self)
    guard !isPlain else { return decoded }
    return String(
      String.UnicodeScalarView(
        decoded.unicodeScalars.map { Bytes.isControl($0) ? "\u{FFFD}" : $0 }))
  }

  /// Control characters of C0 and C1, and the marks that reorder text on a screen.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// A whole number of at most 18 digits, or nil, where the eight bytes before its end can be read.
  @inline(__always)
  var innerNumber: Int? {
    guard count > 0, count <= 8 else { return longNumber }
    let raw = UnsafeRawPointer(pointer + count - 8)
    // The digits, the last one in the highest byte; what comes before them becomes zeros.
    let word = raw.loadUnaligned(as: UInt64.self) >> UInt64((8 - count) * 8)
    let digits =
      (word << UInt64((8 - count) * 8)) &- (0x3030_3030_3030_3030 << UInt64((8 - count) * 8))
    // A byte below "0" borrows and one above "9" carries into a high bit.
    guard (digits | (digits &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 == 0 else {
      return nil
    }
    let pairs = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
    return Int((fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF)
  }

  @inline(never)
  private var longNumber: Int? { number }

  /// A whole number of at most 18 digits, or nil.
  @inline(__always)
  var number: Int? {
    guard count > 0, count <= 18 else { return nil }
    var value = 0
    for index in 0..<count {
      let digit = Int(self[index]) &- 48
      guard digit >= 0, digit <= 9 else { return nil }
      value = value &* 10 &+ digit
    }
    return value
  }
}
