import MeshModel

/// Reads a certificate revocation list (RFC 5280 5.1), which is read whole or not at all: one that is cut
/// short would pass revoked certificates.
struct RevocationListParser {
  private var walker: DERWalker
  private var anomalies = CertificateAnomalies()
  private var list: RevocationList

  static func read(
    _ bytes: [UInt8], at place: CertificatePlace
  ) throws(DERError) -> RevocationList {
    var parser = RevocationListParser(bytes, place)
    try parser.run()
    return parser.list
  }

  private init(_ bytes: [UInt8], _ place: CertificatePlace) {
    walker = DERWalker(bytes)
    list = RevocationList(id: Hex.sha256(bytes, 0..<bytes.count), issuer: "", place: place)
    list.der = bytes
  }

  private var bytes: [UInt8] { walker.bytes }

  private mutating func run() throws(DERError) {
    var position = 0
    let outer = try walker.next(
      &position, end: bytes.count, tag: DERTag.sequence, "the revocation list")
    var inner = outer.content.lowerBound
    let body = try walker.next(&inner, end: outer.end, tag: DERTag.sequence, "the signed part")
    _ = try walker.next(&inner, end: outer.end, tag: DERTag.sequence, "the algorithm")
    _ = try walker.next(&inner, end: outer.end, tag: DERTag.bitString, "the signature")
    try readBody(body)
  }

  private mutating func readBody(_ body: DERElement) throws(DERError) {
    let end = body.end
    var position = body.content.lowerBound
    if position < end, bytes[position] == DERTag.integer {
      _ = try walker.next(&position, end: end)
    }
    _ = try walker.next(&position, end: end, tag: DERTag.sequence, "the signature algorithm")
    let issuer = try walker.next(&position, end: end, tag: DERTag.sequence, "the issuer")
    list.issuer = try DistinguishedName(&walker, issuer.content).text
    list.thisUpdate = try readTime(&position, end: end, "thisUpdate")
    if position < end, isTime(bytes[position]) {
      list.nextUpdate = try readTime(&position, end: end, "nextUpdate")
    }
    if position < end, bytes[position] == DERTag.sequence {
      let entries = try walker.next(&position, end: end)
      var inner = entries.content.lowerBound
      while inner < entries.end {
        let entry = try walker.next(&inner, end: entries.end, tag: DERTag.sequence, "an entry")
        list.entries.append(try readEntry(entry))
      }
    }
    if position < end, bytes[position] == DERTag.explicit(0) {
      let wrapper = try walker.next(&position, end: end)
      try forEachExtension(in: wrapper.content) { parser, oid, isCritical, value throws(DERError) in
        try parser.readExtension(oid, isCritical: isCritical, value)
      }
    }
    guard position == end else {
      throw DERError(anomaly: .malformedStructure, message: "unknown bytes follow its entries")
    }
  }

  private mutating func readEntry(_ entry: DERElement) throws(DERError) -> RevokedCertificate {
    var position = entry.content.lowerBound
    let serial = try walker.next(
      &position, end: entry.end, tag: DERTag.integer, "an entry's serial number")
    let time = try readTime(&position, end: entry.end, "an entry's date")
    var revoked = RevokedCertificate(
      serial: SerialNumber(bytes[serial.content]).text, revokedAt: time)
    guard position < entry.end else { return revoked }
    try forEachExtension(in: position..<entry.end) {
      parser, oid, isCritical, value throws(DERError) in
      switch oid {
      case Self.reasonCode:
        var place = value.lowerBound
        let code = try parser.walker.next(
          &place, end: value.upperBound, tag: Self.enumerated, "an entry's reason")
        if code.content.count == 1, let first = parser.bytes[code.content].first,
          let reason = RevokedCertificate.Reason(rawValue: Int(first))
        {
          revoked.reason = reason
        }
      case Self.certificateIssuer: parser.list.isIndirect = true
      case Self.invalidityDate: break
      default: if isCritical { parser.list.unknownCriticalExtensions.append(oid) }
      }
    }
    return revoked
  }

  private mutating func readExtension(
    _ oid: String, isCritical: Bool, _ value: Range<Int>
  ) throws(DERError) {
    var position = value.lowerBound
    switch oid {
    case Self.crlNumber:
      let number = try walker.next(
        &position, end: value.upperBound, tag: DERTag.integer, "the CRL number")
      list.number = Hex.text(bytes[number.content])
    case Self.authorityKeyIdentifier:
      let outer = try walker.next(
        &position, end: value.upperBound, tag: DERTag.sequence, "the authority key identifier")
      var inner = outer.content.lowerBound
      while inner < outer.end {
        let field = try walker.next(&inner, end: outer.end)
        if field.tag == DERTag.implicit(0) { list.authorityKeyID = Hex.text(bytes[field.content]) }
      }
    case Self.deltaIndicator: list.isDelta = true
    case Self.issuingDistributionPoint:
      let outer = try walker.next(
        &position, end: value.upperBound, tag: DERTag.sequence, "the issuing distribution point")
      var inner = outer.content.lowerBound
      while inner < outer.end {
        let field = try walker.next(&inner, end: outer.end)
        // [4] indirectCRL (RFC 5280 5.2.5); absent means false.
        if field.tag == DERTag.implicit(4), bytes[field.content].first != 0 {
          list.isIndirect = true
        }
      }
    default: if isCritical { list.unknownCriticalExtensions.append(oid) }
    }
  }

  private mutating func forEachExtension(
    in content: Range<Int>,
    _ body: (inout RevocationListParser, String, Bool, Range<Int>) throws(DERError) -> Void
  ) throws(DERError) {
    var position = content.lowerBound
    let all = try walker.next(
      &position, end: content.upperBound, tag: DERTag.sequence, "the list of extensions")
    var inner = all.content.lowerBound
    while inner < all.end {
      let element = try walker.next(&inner, end: all.end, tag: DERTag.sequence, "an extension")
      var field = element.content.lowerBound
      let identifier = try walker.next(
        &field, end: element.end, tag: DERTag.objectIdentifier, "an extension's identifier")
      var isCritical = false
      if field < element.end, bytes[field] == DERTag.boolean {
        isCritical = bytes[try walker.next(&field, end: element.end).content].first != 0
      }
      let value = try walker.next(
        &field, end: element.end, tag: DERTag.octetString, "an extension's value")
      try body(&self, OID.text(bytes, identifier.content), isCritical, value.content)
    }
  }

  private mutating func readTime(
    _ position: inout Int, end: Int, _ what: String
  ) throws(DERError) -> UTCTime {
    let element = try walker.next(&position, end: end)
    guard let time = CertificateTime.read(bytes, element, &anomalies) else {
      throw DERError(anomaly: .timeMalformed, message: "\(what) is no valid time")
    }
    return time
  }

  private func isTime(_ tag: UInt8) -> Bool {
    tag == DERTag.utcTime || tag == DERTag.generalizedTime
  }

  private static let enumerated: UInt8 = 0x0A
  // RFC 5280 5.2 and 5.3.
  private static let crlNumber = "2.5.29.20"
  private static let reasonCode = "2.5.29.21"
  private static let invalidityDate = "2.5.29.24"
  private static let deltaIndicator = "2.5.29.27"
  private static let issuingDistributionPoint = "2.5.29.28"
  private static let certificateIssuer = "2.5.29.29"
  private static let authorityKeyIdentifier = "2.5.29.35"
}
