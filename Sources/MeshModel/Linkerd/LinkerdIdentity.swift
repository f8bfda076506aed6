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
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 5, !parts.contains(""),
      let mark = parts.indices.dropFirst(2).first(where: {
        parts[$0] == "serviceaccount" && $0 + 3 < parts.count && parts[$0 + 1] == "identity"
      })
    else { return nil }
    serviceAccount = parts[..<(mark - 1)].joined(separator: ".")
    namespace = parts[mark - 1]
    controlPlaneNamespace = parts[mark + 2]
    trustDomain = parts[(mark + 3)...].joined(separator: ".")
  }
}
