/// A JSON value as bytes: a tenth of the memory of the tree, for values that are kept by the hundred
/// thousand and looked at one by one.
package struct PackedJSON: Hashable, Sendable {
  private let bytes: [UInt8]

  private enum Tag {
    static let null: UInt8 = 0
    static let no: UInt8 = 1
    static let yes: UInt8 = 2
    static let int: UInt8 = 3
    static let double: UInt8 = 4
    static let string: UInt8 = 5
    static let array: UInt8 = 6
    static let object: UInt8 = 7
  }

  package init(_ value: JSONValue) {
    var bytes: [UInt8] = []
    PackedJSON.add(value, to: &bytes)
    // Without the room that growing has left.
    self.bytes = bytes.withUnsafeBytes { Array($0) }
  }

  /// The value, members in the order in which they were given.
  package var value: JSONValue {
    var rest = bytes[...]
    return PackedJSON.takeValue(&rest)
  }

  private static func add(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(Tag.null)
    case .bool(let value): bytes.append(value ? Tag.yes : Tag.no)
    case .int(let value):
      bytes.append(Tag.int)
      add(UInt64(bitPattern: value << 1 ^ value >> 63), to: &bytes)
    case .double(let value):
      bytes.append(Tag.double)
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    case .string(let value):
      bytes.append(Tag.string)
      add(value, to: &bytes)
    case .array(let values):
      bytes.append(Tag.array)
      add(UInt64(values.count), to: &bytes)
      for value in values { add(value, to: &bytes) }
    case .object(let members):
      bytes.append(Tag.object)
      add(UInt64(members.count), to: &bytes)
      for member in members {
        add(member.name, to: &bytes)
        add(member.value, to: &bytes)
      }
    }
  }

  private static func add(_ text: String, to bytes: inout [UInt8]) {
    add(UInt64(text.utf8.count), to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  /// Seven bits a byte, the low ones first.
  private static func add(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private static func takeValue(_ rest: inout ArraySlice<UInt8>) -> JSONValue {
    switch rest.popFirst() {
    case Tag.no: return .bool(false)
    case Tag.yes: return .bool(true)
    case Tag.int:
      let number = takeNumber(&rest)
      return .int(Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1))
    case Tag.double:
      var pattern: UInt64 = 0
      for (place, byte) in rest.prefix(8).enumerated() { pattern |= UInt64(byte) << (8 * place) }
      rest = rest.dropFirst(8)
      return .double(Double(bitPattern: pattern))
    case Tag.string: return .string(takeText(&rest))
    case Tag.array: return .array((0..<takeNumber(&rest)).map { _ in takeValue(&rest) })
    case Tag.object:
      return .object(
        (0..<takeNumber(&rest)).map { _ in
          let name = takeText(&rest)
          return JSONValue.Member(name, takeValue(&rest))
        })
    default: return .null
    }
  }

  private static func takeText(_ rest: inout ArraySlice<UInt8>) -> String {
    let count = Int(takeNumber(&rest))
    defer { rest = rest.dropFirst(count) }
    return String(decoding: rest.prefix(count), as: UTF8.self)
  }

  private static func takeNumber(_ rest: inout ArraySlice<UInt8>) -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = rest.popFirst() {
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    return number
  }
}

/// As the value itself.
extension PackedJSON: Codable {
  package init(from decoder: any Decoder) throws { self.init(try JSONValue(from: decoder)) }

  package func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
