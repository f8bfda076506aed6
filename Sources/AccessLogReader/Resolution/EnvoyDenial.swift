/// A refusal by Envoy's own filters, read from the details and not from the status: denials of gRPC
/// have status 200 and those of TCP none (spec access-logs 1.2).
struct EnvoyDenial {
  /// The policy that the proxy named; nil when no ALLOW policy matched.
  var policy: String?

  init?(_ shape: ShapeReader) {
    for field in [LogField.details, LogField.termination] {
      guard let text = shape.text(field) else { continue }
      if text.hasPrefix("rbac_access_denied") {
        policy = EnvoyDenial.policy(in: text)
        return
      }
      // Istio CUSTOM action and RequestAuthentication (spec istio 6.3).
      for name in ["ext_authz_denied", "jwt_authn_access_denied"] where text.hasPrefix(name) {
        policy = name
        return
      }
    }
    guard let flags = shape.text(.flags), flags.split(separator: ",").contains("UAEX") else {
      return nil
    }
    policy = "ext_authz_denied"
  }

  /// The id in `rbac_access_denied_matched_policy[ns[a]-policy[b]-rule[0]]`; `none` is no policy.
  private static func policy(in text: String) -> String? {
    guard let open = text.firstIndex(of: "["), text.hasSuffix("]") else { return nil }
    let id = text[text.index(after: open)..<text.index(before: text.endIndex)]
    return id == "none" || id.isEmpty ? nil : String(id)
  }
}
