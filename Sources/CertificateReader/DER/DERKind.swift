import MeshModel

/// What a piece of DER is, judged by its outermost structure.
enum DERKind: Hashable {
  case certificate
  case privateKey(PrivateKeySighting.Kind)
  case pkcs7
  case pkcs12
  case certificateRequest
  case revocationList
  case publicKey
  case unknown

  /// How messages name it.
  var name: String {
    switch self {
    case .certificate: "a certificate"
    case .privateKey: "a private key"
    case .pkcs7: "a PKCS#7 container"
    case .pkcs12: "a PKCS#12 container"
    case .certificateRequest: "a certificate signing request"
    case .revocationList: "a certificate revocation list"
    case .publicKey: "a public key"
    case .unknown: "data of no known kind"
    }
  }

  /// Looks at the first elements inside the outermost sequence; nothing has to be complete.
  static func of(_ bytes: [UInt8], from start: Int = 0) -> DERKind {
    var walker = DERWalker(bytes)
    guard let outer = try? walker.header(start, end: bytes.count), outer.tag == DERTag.sequence
    else {
      return .unknown
    }
    let end = min(outer.end, bytes.count)
    guard let first = try? walker.header(outer.content.lowerBound, end: end) else {
      return .unknown
    }
    let after = first.end < end ? bytes[first.end] : 0
    switch first.tag {
    case DERTag.objectIdentifier: return after == DERTag.explicit(0) ? .pkcs7 : .unknown
    case DERTag.integer:
      return keyOrContainer(&walker, bytes[first.content.clamped(to: 0..<end)], after)
    case DERTag.sequence: return signedOrWrapped(&walker, first, after, end: end)
    default: return .unknown
    }
  }

  /// PrivateKeyInfo (RFC 5958), RSAPrivateKey (RFC 8017 A.1.2), ECPrivateKey (RFC 5915), PFX (RFC 7292).
  private static func keyOrContainer(
    _ walker: inout DERWalker, _ version: ArraySlice<UInt8>, _ after: UInt8
  ) -> DERKind {
    switch (version.last, after) {
    case (3, DERTag.sequence): .pkcs12
    case (0, DERTag.sequence), (1, DERTag.sequence): .privateKey(.pkcs8)
    case (1, DERTag.octetString): .privateKey(.ec)
    case (0, DERTag.integer), (1, DERTag.integer): .privateKey(.pkcs1)
    default: .unknown
    }
  }

  /// A signed thing, EncryptedPrivateKeyInfo (RFC 5958 section 3) or SubjectPublicKeyInfo: all start
  /// with a sequence.
  private static func signedOrWrapped(
    _ walker: inout DERWalker, _ first: DERElement, _ after: UInt8, end: Int
  ) -> DERKind {
    let bytes = walker.bytes
    let inside = first.content.lowerBound
    let innerEnd = min(first.end, end)
    guard inside < innerEnd else { return .unknown }
    if bytes[inside] == DERTag.objectIdentifier {
      if after == DERTag.octetString { return .privateKey(.encryptedPKCS8) }
      return after == DERTag.bitString ? .publicKey : .unknown
    }
    if bytes[inside] == DERTag.explicit(0) { return .certificate }
    // The tags of the next elements tell a version 1 certificate, a request and a CRL apart.
    var tags: [UInt8] = []
    var position = inside
    while tags.count < 4, position < innerEnd,
      let element = try? walker.header(position, end: innerEnd)
    {
      tags.append(element.tag)
      position = element.end
    }
    let isTime = { (tag: UInt8) in tag == DERTag.utcTime || tag == DERTag.generalizedTime }
    switch tags.first {
    case DERTag.sequence: return tags.count > 2 && isTime(tags[2]) ? .revocationList : .unknown
    case DERTag.integer where tags.count > 3 && isTime(tags[3]): return .revocationList
    case DERTag.integer where tags.count > 3 && tags[3] == DERTag.explicit(0):
      return .certificateRequest
    case DERTag.integer: return .certificate
    default: return .unknown
    }
  }
}
