import MeshModel

/// Facts out of a format that carries only some of them.
enum RecordFacts {
  /// Empty facts whose id is the fingerprint, when the format has one.
  static func make(sha256: String? = nil) -> CertificateFacts {
    let digest = sha256.flatMap(fingerprint)
    return CertificateFacts(id: digest ?? "", sha256: digest, parseStatus: .record)
  }

  /// 64 hexadecimal digits in lower case out of text that may have colons or spaces.
  static func fingerprint(_ text: String) -> String? {
    let digits = hex(text)
    return digits.utf8.count == 64 ? digits : nil
  }

  /// Hexadecimal digits alone, in lower case; empty when something else stands among them.
  static func hex(_ text: String) -> String {
    let digits = text.lowercased().filter { $0 != ":" && $0 != " " }
    return digits.allSatisfy(\.isHexDigit) ? digits : ""
  }

  /// A serial in our form (hex without leading zero bytes) out of hexadecimal text.
  static func serial(hex text: String) -> String? {
    var digits = Substring(hex(text))
    guard !digits.isEmpty else { return nil }
    while digits.first == "0", digits.utf8.count > 1 { digits.removeFirst() }
    return digits.utf8.count % 2 == 0 ? String(digits) : "0" + digits
  }

  /// A serial in our form out of decimal text.
  static func serial(decimal text: String) -> String? {
    Hex.text(decimal: text.filter { $0 != " " }).flatMap { serial(hex: $0) }
  }

  /// Gives facts without a fingerprint a name that depends on what they say alone.
  static func named(_ facts: CertificateFacts, _ extra: [String?] = []) -> CertificateFacts {
    guard facts.id.isEmpty else { return facts }
    let names = (facts.subjectAlternativeNames ?? []).map { "\($0.kind.rawValue):\($0.value)" }
    let parts =
      [
        facts.serial, facts.issuer, facts.subject, facts.notBefore?.text, facts.notAfter?.text,
        names.joined(separator: "\n"), facts.spkiSHA256,
      ] + extra
    let text = parts.map { $0 ?? "" }.joined(separator: "\0")
    let bytes = Array(text.utf8)
    var facts = facts
    facts.id = "record:" + Hex.sha256(bytes, 0..<bytes.count)
    return facts
  }

  /// One SAN out of text such as `URI:spiffe://…`, `DNS:a`, or a bare value.
  static func alternativeName(_ text: String) -> SubjectAlternativeName {
    let prefixes: [(String, SubjectAlternativeName.Kind)] = [
      ("URI:", .uri), ("DNS:", .dns), ("IP Address:", .ip), ("IP:", .ip), ("email:", .email),
      ("DirName:", .directory), ("othername:", .other), ("Registered ID:", .other),
    ]
    for (prefix, kind) in prefixes where text.lowercased().hasPrefix(prefix.lowercased()) {
      return .init(kind, String(text.dropFirst(prefix.count)))
    }
    if text.contains("://") { return .init(.uri, text) }
    if IPAddress(text) != nil { return .init(.ip, text) }
    return .init(text.contains("@") ? .email : .dns, text)
  }
}
