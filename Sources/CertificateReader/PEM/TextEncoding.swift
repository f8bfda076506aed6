/// Text of Windows tools: UTF-16 with a byte order mark, as bytes of ASCII.
enum TextEncoding {
  /// The text with each UTF-16 unit as one byte (`?` beyond ASCII); nil when it is no UTF-16.
  static func ascii(fromUTF16 bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count >= 2 else { return nil }
    let isLittle: Bool
    switch (bytes[0], bytes[1]) {
    case (0xFF, 0xFE): isLittle = true
    case (0xFE, 0xFF): isLittle = false
    default: return nil
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 2)
    var index = 2
    while index + 1 < bytes.count {
      let low = isLittle ? bytes[index] : bytes[index + 1]
      let high = isLittle ? bytes[index + 1] : bytes[index]
      result.append(high == 0 && low < 0x80 ? low : UInt8(ascii: "?"))
      index += 2
    }
    return result
  }
}
