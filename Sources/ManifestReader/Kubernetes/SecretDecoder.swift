import DocumentReader
import MeshModel

/// Reads `v1 Secret`: type, key names and certificates. No other value leaves this file.
enum SecretDecoder: ResourceDecoder {
  static let kinds = [ResourceKind(group: "", kind: "Secret")]

  static func decode(_ object: ResourceObject, into contents: inout ManifestContents) {
    var keys: [String] = []
    var certificates: [String: Located<String>] = [:]
    var privateKeys: [String] = []
    for (field, isEncoded) in [("data", true), ("stringData", false)] {
      for entry in object.fields.raw(field)?.entries ?? [] {
        keys.append(entry.key)
        guard let scalar = entry.value.scalar,
          let bytes = isEncoded ? Base64.decoded(scalar.text) : Array(scalar.text.utf8)
        else { continue }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains("PRIVATE KEY-----") { privateKeys.append(entry.key) }
        let pem = PEMCertificates.blocks(in: text)
        if !pem.isEmpty { certificates[entry.key] = Located(pem, at: entry.value.location) }
      }
    }
    contents.inventory.kubernetes.secrets.append(
      Secret(
        metadata: object.metadata, type: object.fields.string("type")?.value ?? "Opaque",
        keys: keys.sorted(), certificates: certificates, privateKeyKeys: privateKeys.sorted()))
  }
}

/// The CERTIFICATE blocks of a PEM text, joined; everything else is left out.
enum PEMCertificates {
  static func blocks(in text: String) -> String {
    var result = ""
    var isInside = false
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("-----BEGIN CERTIFICATE-----") { isInside = true }
      if isInside { result += line + "\n" }
      if line.hasPrefix("-----END CERTIFICATE-----") { isInside = false }
    }
    return result
  }
}
