import Crypto
import Foundation

/// A private key that signs evidence: Ed25519 (RFC 8032) or ECDSA over P-256 with SHA-256 (FIPS
/// 186-5).
package struct SigningKey: Sendable {
  package enum Algorithm: String, Sendable, CaseIterable {
    case ed25519
    case ecdsaP256 = "ecdsa-p256"
  }

  private enum Material: Sendable {
    case ed25519(Curve25519.Signing.PrivateKey)
    case ecdsaP256(P256.Signing.PrivateKey)
  }

  private let material: Material

  /// Makes a new key from the system's random numbers.
  package init(generating algorithm: Algorithm) {
    material =
      switch algorithm {
      case .ed25519: .ed25519(Curve25519.Signing.PrivateKey())
      case .ecdsaP256: .ecdsaP256(P256.Signing.PrivateKey())
      }
  }

  /// Reads a PKCS#8 key in PEM (RFC 5958, RFC 7468; Ed25519 as RFC 8410 says), or a P-256 key in
  /// the form of SEC 1 (`EC PRIVATE KEY`, RFC 5915).
  ///
  /// Whether the file is readable by others is the caller's to ask.
  package init(pem: [UInt8]) throws(EvidenceError) {
    let block = try PEMBlock(first: pem, labels: ["PRIVATE KEY", "EC PRIVATE KEY"])
    if block.label == "PRIVATE KEY", let seed = KeyEncoding.ed25519Seed(inPKCS8: block.der) {
      do {
        material = .ed25519(try Curve25519.Signing.PrivateKey(rawRepresentation: seed))
      } catch {
        throw EvidenceError(.invalid, "the Ed25519 key cannot be used")
      }
      return
    }
    do {
      material = .ecdsaP256(try P256.Signing.PrivateKey(derRepresentation: block.der))
    } catch {
      throw EvidenceError(
        .unsupported, "the key is neither Ed25519 nor ECDSA P-256; make one with evidence keygen")
    }
  }

  package var algorithm: Algorithm {
    switch material {
    case .ed25519: .ed25519
    case .ecdsaP256: .ecdsaP256
    }
  }

  /// The key in PKCS#8 PEM: a secret, to be written readable by its owner only.
  package var pem: String {
    switch material {
    case .ed25519(let key):
      PEMBlock.text(
        label: "PRIVATE KEY", der: KeyEncoding.ed25519PKCS8Prefix + Array(key.rawRepresentation))
    case .ecdsaP256(let key):
      PEMBlock.text(label: "PRIVATE KEY", der: Array(key.derRepresentation))
    }
  }

  package var verificationKey: VerificationKey {
    switch material {
    case .ed25519(let key): VerificationKey(key.publicKey)
    case .ecdsaP256(let key): VerificationKey(key.publicKey)
    }
  }

  /// Ed25519: 64 raw bytes, the same for the same message.
  ///
  /// P-256: DER, different each time.
  func signature(over message: [UInt8]) throws(EvidenceError) -> [UInt8] {
    do {
      switch material {
      case .ed25519(let key): return Array(try key.signature(for: message))
      case .ecdsaP256(let key): return Array(try key.signature(for: message).derRepresentation)
      }
    } catch {
      throw EvidenceError(.signing, "the evidence could not be signed")
    }
  }
}

/// The public half of a signing key.
package struct VerificationKey: Sendable {
  private enum Material: Sendable {
    case ed25519(Curve25519.Signing.PublicKey)
    case ecdsaP256(P256.Signing.PublicKey)
  }

  private let material: Material

  init(_ key: Curve25519.Signing.PublicKey) { material = .ed25519(key) }

  init(_ key: P256.Signing.PublicKey) { material = .ecdsaP256(key) }

  /// Reads a SubjectPublicKeyInfo in PEM (RFC 5280 section 4.1.2.7, RFC 7468 section 13).
  package init(pem: [UInt8]) throws(EvidenceError) {
    let block = try PEMBlock(first: pem, labels: ["PUBLIC KEY"])
    do {
      if block.der.starts(with: KeyEncoding.ed25519SPKIPrefix) {
        let raw = block.der.dropFirst(KeyEncoding.ed25519SPKIPrefix.count)
        material = .ed25519(try Curve25519.Signing.PublicKey(rawRepresentation: raw))
      } else {
        material = .ecdsaP256(try P256.Signing.PublicKey(derRepresentation: block.der))
      }
    } catch {
      throw EvidenceError(.unsupported, "the public key is neither Ed25519 nor ECDSA P-256")
    }
  }

  package var algorithm: SigningKey.Algorithm {
    switch material {
    case .ed25519: .ed25519
    case .ecdsaP256: .ecdsaP256
    }
  }

  /// The key in PEM, for whoever is to verify.
  package var pem: String {
    switch material {
    case .ed25519(let key):
      PEMBlock.text(
        label: "PUBLIC KEY", der: KeyEncoding.ed25519SPKIPrefix + Array(key.rawRepresentation))
    case .ecdsaP256(let key):
      PEMBlock.text(label: "PUBLIC KEY", der: Array(key.derRepresentation))
    }
  }

  /// The id that securesystemslib gives the key, which its verifier demands: SHA-256 over the key
  /// in OLPC canonical JSON, where line breaks inside text stand as they are.
  package var keyID: String {
    let text =
      switch material {
      case .ed25519(let key):
        "{\"keytype\":\"ed25519\",\"keyval\":{\"public\":\"\(hexText(key.rawRepresentation))\"},"
          + "\"scheme\":\"ed25519\"}"
      case .ecdsaP256:
        "{\"keytype\":\"ecdsa\",\"keyval\":{\"public\":\"\(pem)\"},"
          + "\"scheme\":\"ecdsa-sha2-nistp256\"}"
      }
    return SHA256Digest.hex(of: Array(text.utf8))
  }

  func isValid(signature: [UInt8], over message: [UInt8]) -> Bool {
    switch material {
    case .ed25519(let key): return key.isValidSignature(signature, for: message)
    case .ecdsaP256(let key):
      guard let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature) else {
        return false
      }
      return key.isValidSignature(parsed, for: message)
    }
  }
}
