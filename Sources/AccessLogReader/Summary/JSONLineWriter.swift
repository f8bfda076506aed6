import MeshModel

/// Writes lines of JSON into one buffer; absent members are left out.
struct JSONLineWriter {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true
  /// The last day that was written, and its text: most times are of the same day.
  private var day: (number: Int64, text: [UInt8]) = (.min, [])

  init(capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  mutating func open() {
    bytes.append(UInt8(ascii: "{"))
    isFirst = true
  }

  mutating func close() {
    bytes.append(UInt8(ascii: "}"))
    isFirst = false
  }

  mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

  mutating func nested(_ name: StaticString, _ write: (inout JSONLineWriter) -> Void) {
    self.name(name)
    open()
    write(&self)
    close()
  }

  mutating func list<Element>(
    _ name: StaticString, _ elements: [Element], _ write: (inout JSONLineWriter, Element) -> Void
  ) {
    self.name(name)
    bytes.append(UInt8(ascii: "["))
    isFirst = true
    for element in elements {
      comma()
      open()
      write(&self, element)
      close()
    }
    bytes.append(UInt8(ascii: "]"))
    isFirst = false
  }

  mutating func member(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    self.name(name)
    text(value)
  }

  mutating func member(_ name: StaticString, _ value: Int?) {
    guard let value else { return }
    self.name(name)
    JSONLineWriter.put(value, to: &bytes)
  }

  mutating func member(_ name: StaticString, _ value: Bool?) {
    guard let value else { return }
    self.name(name)
    put(value ? "true" : "false")
  }

  /// A time, RFC 3339 in milliseconds.
  mutating func member(_ name: StaticString, _ value: UTCTime?) {
    guard let value else { return }
    self.name(name)
    bytes.append(UInt8(ascii: "\""))
    time(value)
    bytes.append(UInt8(ascii: "\""))
  }

  /// A text without anything that JSON escapes.
  mutating func member(_ name: StaticString, plain write: (inout [UInt8]) -> Void) {
    self.name(name)
    bytes.append(UInt8(ascii: "\""))
    write(&bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// A member that is named by the input.
  mutating func member(_ name: String, of value: Int) {
    comma()
    text(name)
    bytes.append(UInt8(ascii: ":"))
    JSONLineWriter.put(value, to: &bytes)
  }

  /// A member whose name is a number.
  mutating func member(_ name: Int, _ value: Int) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    JSONLineWriter.put(name, to: &bytes)
    put("\":")
    JSONLineWriter.put(value, to: &bytes)
  }

  private mutating func comma() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  private mutating func name(_ name: StaticString) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    put(name)
    put("\":")
  }

  private mutating func put(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Writes a whole number.
  static func put(_ value: Int, to bytes: inout [UInt8]) {
    put(UInt64(value.magnitude), radix: 10, isNegative: value < 0, to: &bytes)
  }

  /// Writes a whole number with digits of another radix, up to 16.
  static func put(
    _ value: UInt64, radix: UInt64, isNegative: Bool = false, to bytes: inout [UInt8]
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65) { digits in
      var first = digits.count
      var rest = value
      repeat {
        first -= 1
        let digit = UInt8(truncatingIfNeeded: rest % radix)
        digits[first] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        rest /= radix
      } while rest != 0
      if isNegative { bytes.append(UInt8(ascii: "-")) }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
    }
  }

  private mutating func time(_ time: UTCTime) {
    var number = time.seconds / 86_400
    var second = Int(time.seconds % 86_400)
    if second < 0 {
      number -= 1
      second += 86_400
    }
    if number != day.number { day = (number, Array(time.dayText.utf8)) }
    bytes.append(contentsOf: day.text)
    pair(UInt8(ascii: "T"), second / 3600)
    pair(UInt8(ascii: ":"), second / 60 % 60)
    pair(UInt8(ascii: ":"), second % 60)
    let millisecond = Int(time.nanoseconds) / 1_000_000
    bytes.append(UInt8(ascii: "."))
    bytes.append(UInt8(ascii: "0") + UInt8(millisecond / 100))
    bytes.append(UInt8(ascii: "0") + UInt8(millisecond / 10 % 10))
    bytes.append(UInt8(ascii: "0") + UInt8(millisecond % 10))
    bytes.append(UInt8(ascii: "Z"))
  }

  private mutating func pair(_ separator: UInt8, _ number: Int) {
    bytes.append(separator)
    bytes.append(UInt8(ascii: "0") + UInt8(number / 10))
    bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
  }

  /// A JSON string (RFC 8259 section 7).
  private mutating func text(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    defer { bytes.append(UInt8(ascii: "\"")) }
    let isPlain = value.utf8.allSatisfy {
      $0 >= 32 && $0 != 127 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    guard !isPlain else { return bytes.append(contentsOf: value.utf8) }
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<32, 127:
        put("\\u00")
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
  }
}
