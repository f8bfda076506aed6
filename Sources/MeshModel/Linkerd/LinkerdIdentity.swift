/// An identity that Linkerd issues:
/// `<service account>.<namespace>.serviceaccount.identity.<control plane>.<trust domain>` (Linkerd docs,
/// Automatic mTLS).
package struct LinkerdIdentity: Hashable, Sendable {
  package var serviceAccount: String
  package var namespace: String
  package var controlPlaneNamespace: String
  package var trustDomain: String

  /// Nil for text of another form; names of service accounts may hold dots, namespaces may not.
  package init?(_ text: String) {
    let parts = text.withBytes { LinkerdIdentity.parts(of: $0) }
    guard let parts else { return nil }
    (serviceAccount, namespace, controlPlaneNamespace, trustDomain) = parts
  }

  private static let mark = Array(".serviceaccount.identity.".utf8)

  private static func parts(of bytes: UnsafeBufferPointer<UInt8>)
    -> (String, String, String, String)?
  {
    let dot = UInt8(ascii: ".")
    // The dot before `serviceaccount`, and the one before the namespace.
    var start: Int?
    var before: Int?
    var last = -1
    for index in bytes.indices where bytes[index] == dot {
      guard index > last + 1 else { return nil }
      if start == nil, last > 0, hasMark(bytes, at: index) {
        start = index
        before = last
      }
      last = index
    }
    guard let start, let before, last + 1 < bytes.count else { return nil }
    let rest = start + mark.count
    guard let end = bytes[rest...].firstIndex(of: dot) else { return nil }
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    return (
      text(0..<before), text(before + 1..<start), text(rest..<end), text(end + 1..<bytes.count)
    )
  }

  private static func hasMark(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    guard bytes.count - index > mark.count else { return false }
    for offset in mark.indices where bytes[index + offset] != mark[offset] { return false }
    return true
  }
}
