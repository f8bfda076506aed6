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
