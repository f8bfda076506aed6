/// The local trust domain and its aliases, and what they make of policy values.
///
/// Istio pilot/pkg/security/trustdomain/bundle.go; ztunnel does none of this.
struct TrustDomainBundle: Sendable {
  /// The local one first.
  var domains: [String]

  /// The values that stand for one value of `principals` or `source.principal`.
  func principals(for value: String) -> [String] {
    let parts = value.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] != "*" else { return [value] }
    let domain = String(parts[0])
    guard domain == "cluster.local" || domains.contains(where: { matches(domain, $0) }) else {
      return [value]
    }
    let rest = value.dropFirst(domain.utf8.count)
    var result: [String] = []
    for candidate in domains {
      let isCovered = domain.hasPrefix("*") && candidate.hasSuffix(domain.dropFirst())
      let principal = isCovered ? value : candidate + rest
      if !result.contains(principal) { result.append(principal) }
    }
    return result
  }

  /// The values that stand for one value of `trustDomains`.
  func trustDomains(for value: String) -> [String] { domains.contains(value) ? domains : [value] }

  /// Equal, or one is a prefix or suffix wildcard that covers the other.
  private func matches(_ left: String, _ right: String) -> Bool {
    left == right || covers(left, right) || covers(right, left)
  }

  private func covers(_ pattern: String, _ text: String) -> Bool {
    (pattern.hasSuffix("*") && text.hasPrefix(pattern.dropLast()))
      || (pattern.hasPrefix("*") && text.hasSuffix(pattern.dropFirst()))
  }
}
