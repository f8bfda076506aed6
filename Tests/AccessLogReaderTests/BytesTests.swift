import Testing

@testable import AccessLogReader

@Suite struct BytesTests {
  private func numbers(_ text: String) -> (plain: Int?, inner: Int?) {
    let line = Array("12345678\(text)".utf8)
    return line.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return (nil, nil) }
      let bytes = Bytes(base, buffer.count).dropFirst(8)
      return (bytes.number, bytes.innerNumber)
    }
  }

  @Test(arguments: [
    "0", "7", "42", "200", "00017", "99999999", "123456789", "123456789012345678",
    "1234567890123456789", "", "-", "1a", "a1", "12 4", "1.5", "/", ":", "9:", "/9", "\u{FF}1",
    "1\u{E9}", "(", "77777 77",
  ]) func numbersInALineAreReadAlike(text: String) {
    let (plain, inner) = numbers(text)
    #expect(plain == inner)
  }

  @Test func everyByteIsToldFromADigit() {
    for byte in UInt8.min ... .max {
      let line = Array("1234567855".utf8) + [byte] + Array("5".utf8)
      line.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let bytes = Bytes(base, buffer.count).dropFirst(8)
        #expect(bytes.number == bytes.innerNumber, "byte \(byte)")
      }
    }
  }
}
