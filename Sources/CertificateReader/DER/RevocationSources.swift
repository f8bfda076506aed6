import MeshModel

/// The addresses of CRL distribution points (RFC 5280 4.2.1.13) and authority information access (4.2.2.1).
extension CertificateParser {
  private static let methods: [OID: RevocationSource.Kind] = [
    OID("1.3.6.1.5.5.7.48.1"): .ocsp, OID("1.3.6.1.5.5.7.48.2"): .issuer,
  ]

  mutating func readDistributionPoints(_ value: Range<Int>) throws(DERError) {
    facts.hasCRLDistributionPoints = true
    var position = value.lowerBound
    let list = try walker.next(
      &position, end: value.upperBound, tag: DERTag.sequence, "the CRL distribution points")
    var inner = list.content.lowerBound
    while inner < list.end {
      let point = try walker.next(
        &inner, end: list.end, tag: DERTag.sequence, "a distribution point")
      var field = point.content.lowerBound
      while field < point.end {
        // Reasons and the CRL's issuer may stand beside the name, or without one.
        let element = try walker.next(&field, end: point.end)
        guard element.tag == DERTag.explicit(0) else { continue }
        var choice = element.content.lowerBound
        let name = try walker.next(&choice, end: element.end)
        guard name.tag == DERTag.explicit(0) else { continue }
        var place = name.content.lowerBound
        while place < name.end { note(try walker.next(&place, end: name.end), as: .crl) }
      }
    }
  }

  mutating func readAuthorityInfoAccess(_ value: Range<Int>) throws(DERError) {
    facts.hasAuthorityInfoAccess = true
    var position = value.lowerBound
    let list = try walker.next(
      &position, end: value.upperBound, tag: DERTag.sequence, "the authority information access")
    var inner = list.content.lowerBound
    while inner < list.end {
      let description = try walker.next(
        &inner, end: list.end, tag: DERTag.sequence, "an access description")
      var field = description.content.lowerBound
      let method = try walker.next(
        &field, end: description.end, tag: DERTag.objectIdentifier, "the access method")
      let location = try walker.next(&field, end: description.end)
      guard let kind = OID(bytes, method.content).flatMap({ Self.methods[$0] }) else { continue }
      note(location, as: kind)
    }
  }

  /// Keeps a general name that is a URI.
  private mutating func note(_ name: DERElement, as kind: RevocationSource.Kind) {
    guard name.tag == DERTag.implicit(6) else { return }
    facts.revocationSources.append(RevocationSource(kind, asciiText(name.content)))
  }
}
