/// Makes identity patterns of policy values for Envoy, by release.
struct IdentityCompiler: Sendable {
  var bundle: TrustDomainBundle
  var version: IstioVersion

  private static let scheme = "spiffe://"

  /// `principals` (Istio authz/matcher/string.go `StringMatcherWithPrefix`).
  func principals(_ value: String) -> [IdentityPattern] {
    bundle.principals(for: value).map { value in
      if value == "*" { return .any }
      if value.hasPrefix("*") {
        let suffix = String(value.dropFirst())
        if version.escapesIdentities { return .schemeSuffix(Array(suffix.utf8), dotIsAny: false) }
        return hasOtherOperators(suffix)
          ? .unprovable : .schemeSuffix(Array(suffix.utf8), dotIsAny: true)
      }
      if value.hasSuffix("*") { return .prefix(Array((Self.scheme + value.dropLast()).utf8)) }
      return .exact(Array((Self.scheme + value).utf8))
    }
  }

  /// `namespaces`: every `*` is `.*`, wherever it stands (`srcNamespaceGenerator`).
  func namespace(_ value: String) -> IdentityPattern {
    if !version.escapesIdentities, hasOtherOperators(value, allowing: "*") { return .unprovable }
    let pieces = "/ns/\(value)/".split(separator: "*", omittingEmptySubsequences: true)
    return .pieces(pieces.map { Array($0.utf8) }, dotIsAny: !version.escapesIdentities)
  }

  /// `serviceAccounts`, in the policy's namespace unless the value names one
  /// (`serviceAccountRegex`).
  func serviceAccount(_ value: String, policyNamespace: String) -> IdentityPattern {
    let slash = value.firstIndex(of: "/")
    let namespace = slash.map { String(value[..<$0]) } ?? policyNamespace
    let account = slash.map { String(value[value.index(after: $0)...]) } ?? value
    if !version.escapesServiceAccounts, hasOtherOperators(namespace + account) {
      return .unprovable
    }
    return .serviceAccount(
      namespace: Array("/ns/\(namespace)/".utf8), account: Array("sa/\(account)".utf8),
      dotIsAny: !version.escapesServiceAccounts)
  }

  /// `trustDomains`: exact values are expanded by the aliases, wildcards are not.
  func trustDomains(_ value: String) -> [IdentityPattern] {
    bundle.trustDomains(for: value).map { value in
      if value == "*" { return .prefix(Array(Self.scheme.utf8)) }
      guard let star = value.firstIndex(of: "*") else {
        return .prefix(Array("\(Self.scheme)\(value)/".utf8))
      }
      return .trustDomain(
        prefix: Array(value[..<star].utf8), suffix: Array(value[value.index(after: star)...].utf8))
    }
  }

  /// Whether a regular expression would read more in `text` than characters and `.`.
  private func hasOtherOperators(_ text: String, allowing allowed: Character? = nil) -> Bool {
    text.contains { "[](){}+?^$|\\*".contains($0) && $0 != allowed }
  }
}
