import MeshModel

/// One element of DER by its places in the bytes.
struct DERElement {
  var tag: UInt8
  /// Where the tag stands.
  var start: Int
  var content: Range<Int>

  var end: Int { content.upperBound }
  /// Tag, length and content.
  var whole: Range<Int> { start..<content.upperBound }
}

/// Why an element could not be read.
struct DERError: Error {
  var anomaly: CertificateAnomaly
  var message: String
}

/// Walks tag-length-value structures over an array without copying it.
///
/// Stricter than BER where reading on would be a guess (indefinite lengths, lengths past the end) and
/// laxer than DER where it is not: a length written with too many bytes is read and remembered.
struct DERWalker {
  let bytes: [UInt8]
  private(set) var hasNonMinimalLength = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the element at `position`, which moves past it.
  mutating func next(_ position: inout Int, end: Int) throws(DERError) -> DERElement {
    let element = try header(position, end: end)
    guard element.end <= end else {
      throw DERError(anomaly: .truncated, message: "the bytes end inside an element")
    }
    position = element.end
    return element
  }

  /// Reads the element at `position` and checks its tag.
  mutating func next(_ position: inout Int, end: Int, tag: UInt8, _ what: String)
    throws(DERError) -> DERElement
  {
    guard position < end else {
      throw DERError(anomaly: .malformedStructure, message: "\(what) is missing")
    }
    guard bytes[position] == tag else {
      throw DERError(anomaly: .malformedStructure, message: "\(what) has an unexpected type")
    }
    return try next(&position, end: end)
  }

  /// Reads tag and length alone; the content may lie past `end`.
  mutating func header(_ position: Int, end: Int) throws(DERError) -> DERElement {
    guard position + 2 <= end else {
      throw DERError(anomaly: .truncated, message: "the bytes end inside an element")
    }
    let tag = bytes[position]
    var lengthPlace = position + 1
    // A tag number from 31 on stands in bytes of its own (X.690 8.1.2.4); nothing that we read has one.
    if tag & 0x1F == 0x1F {
      while lengthPlace < end, bytes[lengthPlace] >= 0x80 { lengthPlace += 1 }
      lengthPlace += 1
      guard lengthPlace < end, lengthPlace - position <= 6 else {
        throw DERError(anomaly: .malformedStructure, message: "an element's tag has no end")
      }
    }
    let first = bytes[lengthPlace]
    var content = lengthPlace + 1
    var length = Int(first)
    if first >= 0x80 {
      let count = Int(first & 0x7F)
      guard count > 0 else {
        throw DERError(anomaly: .indefiniteLength, message: "an element has an indefinite length")
      }
      // 4 bytes are 4 GiB; more is either padding or a lie.
      guard content + count <= end else {
        throw DERError(anomaly: .truncated, message: "the bytes end inside an element")
      }
      length = 0
      for byte in bytes[content..<content + count] {
        guard length <= 0xFF_FFFF else {
          throw DERError(anomaly: .truncated, message: "an element is longer than 4 GiB")
        }
        length = length << 8 | Int(byte)
      }
      if bytes[content] == 0 || length < 0x80 { hasNonMinimalLength = true }
      content += count
    }
    return DERElement(tag: tag, start: position, content: content..<content + length)
  }
}

/// Tags of ASN.1 types as DER writes them.
enum DERTag {
  static let boolean: UInt8 = 0x01
  static let integer: UInt8 = 0x02
  static let bitString: UInt8 = 0x03
  static let octetString: UInt8 = 0x04
  static let null: UInt8 = 0x05
  static let objectIdentifier: UInt8 = 0x06
  static let utf8String: UInt8 = 0x0C
  static let numericString: UInt8 = 0x12
  static let printableString: UInt8 = 0x13
  static let teletexString: UInt8 = 0x14
  static let ia5String: UInt8 = 0x16
  static let utcTime: UInt8 = 0x17
  static let generalizedTime: UInt8 = 0x18
  static let visibleString: UInt8 = 0x1A
  static let universalString: UInt8 = 0x1C
  static let bmpString: UInt8 = 0x1E
  static let sequence: UInt8 = 0x30
  static let set: UInt8 = 0x31
  /// `[number]` around another element.
  static func explicit(_ number: UInt8) -> UInt8 { 0xA0 | number }
  /// `[number]` instead of a primitive element's own tag.
  static func implicit(_ number: UInt8) -> UInt8 { 0x80 | number }
}
