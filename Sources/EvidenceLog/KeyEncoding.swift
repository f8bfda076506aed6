import Foundation

/// The few bytes of DER around Ed25519 keys (RFC 8410 sections 4 and 7), which swift-crypto does
/// not write.
enum KeyEncoding {
  /// `SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING (32) } }`.
  static let ed25519PKCS8Prefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  /// `SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING (32 bytes) }`.
  static let ed25519SPKIPrefix: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]

  /// The 32 bytes of an Ed25519 private key; version 1 of PKCS#8, or version 2 with the public key
  /// behind it (RFC 5958 section 2).
  ///
  /// Nil when it is another key.
  static func ed25519Seed(inPKCS8 der: [UInt8]) -> [UInt8]? {
    guard der.count >= 48, der.count < 130, der[0] == 0x30, Int(der[1]) == der.count - 2,
      der[2] == 0x02, der[3] == 0x01, der[4] <= 1,
      der[5..<16].elementsEqual(ed25519PKCS8Prefix[5...])
    else { return nil }
    return Array(der[16..<48])
  }
}

/// One block of PEM (RFC 7468).
struct PEMBlock {
  let label: String
  let der: [UInt8]

  /// The first block with one of `labels`.
  init(first text: [UInt8], labels: [String]) throws(EvidenceError) {
    let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    if lines.contains(where: { $0.contains("ENCRYPTED") }) {
      throw EvidenceError(.encrypted, "the key is encrypted; give it without a passphrase")
    }
    for label in labels {
      guard let begin = lines.firstIndex(of: "-----BEGIN \(label)-----") else { continue }
      guard let end = lines[begin...].firstIndex(of: "-----END \(label)-----"),
        let data = Data(base64Encoded: lines[(begin + 1)..<end].joined())
      else { throw EvidenceError(.invalid, "the \(label) block is cut or not Base64") }
      self.label = label
      der = Array(data)
      return
    }
    throw EvidenceError(
      .notPEM, "there is no \(labels.map { "\"BEGIN \($0)\"" }.joined(separator: " or ")) block")
  }

  /// A block in lines of 64 characters, with a line break at its end.
  static func text(label: String, der: [UInt8]) -> String {
    let base64 = Data(der).base64EncodedString(options: [
      .lineLength64Characters, .endLineWithLineFeed,
    ])
    return "-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----\n"
  }
}
