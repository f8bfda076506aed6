import MeshModel

/// A string matcher as Istio makes it of a policy value: exact, prefix `v*`, suffix `*v`, or
/// present (Istio pilot/pkg/security/authz/matcher/string.go).
///
/// A `*` elsewhere is a character like any other.
enum TextPattern: Hashable, Sendable {
  case exact([UInt8])
  case prefix([UInt8])
  case suffix([UInt8])
  /// Any text, the empty one too (a header that is there).
  case present
  /// Any text but the empty one (the regular expression `.+`).
  case nonEmpty

  /// - Parameters:
  ///   - star: what `*` alone means: `.present` for headers, `.nonEmpty` for everything else.
  ///   - isLowercased: the pattern is compared without regard to case.
  init(_ value: String, star: TextPattern = .nonEmpty, isLowercased: Bool = false) {
    var bytes = Array(value.utf8)
    if isLowercased { bytes = bytes.map(ASCII.lowercased) }
    let asterisk = UInt8(ascii: "*")
    if bytes == [asterisk] {
      self = star
    } else if bytes.first == asterisk {
      self = .suffix(Array(bytes.dropFirst()))
    } else if bytes.last == asterisk {
      self = .prefix(Array(bytes.dropLast()))
    } else {
      self = .exact(bytes)
    }
  }

  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch self {
    case .exact(let bytes): bytes.count == text.count && ASCII.isEqual(text, 0, bytes)
    case .prefix(let bytes): ASCII.hasPrefix(text, bytes)
    case .suffix(let bytes): ASCII.hasSuffix(text, bytes)
    case .present: true
    case .nonEmpty: !text.isEmpty
    }
  }

  func matches(_ text: String) -> Bool { text.withBytes(matches) }

  /// Compares without regard to the case of ASCII letters; the pattern must have been lowercased.
  func matchesIgnoringCase(_ text: String) -> Bool {
    text.withBytes { text in
      switch self {
      case .exact(let bytes):
        bytes.count == text.count && ASCII.isEqualIgnoringCase(text, 0, bytes)
      case .prefix(let bytes):
        bytes.count <= text.count && ASCII.isEqualIgnoringCase(text, 0, bytes)
      case .suffix(let bytes):
        bytes.count <= text.count
          && ASCII.isEqualIgnoringCase(text, text.count - bytes.count, bytes)
      case .present: true
      case .nonEmpty: !text.isEmpty
      }
    }
  }
}

/// Comparisons of bytes.
enum ASCII {
  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= 65 && byte <= 90 ? byte | 0x20 : byte
  }

  /// Whether `bytes` stand in `text` at `offset`; the caller has checked the bounds.
  @inline(__always)
  static func isEqual(
    _ text: UnsafeBufferPointer<UInt8>, _ offset: Int, _ bytes: [UInt8], dotIsAny: Bool = false
  ) -> Bool {
    for index in bytes.indices where text[offset + index] != bytes[index] {
      if !(dotIsAny && bytes[index] == UInt8(ascii: ".")) { return false }
    }
    return true
  }

  @inline(__always)
  static func isEqualIgnoringCase(
    _ text: UnsafeBufferPointer<UInt8>, _ offset: Int, _ bytes: [UInt8]
  ) -> Bool {
    for index in bytes.indices where lowercased(text[offset + index]) != bytes[index] {
      return false
    }
    return true
  }

  @inline(__always)
  static func hasPrefix(_ text: UnsafeBufferPointer<UInt8>, _ bytes: [UInt8]) -> Bool {
    bytes.count <= text.count && isEqual(text, 0, bytes)
  }

  @inline(__always)
  static func hasSuffix(_ text: UnsafeBufferPointer<UInt8>, _ bytes: [UInt8]) -> Bool {
    bytes.count <= text.count && isEqual(text, text.count - bytes.count, bytes)
  }

  /// The first place at or after `start` where `bytes` stand.
  static func firstIndex(
    of bytes: [UInt8], in text: UnsafeBufferPointer<UInt8>, from start: Int, dotIsAny: Bool
  ) -> Int? {
    guard let first = bytes.first else { return start }
    var offset = start
    while offset + bytes.count <= text.count {
      if text[offset] == first || dotIsAny,
        isEqual(text, offset, bytes, dotIsAny: dotIsAny)
      {
        return offset
      }
      offset += 1
    }
    return nil
  }
}
