import MeshModel

/// Opens the certificates of a PKCS#7 SignedData (RFC 2315 9.1, RFC 5652 5.1): what
/// `openssl crl2pkcs7 -nocrl` and Windows export as `.p7b`.
enum PKCS7Certificates {
  private static let signedData = OID("1.2.840.113549.1.7.2")

  /// The DER of each certificate; throws when it is no SignedData or cannot be walked.
  static func read(_ bytes: [UInt8]) throws(DERError) -> [[UInt8]] {
    var walker = DERWalker(bytes)
    var position = 0
    let outer = try walker.next(
      &position, end: bytes.count, tag: DERTag.sequence, "the PKCS#7 container")
    var inner = outer.content.lowerBound
    let type = try walker.next(
      &inner, end: outer.end, tag: DERTag.objectIdentifier, "the content type")
    guard OID(bytes, type.content) == signedData else {
      throw DERError(
        anomaly: .malformedStructure,
        message: "its content type is \(OID.text(bytes, type.content)), not signed data")
    }
    let wrapper = try walker.next(
      &inner, end: outer.end, tag: DERTag.explicit(0), "the signed data")
    var place = wrapper.content.lowerBound
    let data = try walker.next(&place, end: wrapper.end, tag: DERTag.sequence, "the signed data")
    var field = data.content.lowerBound
    var certificates: [[UInt8]] = []
    while field < data.end {
      let element = try walker.next(&field, end: data.end)
      guard element.tag == DERTag.explicit(0) else { continue }
      var item = element.content.lowerBound
      while item < element.end {
        let choice = try walker.next(&item, end: element.end)
        certificates.append(Array(bytes[choice.whole]))
      }
    }
    return certificates
  }
}
