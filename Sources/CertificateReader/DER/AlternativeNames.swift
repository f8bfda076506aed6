import MeshModel

/// GeneralNames of the subject alternative name (RFC 5280 4.2.1.6).
extension CertificateParser {
  mutating func readAlternativeNames(_ value: Range<Int>) throws(DERError)
    -> [SubjectAlternativeName]
  {
    var position = value.lowerBound
    let sequence = try walker.next(
      &position, end: value.upperBound, tag: DERTag.sequence, "the subject alternative names")
    if sequence.content.isEmpty { anomalies.insert(.sanEmpty) }
    var names: [SubjectAlternativeName] = []
    var inner = sequence.content.lowerBound
    while inner < sequence.end {
      let element = try walker.next(&inner, end: sequence.end)
      switch element.tag {
      case DERTag.implicit(1): names.append(.init(.email, asciiText(element.content)))
      case DERTag.implicit(2):
        let text = asciiText(element.content)
        if text.utf8.contains(UInt8(ascii: "*")) { anomalies.insert(.sanWildcard) }
        names.append(.init(.dns, text))
      case DERTag.implicit(6):
        let text = asciiText(element.content)
        if text.utf8.contains(UInt8(ascii: "*")) { anomalies.insert(.sanWildcard) }
        names.append(.init(.uri, text))
      case DERTag.implicit(7): names.append(.init(.ip, addressText(element.content)))
      case DERTag.explicit(4): names.append(.init(.directory, directoryText(element.content)))
      case DERTag.implicit(8):
        names.append(.init(.other, "registeredID:" + OID.text(bytes, element.content)))
      case DERTag.explicit(0), DERTag.explicit(3), DERTag.explicit(5):
        names.append(.init(.other, "[\(element.tag & 0x1F)]"))
      default:
        anomalies.insert(.sanEncoding)
        names.append(.init(.other, "#" + Hex.text(bytes[element.whole])))
      }
    }
    return names
  }

  /// IA5String as text; bytes beyond printable ASCII are escaped and remembered.
  mutating func asciiText(_ range: Range<Int>) -> String {
    let content = bytes[range]
    if content.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
      return String(decoding: content, as: UTF8.self)
    }
    var text = ""
    for byte in content {
      if byte >= 0x20, byte < 0x7F {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        anomalies.insert(byte >= 0x80 ? .sanEncoding : .sanControlCharacter)
        text += Hex.escape(byte)
      }
    }
    return text
  }

  private mutating func addressText(_ range: Range<Int>) -> String {
    let content = bytes[range]
    func number(_ part: ArraySlice<UInt8>) -> UInt64 {
      part.reduce(0) { $0 << 8 | UInt64($1) }
    }
    switch content.count {
    case 4: return IPAddress(family: .v4, high: 0, low: number(content)).description
    case 16:
      return IPAddress(
        family: .v6, high: number(content.prefix(8)), low: number(content.suffix(8))
      ).description
    default:
      anomalies.insert(.sanEncoding)
      return "#" + Hex.text(content)
    }
  }

  private mutating func directoryText(_ range: Range<Int>) -> String {
    do {
      var position = range.lowerBound
      let name = try walker.next(
        &position, end: range.upperBound, tag: DERTag.sequence, "a directory name")
      let printed = try DistinguishedName(&walker, name.content)
      anomalies.formUnion(printed.anomalies)
      return printed.text
    } catch {
      anomalies.insert(.sanEncoding)
      return "#" + Hex.text(bytes[range])
    }
  }
}
