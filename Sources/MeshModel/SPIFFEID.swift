/// A SPIFFE ID, `spiffe://trust.domain/path` (SPIFFE-ID sections 2.1 to 2.3).
package struct SPIFFEID: Hashable, Sendable {
  package let trustDomain: String
  /// The path with its leading slash; empty for the ID of a trust domain itself.
  package let path: String

  package init(trustDomain: String, path: String) {
    self.trustDomain = trustDomain
    self.path = path
  }

  /// Reads and validates a SPIFFE ID; `defect(in:)` says what is wrong with one that is refused.
  package init?(_ text: String) {
    guard SPIFFEID.defect(in: text) == nil else { return nil }
    // Valid means ASCII: bytes are characters.
    let start = text.utf8.index(text.startIndex, offsetBy: "spiffe://".utf8.count)
    let slash = text.utf8[start...].firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex
    self.init(trustDomain: String(text[start..<slash]), path: String(text[slash...]))
  }

  /// The identity that Istio issues: `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`
  /// (Istio pkg/spiffe; `@` in a trust domain is written as `.`).
  package static func istio(trustDomain: String, namespace: String, serviceAccount: String)
    -> SPIFFEID
  {
    let domain = String(trustDomain.map { $0 == "@" ? "." : $0 })
    let account = serviceAccount.isEmpty ? "default" : serviceAccount
    return SPIFFEID(trustDomain: domain, path: "/ns/\(namespace)/sa/\(account)")
  }

  /// What breaks the SPIFFE-ID standard in `text`, or nil when it is a valid SPIFFE ID.
  package static func defect(in text: String) -> String? {
    guard text.utf8.count <= 2048 else { return "it is longer than 2,048 bytes" }
    guard text.hasPrefix("spiffe://") else { return "it does not start with \"spiffe://\"" }
    let rest = Array(text.utf8.dropFirst("spiffe://".utf8.count))
    let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.count
    let domain = rest[..<slash]
    guard !domain.isEmpty else { return "its trust domain is empty" }
    guard domain.count <= 255 else { return "its trust domain is longer than 255 bytes" }
    for byte in domain {
      switch byte {
      case 97...122, 48...57, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): continue
      default: return "its trust domain has a character other than a-z, 0-9, \".\", \"-\", \"_\""
      }
    }
    guard slash < rest.count else { return nil }
    var start = slash + 1
    while start <= rest.count {
      let end = rest[start...].firstIndex(of: UInt8(ascii: "/")) ?? rest.count
      if let defect = defect(inSegment: rest[start..<end]) { return defect }
      start = end + 1
    }
    return nil
  }

  private static func defect(inSegment segment: ArraySlice<UInt8>) -> String? {
    if segment.isEmpty { return "its path has an empty segment or ends with \"/\"" }
    if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) {
      return "its path has a segment \".\" or \"..\""
    }
    for byte in segment {
      switch byte {
      case 97...122, 65...90, 48...57, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
        continue
      default: return "its path has a character other than a-z, A-Z, 0-9, \".\", \"-\", \"_\""
      }
    }
    return nil
  }

  /// Namespace and service account of an ID in the exact form that Istio issues (five parts).
  package var istioServiceAccount: (namespace: String, name: String)? {
    guard namesServiceAccount else { return nil }
    let parts = path.utf8.split(separator: UInt8(ascii: "/"))
    return (String(Substring(parts[1])), String(Substring(parts[3])))
  }

  /// Whether it has that form: `/ns/<namespace>/sa/<service account>`, nothing empty and nothing more.
  package var namesServiceAccount: Bool {
    let bytes = path.utf8
    guard bytes.starts(with: "/ns/".utf8) else { return false }
    let namespace = bytes.dropFirst(4).prefix { $0 != UInt8(ascii: "/") }
    let rest = bytes[namespace.endIndex...]
    guard !namespace.isEmpty, rest.starts(with: "/sa/".utf8) else { return false }
    let account = rest.dropFirst(4)
    return !account.isEmpty && !account.contains(UInt8(ascii: "/"))
  }
}

extension SPIFFEID: CustomStringConvertible {
  package var description: String { "spiffe://\(trustDomain)\(path)" }
}
