import Crypto
import CryptoExtras
import Foundation
import MeshModel

/// Opens a PKCS#12 container (RFC 7292) as far as it opens without a password: parts that are not
/// encrypted, as in the trust stores that `keytool` writes with an empty password, and parts that are encrypted
/// under the empty password with PBES2 and AES (RFC 8018), as in what `openssl pkcs12 -export -passout pass:`
/// writes.
///
/// Keys are met, never opened. The integrity code under the password is not verified: a certificate
/// speaks for itself.
struct PKCS12Contents {
  enum Item: Equatable {
    case certificate([UInt8])
    case privateKey(isEncrypted: Bool)
    case revocationList
    /// A part that stays closed, and why.
    case closed(String)
    /// A bag of another kind.
    case other(String)
  }

  /// More rounds than tools write cost more than an audit may spend on one file: OpenSSL writes 2,048,
  /// Java 10,000, and OWASP recommends 600,000.
  static let mostRounds = 1_000_000
  /// Bags within bags.
  private static let deepest = 4

  private(set) var items: [Item] = []

  private static let data = OID("1.2.840.113549.1.7.1")
  private static let encryptedData = OID("1.2.840.113549.1.7.6")
  private static let pbes2 = OID("1.2.840.113549.1.5.13")
  private static let pbkdf2 = OID("1.2.840.113549.1.5.12")
  private static let x509Certificate = OID("1.2.840.113549.1.9.22.1")

  private static let bags: [OID: String] = [
    OID("1.2.840.113549.1.12.10.1.1"): "key", OID("1.2.840.113549.1.12.10.1.2"): "shrouded-key",
    OID("1.2.840.113549.1.12.10.1.3"): "certificate", OID("1.2.840.113549.1.12.10.1.4"): "crl",
    OID("1.2.840.113549.1.12.10.1.5"): "secret", OID("1.2.840.113549.1.12.10.1.6"): "bags",
  ]

  private static let digests: [OID: KDF.Insecure.PBKDF2.HashFunction] = [
    OID("1.2.840.113549.2.7"): .insecureSHA1, OID("1.2.840.113549.2.9"): .sha256,
    OID("1.2.840.113549.2.10"): .sha384, OID("1.2.840.113549.2.11"): .sha512,
  ]

  /// AES in CBC mode, by the bytes of its key (NIST CSOR).
  private static let ciphers: [OID: Int] = [
    OID("2.16.840.1.101.3.4.1.2"): 16, OID("2.16.840.1.101.3.4.1.22"): 24,
    OID("2.16.840.1.101.3.4.1.42"): 32,
  ]

  /// What is in the container, in its order; throws when it cannot be walked.
  static func read(_ bytes: [UInt8]) throws(DERError) -> [Item] {
    var contents = PKCS12Contents()
    try contents.readContainer(bytes)
    return contents.items
  }

  /// PFX ::= SEQUENCE { version, authSafe ContentInfo, macData OPTIONAL }.
  private mutating func readContainer(_ bytes: [UInt8]) throws(DERError) {
    var walker = DERWalker(bytes)
    var position = 0
    let outer = try walker.next(&position, end: bytes.count, tag: DERTag.sequence, "the container")
    position = outer.content.lowerBound
    _ = try walker.next(&position, end: outer.end, tag: DERTag.integer, "the version")
    let info = try walker.next(&position, end: outer.end, tag: DERTag.sequence, "the content")
    guard let safe = try Self.plainContent(&walker, info.content) else {
      items.append(.closed("it is signed with a public key instead of a password"))
      return
    }
    // AuthenticatedSafe ::= SEQUENCE OF ContentInfo.
    position = safe.lowerBound
    let list = try walker.next(
      &position, end: safe.upperBound, tag: DERTag.sequence, "the list of parts")
    position = list.content.lowerBound
    while position < list.end {
      let part = try walker.next(&position, end: list.end, tag: DERTag.sequence, "a part")
      try readPart(&walker, part.content)
    }
  }

  private mutating func readPart(_ walker: inout DERWalker, _ range: Range<Int>) throws(DERError) {
    if let content = try Self.plainContent(&walker, range) {
      try readBags(Array(walker.bytes[content]), depth: 0)
      return
    }
    var position = range.lowerBound
    let type = try walker.next(
      &position, end: range.upperBound, tag: DERTag.objectIdentifier, "the content type")
    guard OID(walker.bytes, type.content) == Self.encryptedData else {
      items.append(.closed("it is encrypted for a public key"))
      return
    }
    switch try Self.decrypt(&walker, position..<range.upperBound) {
    case .success(let plain):
      do {
        try readBags(plain, depth: 0)
      } catch {
        items.append(.closed("it needs a password"))
      }
    case .failure(let reason): items.append(.closed(reason.text))
    }
  }

