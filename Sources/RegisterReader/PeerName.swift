import DocumentReader
import MeshModel

/// How the register names an identity: `ns/<namespace>/sa/<service account>` in any trust domain,
/// or a whole SPIFFE ID.
enum PeerName {
  static let form = "\"ns/<namespace>/sa/<service account>\" or a SPIFFE ID"

  /// What is wrong with `text` as the name of a peer, or nil.
  static func defect(in text: String) -> String? {
    if text.hasPrefix("spiffe://") { return SPIFFEID.defect(in: text) }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isShort =
      parts.count == 4 && parts[0] == "ns" && parts[2] == "sa"
      && isObjectName(parts[1]) && isObjectName(parts[3])
    return isShort ? nil : "it has neither of the two forms"
  }

  /// Letters, digits, `-` and `.`, as in Kubernetes object names (RFC 1123 subdomains).
  static func isObjectName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 253 else {
      return false
    }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.utf8.allSatisfy {
        isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
      }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte)
  }

  /// Reports a name that is not one.
  static func check(_ name: Located<String>, called field: String, in fields: FieldReader) {
    guard let defect = defect(in: name.value) else { return }
    fields.problem(
      "invalid-peer", "\(field) is \"\(name.value.prefix(120))\": \(defect)", at: name.location,
      hint: "expected \(form)")
  }

  /// Reports every name of a list that is not one.
  static func checkAll(_ field: String, in fields: FieldReader) {
    for (index, name) in fields.strings(field).enumerated() {
      check(name, called: "\(fields.name(of: field))[\(index)]", in: fields)
    }
  }
}
