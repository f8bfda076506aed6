/// Base64 of RFC 4648 section 4, written.
enum Base64Text {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      var group: UInt32 = 0
      for offset in 0..<3 {
        group = group << 8 | UInt32(offset < part.count ? part[start + offset] : 0)
      }
      for offset in 0..<4 {
        let isPadding = offset > part.count
        text.append(
          isPadding
            ? UInt8(ascii: "=") : alphabet[Int(group >> UInt32(18 - 6 * offset) & 0x3F)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