  /// The octets of a ContentInfo of the type data; nil for another type.
  private static func plainContent(_ walker: inout DERWalker, _ range: Range<Int>)
    throws(DERError) -> Range<Int>?
  {
    var position = range.lowerBound
    let end = range.upperBound
    let type = try walker.next(
      &position, end: end, tag: DERTag.objectIdentifier, "the content type")
    guard OID(walker.bytes, type.content) == data else { return nil }
    let wrapper = try walker.next(&position, end: end, tag: DERTag.explicit(0), "the content")
    position = wrapper.content.lowerBound
    return try walker.next(
      &position, end: wrapper.end, tag: DERTag.octetString, "the content"
    ).content
  }

  // MARK: - Bags

  /// SafeContents ::= SEQUENCE OF SafeBag { bagId, [0] bagValue, bagAttributes OPTIONAL }.
  private mutating func readBags(_ bytes: [UInt8], depth: Int) throws(DERError) {
    var walker = DERWalker(bytes)
    var position = 0
    let list = try walker.next(&position, end: bytes.count, tag: DERTag.sequence, "the bags")
    // All or nothing: what a wrong key decrypts to must not come out in part.
    var found: [Item] = []
    position = list.content.lowerBound
    while position < list.end {
      let bag = try walker.next(&position, end: list.end, tag: DERTag.sequence, "a bag")
      var field = bag.content.lowerBound
      let type = try walker.next(
        &field, end: bag.end, tag: DERTag.objectIdentifier, "the kind of a bag")
      let value = try walker.next(&field, end: bag.end, tag: DERTag.explicit(0), "a bag's value")
      switch OID(bytes, type.content).flatMap({ Self.bags[$0] }) {
      case "key": found.append(.privateKey(isEncrypted: false))
      case "shrouded-key": found.append(.privateKey(isEncrypted: true))
      case "crl": found.append(.revocationList)
      case "certificate": found.append(try Self.certificate(&walker, value))
      case "bags" where depth < Self.deepest:
        var nested = PKCS12Contents()
        try nested.readBags(Array(bytes[value.content]), depth: depth + 1)
        found += nested.items
      default: found.append(.other("a bag of the kind \(OID.text(bytes, type.content))"))
      }
    }
    items += found
  }

  /// CertBag ::= SEQUENCE { certId, [0] OCTET STRING }.
  private static func certificate(_ walker: inout DERWalker, _ value: DERElement)
    throws(DERError) -> Item
  {
    var position = value.content.lowerBound
    let bag = try walker.next(
      &position, end: value.end, tag: DERTag.sequence, "a certificate's bag")
    position = bag.content.lowerBound
    let type = try walker.next(
      &position, end: bag.end, tag: DERTag.objectIdentifier, "the kind of a certificate")
    guard OID(walker.bytes, type.content) == x509Certificate else {
      return .other("a certificate of the kind \(OID.text(walker.bytes, type.content))")
    }
    let wrapper = try walker.next(
      &position, end: bag.end, tag: DERTag.explicit(0), "the certificate")
    position = wrapper.content.lowerBound
    let octets = try walker.next(
      &position, end: wrapper.end, tag: DERTag.octetString, "the certificate")
    return .certificate(Array(walker.bytes[octets.content]))
  }

  // MARK: - The empty password

  private struct Closed: Error { var text: String }

