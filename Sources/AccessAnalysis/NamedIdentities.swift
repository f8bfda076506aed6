import AuditModel
import LinkerdPolicy
import MeshModel

/// Finds the sources whose identities policies name.
struct NamedIdentities {
  private var byNamespace: [String: [Int]] = [:]
  /// By `ns/namespace/sa/account`, whatever the trust domain: policies may name it by an alias.
  private var byAccount: [String: [Int]] = [:]
  /// By the whole identity.
  private var byPrincipal: [String: [Int]] = [:]

  init(_ sources: [AccessGraph.Source]) {
    for (index, source) in sources.enumerated() {
      guard source.kind == .workload, let principal = source.principal else { continue }
      byPrincipal[principal, default: []].append(index)
      guard let identity = NamedIdentities.parts(principal) else { continue }
      byNamespace[identity.namespace, default: []].append(index)
      byAccount[identity.account, default: []].append(index)
    }
  }

  /// Trust domain, namespace and `ns/…/sa/…` of an identity of Istio's form.
  static func parts(_ principal: String) -> (
    trustDomain: String, namespace: String, account: String
  )? {
    guard principal.hasPrefix("spiffe://") else { return nil }
    let parts = principal.dropFirst("spiffe://".count)
      .split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[1] == "ns", parts[3] == "sa", !principal.contains("*") else {
      return nil
    }
    return (String(parts[0]), String(parts[2]), parts.dropFirst().joined(separator: "/"))
  }

  // MARK: Linkerd

  /// The sources of identities that grants of Linkerd name whole, or by an ending.
  func named(by clients: LinkerdMesh.ClientIdentities) -> [Int] {
    clients.exact.flatMap { byPrincipal[$0] ?? [] }
      + clients.endings.flatMap { ending in
        byPrincipal.filter { $0.key.hasSuffix(ending) }.flatMap(\.value)
      }
  }

  // MARK: Istio

  /// The sources that policies of Istio name; nil where they look at callers in another way.
  func named(by policies: [PolicyFact]) -> [Int]? {
    var found: [Int] = []
    for rule in policies.flatMap(\.rules) {
      let conditions = rule.conditions.filter { $0.kind.hasPrefix("source.") }
        .map { (kind: String($0.kind.dropFirst("source.".count)), value: $0.value) }
      let terms = rule.sources.flatMap(\.terms).map { (kind: $0.kind, value: $0.value) }
      for term in terms + conditions {
        switch term.kind {
        case "principal":
          found += sources(ofPrincipal: term.value)
        case "namespace":
          guard let sources = sources(ofNamespace: term.value) else { return nil }
          found += sources
        case "ip-block", "remote-ip-block", "ip", "request-principal": continue
        default: return nil
        }
      }
    }
    return found
  }

  /// - Parameter text: exact, or with one `*` at an end (Istio docs › Authorization Policy, "Value
  ///   matching").
  private func sources(ofPrincipal text: String) -> [Int] {
    if text == "*" { return [] }
    if text.hasPrefix("*") {
      guard let start = text.firstRange(of: "/ns/") else {
        let ending = text.dropFirst()
        return byAccount.filter { "/\($0.key)".hasSuffix(ending) }.flatMap(\.value)
      }
      return byAccount[String(text[text.index(after: start.lowerBound)...])] ?? []
    }
    // A beginning that ends before the namespace looks at the trust domain alone, and names nobody.
    guard let slash = text.firstIndex(of: "/") else { return [] }
    let account = text[text.index(after: slash)...]
    guard account.hasSuffix("*") else { return byAccount[String(account)] ?? [] }
    let beginning = account.dropLast()
    if "ns/".hasPrefix(beginning) { return [] }
    return byAccount.filter { $0.key.hasPrefix(beginning) }.flatMap(\.value)
  }

  private func sources(ofNamespace text: String) -> [Int]? {
    guard text.contains("*") else { return byNamespace[text] ?? [] }
    if text == "*" { return [] }
    if text.hasPrefix("*") {
      return byNamespace.filter { $0.key.hasSuffix(text.dropFirst()) }.flatMap(\.value)
    }
    guard text.hasSuffix("*") else { return nil }
    return byNamespace.filter { $0.key.hasPrefix(text.dropLast()) }.flatMap(\.value)
  }
}
