/// The parts of a certificate's DER that verifying its signature needs (RFC 5280 4.1).
struct SignedParts {
  /// TBSCertificate, tag and length included.
  var signed: Range<Int>
  /// The content of the outer AlgorithmIdentifier.
  var algorithm: Range<Int>
  /// The signature without the count of unused bits.
  var signature: Range<Int>
  /// SubjectPublicKeyInfo, tag and length included.
  var publicKeyInfo: Range<Int>
  /// The value of the name constraints extension, or nil.
  var nameConstraints: Range<Int>?

  /// Nil when the bytes cannot be walked.
  init?(_ bytes: [UInt8]) {
    do throws(DERError) {
      var walker = DERWalker(bytes)
      let outer = try walker.header(0, end: bytes.count)
      let end = min(outer.end, bytes.count)
      var position = outer.content.lowerBound
      let body = try walker.next(&position, end: end, tag: DERTag.sequence, "the signed part")
      let algorithm = try walker.next(&position, end: end, tag: DERTag.sequence, "the algorithm")
      let signature = try walker.next(&position, end: end, tag: DERTag.bitString, "the signature")
      guard bytes[signature.content].first == 0 else { return nil }
      signed = body.whole
      self.algorithm = algorithm.content
      self.signature = signature.content.dropFirst()

      var inner = body.content.lowerBound
      if inner < body.end, bytes[inner] == DERTag.explicit(0) {
        _ = try walker.next(&inner, end: body.end)
      }
      // Serial number, algorithm, issuer, validity, subject.
      for _ in 0..<5 { _ = try walker.next(&inner, end: body.end) }
      publicKeyInfo = try walker.next(
        &inner, end: body.end, tag: DERTag.sequence, "the public key"
      ).whole
      while inner < body.end {
        let element = try walker.next(&inner, end: body.end)
        guard element.tag == DERTag.explicit(3) else { continue }
        nameConstraints = try Self.nameConstraints(in: element.content, &walker)
      }
    } catch {
      return nil
    }
  }

  /// Of a revocation list (RFC 5280 5.1), which has the same three parts and no key.
  init?(list bytes: [UInt8]) {
    do throws(DERError) {
      var walker = DERWalker(bytes)
      var position = 0
      let outer = try walker.next(&position, end: bytes.count, tag: DERTag.sequence, "the list")
      position = outer.content.lowerBound
      signed = try walker.next(&position, end: outer.end, tag: DERTag.sequence, "the signed part")
        .whole
      algorithm = try walker.next(&position, end: outer.end, tag: DERTag.sequence, "the algorithm")
        .content
      let signature = try walker.next(
        &position, end: outer.end, tag: DERTag.bitString, "the signature")
      guard bytes[signature.content].first == 0 else { return nil }
      self.signature = signature.content.dropFirst()
      publicKeyInfo = 0..<0
    } catch {
      return nil
    }
  }

  private static let nameConstraintsOID = OID("2.5.29.30")

  private static func nameConstraints(in content: Range<Int>, _ walker: inout DERWalker)
    throws(DERError) -> Range<Int>?
  {
    var position = content.lowerBound
    let list = try walker.next(
      &position, end: content.upperBound, tag: DERTag.sequence, "the list of extensions")
    var inner = list.content.lowerBound
    while inner < list.end {
      let element = try walker.next(&inner, end: list.end, tag: DERTag.sequence, "an extension")
      var place = element.content.lowerBound
      let identifier = try walker.next(&place, end: element.end)
      guard OID(walker.bytes, identifier.content) == nameConstraintsOID else { continue }
      if place < element.end, walker.bytes[place] == DERTag.boolean {
        _ = try walker.next(&place, end: element.end)
      }
      return try walker.next(
        &place, end: element.end, tag: DERTag.octetString, "an extension's value"
      ).content
    }
    return nil
  }
}
