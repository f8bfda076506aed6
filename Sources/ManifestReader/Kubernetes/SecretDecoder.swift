import DocumentReader
import MeshModel

/// Reads `v1 Secret`: type, key names and certificates.
///
/// No other value leaves this file.
enum SecretDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "", kind: "Secret")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    var keys: [String] = []
    var certificates: [String: Located<String>] = [:]
    var privateKeys: [String] = []
    var containers: [String: Located<[UInt8]>] = [:]
    for (field, isEncoded) in [("data", true), ("stringData", false)] {
      for entry in object.fields.raw(field)?.entries ?? [] {
        keys.append(entry.key)
        guard let scalar = entry.value.scalar else { continue }
        guard let bytes = isEncoded ? Base64.decoded(scalar.text) : Array(scalar.text.utf8) else {
          if isCertificateKey(entry.key) {
            object.fields.problem(
              "not-base64", "\(field).\(entry.key) is not base64", at: entry.value.location,
              hint: "export it again, or set it to \"\" where the value was taken out")
          }
          continue
        }
        if isContainer(bytes) {
          containers[entry.key] = Located(bytes, at: entry.value.location)
          continue
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains("PRIVATE KEY-----") { privateKeys.append(entry.key) }
        let pem = PEMCertificates.blocks(in: text)
        if !pem.isEmpty { certificates[entry.key] = Located(pem, at: entry.value.location) }
      }
    }
    var secret = Secret(
      metadata: object.metadata, type: object.fields.string("type")?.value ?? "Opaque",
      keys: keys.sorted(), certificates: certificates, privateKeyKeys: privateKeys.sorted())
    secret.containers = containers
    contents.inventory.kubernetes.secrets.append(secret)
  }

  /// By their names: `tls.crt`, `ca.crt`, `root-cert.pem`, `truststore.p12`.
  private static func isCertificateKey(_ key: String) -> Bool {
    [".crt", ".cer", ".pem", ".p12", ".pfx", ".jks"].contains { key.hasSuffix($0) }
      && !key.hasSuffix("key.pem")
  }

  /// A DER sequence of more than 127 bytes, or a Java key store (JKS, JCEKS).
  private static func isContainer(_ bytes: [UInt8]) -> Bool {
    bytes.count > 128 && bytes[0] == 0x30 && (0x81...0x84).contains(bytes[1])
      || bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED])
      || bytes.starts(with: [0xCE, 0xCE, 0xCE, 0xCE])
  }
}

/// The PEM blocks of a text that hold no private key; everything else is left out.
enum PEMCertificates {
  static func blocks(in text: String) -> String {
    let (begin, end, dashes) = ("-----BEGIN ", "-----END ", "-----")
    var result = ""
    var rest = text[...]
    while let start = rest.range(of: begin) {
      rest = rest[start.lowerBound...]
      guard let labelEnd = rest.dropFirst(begin.count).range(of: dashes),
        let finish = rest.range(of: end)
      else { return result }
      let label = rest[start.upperBound..<labelEnd.lowerBound]
      let tail = rest[finish.upperBound...]
      let close = tail.range(of: dashes)?.upperBound ?? tail.endIndex
      if !label.contains("PRIVATE KEY") { result += rest[..<close] + "\n" }
      rest = rest[close...]
    }
    return result
  }
}

extension Substring {
  /// The first place of a text inside this one.
  fileprivate func range(of text: String) -> Range<Index>? {
    var position = startIndex
    while position < endIndex {
      if self[position...].hasPrefix(text) {
        return position..<index(position, offsetBy: text.count)
      }
      position = index(after: position)
    }
    return nil
  }
}