  /// EncryptedData { version, EncryptedContentInfo { type, algorithm, [0] content } } under the empty
  /// password.
  private static func decrypt(_ walker: inout DERWalker, _ range: Range<Int>) throws(DERError)
    -> Result<[UInt8], Closed>
  {
    var position = range.lowerBound
    let wrapper = try walker.next(
      &position, end: range.upperBound, tag: DERTag.explicit(0), "the encrypted part")
    position = wrapper.content.lowerBound
    let data = try walker.next(
      &position, end: wrapper.end, tag: DERTag.sequence, "the encrypted part")
    position = data.content.lowerBound
    _ = try walker.next(&position, end: data.end, tag: DERTag.integer, "the version")
    let info = try walker.next(
      &position, end: data.end, tag: DERTag.sequence, "the encrypted content")
    position = info.content.lowerBound
    _ = try walker.next(
      &position, end: info.end, tag: DERTag.objectIdentifier, "the content type")
    let algorithm = try walker.next(
      &position, end: info.end, tag: DERTag.sequence, "the encryption")
    let content = try walker.next(
      &position, end: info.end, tag: DERTag.implicit(0), "the encrypted content")

    guard let scheme = try Scheme(&walker, algorithm.content) else {
      return .failure(
        Closed(
          text: "it is encrypted with another scheme than PBES2 with AES, such as RC2 or triple DES"
        ))
    }
    guard scheme.rounds <= mostRounds else {
      return .failure(Closed(text: "it asks for \(scheme.rounds) rounds of key derivation"))
    }
    do {
      let key = try KDF.Insecure.PBKDF2.deriveKey(
        from: [UInt8](), salt: walker.bytes[scheme.salt], using: scheme.digest,
        outputByteCount: scheme.keyByteCount, unsafeUncheckedRounds: scheme.rounds)
      let vector = try AES._CBC.IV(ivBytes: walker.bytes[scheme.vector])
      return .success(
        Array(try AES._CBC.decrypt(walker.bytes[content.content], using: key, iv: vector)))
    } catch {
      return .failure(Closed(text: "it needs a password"))
    }
  }

  /// PBES2 with PBKDF2 and AES-CBC (RFC 8018 A.2, A.4, B.2).
  private struct Scheme {
    var digest: KDF.Insecure.PBKDF2.HashFunction
    var salt: Range<Int>
    var rounds: Int
    var keyByteCount: Int
    var vector: Range<Int>

    /// Nil for other schemes, among them the old ones with RC2 and triple DES (RFC 7292 appendix C).
    init?(_ walker: inout DERWalker, _ range: Range<Int>) throws(DERError) {
      func sequence(_ position: inout Int, _ end: Int, _ what: String) throws(DERError)
        -> (name: OID?, rest: Range<Int>)
      {
        let element = try walker.next(&position, end: end, tag: DERTag.sequence, what)
        var inner = element.content.lowerBound
        let name = try walker.next(
          &inner, end: element.end, tag: DERTag.objectIdentifier, "\(what)'s name")
        return (OID(walker.bytes, name.content), inner..<element.end)
      }
      var position = range.lowerBound
      let name = try walker.next(
        &position, end: range.upperBound, tag: DERTag.objectIdentifier, "the encryption's name")
      guard OID(walker.bytes, name.content) == PKCS12Contents.pbes2 else { return nil }
      let parameters = try walker.next(
        &position, end: range.upperBound, tag: DERTag.sequence, "the encryption's parameters")
      position = parameters.content.lowerBound
      let derivation = try sequence(&position, parameters.end, "the key derivation")
      let cipher = try sequence(&position, parameters.end, "the cipher")
      guard derivation.name == PKCS12Contents.pbkdf2,
        let size = cipher.name.flatMap({ PKCS12Contents.ciphers[$0] })
      else { return nil }
      keyByteCount = size
      var place = cipher.rest.lowerBound
      vector =
        try walker.next(
          &place, end: cipher.rest.upperBound, tag: DERTag.octetString, "the cipher's vector"
        ).content

      place = derivation.rest.lowerBound
      let list = try walker.next(
        &place, end: derivation.rest.upperBound, tag: DERTag.sequence, "the key derivation")
      place = list.content.lowerBound
      salt = try walker.next(&place, end: list.end, tag: DERTag.octetString, "the salt").content
      let count = try walker.next(&place, end: list.end, tag: DERTag.integer, "the rounds").content
      guard !count.isEmpty, count.count <= 4, walker.bytes[count.lowerBound] < 0x80 else {
        return nil
      }
      rounds = walker.bytes[count].reduce(0) { $0 << 8 | Int($1) }
      guard rounds > 0 else { return nil }
      // The default is HMAC with SHA-1; a key length may stand before the digest.
      digest = .insecureSHA1
      while place < list.end {
        let element = try walker.next(&place, end: list.end)
        guard element.tag == DERTag.sequence else { continue }
        var inner = element.content.lowerBound
        let name = try walker.next(
          &inner, end: element.end, tag: DERTag.objectIdentifier, "the digest's name")
        guard let known = OID(walker.bytes, name.content).flatMap({ PKCS12Contents.digests[$0] })
        else { return nil }
        digest = known
      }
    }
  }
}
