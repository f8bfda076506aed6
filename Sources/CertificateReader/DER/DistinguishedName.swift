import MeshModel

/// Prints a distinguished name as RFC 4514 does and says what is odd about it.
struct DistinguishedName {
  private(set) var text = ""
  private(set) var commonName: String?
  private(set) var anomalies = CertificateAnomalies()

  /// Attribute types with a short name (RFC 4514 section 3); all others print as dotted OIDs.
  private static let shortNames: [OID: String] = [
    OID("2.5.4.3"): "CN", OID("2.5.4.7"): "L", OID("2.5.4.8"): "ST", OID("2.5.4.10"): "O",
    OID("2.5.4.11"): "OU", OID("2.5.4.6"): "C", OID("2.5.4.9"): "STREET",
    OID("0.9.2342.19200300.100.1.25"): "DC", OID("0.9.2342.19200300.100.1.1"): "UID",
  ]

  /// Reads the RDNSequence with this content; the last part comes first (RFC 4514 2.1).
  init(_ walker: inout DERWalker, _ content: Range<Int>) throws(DERError) {
    var parts: [String] = []
    var position = content.lowerBound
    while position < content.upperBound {
      let set = try walker.next(
        &position, end: content.upperBound, tag: DERTag.set, "a part of a name")
      parts.append(try part(&walker, set.content))
    }
    switch parts.count {
    case 0: text = ""
    case 1: text = parts[0]
    default: text = parts.reversed().joined(separator: ",")
    }
  }

  private mutating func part(_ walker: inout DERWalker, _ content: Range<Int>) throws(DERError)
    -> String
  {
    var result = ""
    var position = content.lowerBound
    while position < content.upperBound {
      let pair = try walker.next(
        &position, end: content.upperBound, tag: DERTag.sequence, "an attribute of a name")
      var inner = pair.content.lowerBound
      let type = try walker.next(
        &inner, end: pair.end, tag: DERTag.objectIdentifier, "the type of a name's attribute")
      let value = try walker.next(&inner, end: pair.end)
      if !result.isEmpty { result += "+" }
      let short = OID(walker.bytes, type.content).flatMap { Self.shortNames[$0] }
      result += short ?? OID.text(walker.bytes, type.content)
      result += "="
      if let simple = Self.simpleText(walker.bytes, value) {
        result += simple
        if short == "CN" { commonName = simple }
      } else if let scalars = decoded(walker.bytes, value) {
        append(scalars, to: &result)
        if short == "CN" { commonName = plain(scalars) }
      } else {
        result += "#" + Hex.text(walker.bytes[value.whole])
      }
    }
    return result
  }

  /// The value as it is when nothing in it needs a second look: the common case, made fast.
  private static func simpleText(_ bytes: [UInt8], _ element: DERElement) -> String? {
    guard element.tag == DERTag.utf8String || element.tag == DERTag.printableString,
      let first = bytes[element.content].first, let last = bytes[element.content].last,
      first != 0x20, last != 0x20
    else { return nil }
    for byte in bytes[element.content] {
      switch byte {
      case 65...90, 97...122, 48...57, 0x20, UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "/"), UInt8(ascii: ":"):
        continue
      default: return nil
      }
    }
    return String(decoding: bytes[element.content], as: UTF8.self)
  }

  /// The characters of an attribute value; bytes that are no character come as `.failure`.
  private enum Piece {
    case scalar(Unicode.Scalar)
    case byte(UInt8)
  }

  private mutating func decoded(_ bytes: [UInt8], _ element: DERElement) -> [Piece]? {
    let content = bytes[element.content]
    switch element.tag {
    case DERTag.utf8String: return utf8(content)
    case DERTag.printableString, DERTag.numericString:
      if !content.allSatisfy(Self.isPrintable) { anomalies.insert(.nameEncoding) }
      return content.map { $0 < 0x80 ? .scalar(Unicode.Scalar($0)) : .byte($0) }
    case DERTag.ia5String, DERTag.visibleString:
      if content.contains(where: { $0 >= 0x80 }) { anomalies.insert(.nameEncoding) }
      return content.map { $0 < 0x80 ? .scalar(Unicode.Scalar($0)) : .byte($0) }
    case DERTag.teletexString:
      anomalies.insert(.nameStringType)
      // As every reader does: Latin-1, whatever T.61 says.
      return content.map { .scalar(Unicode.Scalar($0)) }
    case DERTag.bmpString: return wide(content, width: 2)
    case DERTag.universalString: return wide(content, width: 4)
    default:
      anomalies.insert(.nameEncoding)
      return nil
    }
  }

  private mutating func utf8(_ content: ArraySlice<UInt8>) -> [Piece] {
    if content.allSatisfy({ $0 < 0x80 }) { return content.map { .scalar(Unicode.Scalar($0)) } }
    if let text = String(validating: content, as: UTF8.self) {
      return text.unicodeScalars.map { .scalar($0) }
    }
    anomalies.insert(.nameEncoding)
    return content.map { $0 < 0x80 ? .scalar(Unicode.Scalar($0)) : .byte($0) }
  }

  private mutating func wide(_ content: ArraySlice<UInt8>, width: Int) -> [Piece] {
    anomalies.insert(.nameStringType)
    guard content.count % width == 0 else {
      anomalies.insert(.nameEncoding)
      return content.map { .byte($0) }
    }
    var pieces: [Piece] = []
    var start = content.startIndex
    while start < content.endIndex {
      let unit = content[start..<start + width]
      let number = unit.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      if let scalar = Unicode.Scalar(number) {
        pieces.append(.scalar(scalar))
      } else {
        anomalies.insert(.nameEncoding)
        pieces += unit.map { .byte($0) }
      }
      start += width
    }
    return pieces
  }

  /// Appends with the escapes of RFC 4514 2.4; control characters are escaped as well.
  private mutating func append(_ pieces: [Piece], to text: inout String) {
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .byte(let byte): text += "\\" + Hex.text([byte]).uppercased()
      case .scalar(let scalar):
        switch scalar {
        case "\"", "+", ",", ";", "<", ">", "\\":
          if scalar == "<" || scalar == ">" { anomalies.insert(.nameMarkup) }
          text += "\\"
          text.unicodeScalars.append(scalar)
        case " " where index == 0 || index == pieces.count - 1: text += "\\ "
        case "#" where index == 0: text += "\\#"
        case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
          anomalies.insert(.nameControlCharacter)
          for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            text += "\\" + Hex.text([byte]).uppercased()
          }
        default: text.unicodeScalars.append(scalar)
        }
      }
    }
  }

  private func plain(_ pieces: [Piece]) -> String {
    var text = ""
    for piece in pieces {
      switch piece {
      case .scalar(let scalar) where scalar.value >= 0x20 && scalar.value != 0x7F:
        text.unicodeScalars.append(scalar)
      case .scalar(let scalar): text += Hex.escape(UInt8(truncatingIfNeeded: scalar.value))
      case .byte(let byte): text += Hex.escape(byte)
      }
    }
    return text
  }

  /// PrintableString (X.680 section 41).
  private static func isPrintable(_ byte: UInt8) -> Bool {
    switch byte {
    case 65...90, 97...122, 48...57, 0x20, 0x27, 0x28, 0x29, 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A,
      0x3D, 0x3F:
      true
    default: false
    }
  }
}
