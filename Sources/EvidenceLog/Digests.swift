import Crypto
import Foundation

/// SHA-256 (FIPS 180-4) of bytes that are in memory.
package enum SHA256Digest {
  package static func bytes(of input: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: input)) }

  /// In 64 lower-case hexadecimal digits, as statements and manifests write it.
  package static func hex(of input: [UInt8]) -> String { hexText(bytes(of: input)) }
}

/// Lower-case hexadecimal digits.
func hexText(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes of an even number of hexadecimal digits, or nil.
func hexBytes(_ text: String) -> [UInt8]? {
  let digits = Array(text.utf8)
  guard digits.count.isMultiple(of: 2) else { return nil }
  var bytes: [UInt8] = []
  for index in stride(from: 0, to: digits.count, by: 2) {
    guard let high = hexDigit(digits[index]), let low = hexDigit(digits[index + 1]) else {
      return nil
    }
    bytes.append(high << 4 | low)
  }
  return bytes
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 48...57: byte - 48
  case 97...102: byte - 87
  default: nil
  }
}
