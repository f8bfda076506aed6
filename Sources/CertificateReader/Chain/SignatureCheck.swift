import Crypto
import CryptoExtras

/// Verifies one certificate's signature with the key of another.
enum SignatureCheck {
  enum Answer {
    case valid
    case invalid
    /// The algorithm or the key is one that is not verified here.
    case notVerifiable
  }

  /// ECDSA on P-256, P-384 and P-521 with SHA-1 and SHA-2, Ed25519, RSA PKCS#1 v1.5 and PSS with SHA-1
  /// and SHA-2 over keys of 1024 bits or more (RFC 5758, RFC 8410, RFC 4055).
  ///
  /// A weak digest is verified all the same: that it is weak is a finding of its own.
  static func verify(_ bytes: [UInt8], _ parts: SignedParts, with key: IssuerKey) -> Answer {
    var walker = DERWalker(bytes)
    var position = parts.algorithm.lowerBound
    guard
      let identifier = try? walker.next(
        &position, end: parts.algorithm.upperBound, tag: DERTag.objectIdentifier, "the algorithm"),
      let known = OID(bytes, identifier.content).flatMap({ SignatureAlgorithm.byOID[$0] })
    else { return .notVerifiable }
    let message = bytes[parts.signed]
    let signature = bytes[parts.signature]
    switch key {
    case .p256(let key):
      return verifyECDSA(known, message) { digest in
        guard let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature) else {
          return false
        }
        return key.isValidSignature(parsed, for: digest)
      }
    case .p384(let key):
      return verifyECDSA(known, message) { digest in
        guard let parsed = try? P384.Signing.ECDSASignature(derRepresentation: signature) else {
          return false
        }
        return key.isValidSignature(parsed, for: digest)
      }
    case .p521(let key):
      return verifyECDSA(known, message) { digest in
        guard let parsed = try? P521.Signing.ECDSASignature(derRepresentation: signature) else {
          return false
        }
        return key.isValidSignature(parsed, for: digest)
      }
    case .ed25519(let key):
      guard known.name == "Ed25519" else { return .invalid }
      return key.isValidSignature(signature, for: message) ? .valid : .invalid
    case .rsa(let key): return verifyRSA(known, message, signature, key)
    }
  }

  private static func verifyECDSA(
    _ known: SignatureAlgorithm, _ message: ArraySlice<UInt8>, _ check: (any Digest) -> Bool
  ) -> Answer {
    guard known.name.hasPrefix("ecdsa-with-") else {
      // An EC key cannot have made the signature of another family.
      return .invalid
    }
    guard let digest = digest(known.digest, message) else { return .notVerifiable }
    return check(digest) ? .valid : .invalid
  }

  private static func verifyRSA(
    _ known: SignatureAlgorithm, _ message: ArraySlice<UInt8>, _ signature: ArraySlice<UInt8>,
    _ key: _RSA.Signing.PublicKey
  ) -> Answer {
    let parsed = _RSA.Signing.RSASignature(rawRepresentation: signature)
    if known.name.hasSuffix("WithRSAEncryption") {
      guard let digest = digest(known.digest, message) else { return .notVerifiable }
      return check(key, parsed, digest, .insecurePKCS1v1_5) ? .valid : .invalid
    }
    guard case .pss = known.parameters else {
      return known.name.hasPrefix("ecdsa-") || known.name == "Ed25519" ? .invalid : .notVerifiable
    }
    // Salt and digest stand in the parameters; with the usual ones it verifies, otherwise nothing is
    // said.
    for name in ["SHA-256", "SHA-384", "SHA-512"] {
      guard let digest = digest(name, message) else { continue }
      if check(key, parsed, digest, .PSS) { return .valid }
    }
    return .notVerifiable
  }

  private static func check(
    _ key: _RSA.Signing.PublicKey, _ signature: _RSA.Signing.RSASignature, _ digest: some Digest,
    _ padding: _RSA.Signing.Padding
  ) -> Bool {
    key.isValidSignature(signature, for: digest, padding: padding)
  }

  private static func digest(_ name: String?, _ message: ArraySlice<UInt8>) -> (any Digest)? {
    switch name {
    case "SHA-1": Insecure.SHA1.hash(data: message)
    case "SHA-256": SHA256.hash(data: message)
    case "SHA-384": SHA384.hash(data: message)
    case "SHA-512": SHA512.hash(data: message)
    default: nil
    }
  }
}

/// A public key that can verify signatures.
enum IssuerKey {
  case p256(P256.Signing.PublicKey)
  case p384(P384.Signing.PublicKey)
  case p521(P521.Signing.PublicKey)
  case ed25519(Curve25519.Signing.PublicKey)
  case rsa(_RSA.Signing.PublicKey)

  /// Nil for every other kind of key, and for one that its library refuses.
  init?(_ bytes: [UInt8], _ info: Range<Int>) {
    let der = Array(bytes[info])
    var walker = DERWalker(der)
    var position = 0
    guard let outer = try? walker.next(&position, end: der.count) else { return nil }
    position = outer.content.lowerBound
    guard
      let algorithm = try? walker.next(
        &position, end: outer.end, tag: DERTag.sequence, "the algorithm"),
      let key = try? walker.next(&position, end: outer.end, tag: DERTag.bitString, "the key")
    else { return nil }
    var inner = algorithm.content.lowerBound
    guard
      let identifier = try? walker.next(
        &inner, end: algorithm.end, tag: DERTag.objectIdentifier, "the algorithm"),
      let name = OID(der, identifier.content).flatMap({ KeyAlgorithm.nameByOID[$0] })
    else { return nil }
    let point = der[key.content].dropFirst()
    do {
      switch name {
      case "RSA": self = .rsa(try _RSA.Signing.PublicKey(unsafeDERRepresentation: der))
      case "Ed25519":
        self = .ed25519(try Curve25519.Signing.PublicKey(rawRepresentation: point))
      case "EC":
        let curve = try walker.next(
          &inner, end: algorithm.end, tag: DERTag.objectIdentifier, "the curve")
        switch OID(der, curve.content).flatMap({ KeyAlgorithm.curveByOID[$0] })?.name {
        case "P-256": self = .p256(try P256.Signing.PublicKey(x963Representation: point))
        case "P-384": self = .p384(try P384.Signing.PublicKey(x963Representation: point))
        case "P-521": self = .p521(try P521.Signing.PublicKey(x963Representation: point))
        default: return nil
        }
      default: return nil
      }
    } catch {
      return nil
    }
  }
}
