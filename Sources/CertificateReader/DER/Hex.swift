import Crypto

/// Lower-case hexadecimal text.
enum Hex {
  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

  static func text(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
      var index = 0
      for byte in bytes {
        buffer[index] = digit(byte >> 4)
        buffer[index + 1] = digit(byte & 15)
        index += 2
      }
      return index
    }
  }

  /// The SHA-256 of a part of an array.
  static func sha256(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update(bufferPointer: .init(rebasing: $0[range])) }
    return hash.finalize().withUnsafeBytes { text($0) }
  }

  /// `\x1b`, as names show bytes that are no printable ASCII.
  static func escape(_ byte: UInt8) -> String { "\\x" + text([byte]) }

  /// Hexadecimal text of an unsigned decimal number of any length; nil when `decimal` is no number.
  static func text(decimal: some StringProtocol) -> String? {
    guard !decimal.isEmpty, decimal.utf8.count <= 200 else { return nil }
    var bytes: [UInt8] = [0]  // least significant first
    for character in decimal.utf8 {
      guard (48...57).contains(character) else { return nil }
      var carry = Int(character - 48)
      for index in bytes.indices {
        carry += Int(bytes[index]) * 10
        bytes[index] = UInt8(truncatingIfNeeded: carry)
        carry >>= 8
      }
      if carry > 0 { bytes.append(UInt8(carry)) }
    }
    return text(bytes.reversed())
  }
}
