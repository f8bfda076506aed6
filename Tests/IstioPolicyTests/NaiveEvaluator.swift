import MeshModel

@testable import IstioPolicy

/// A second evaluator of AuthorizationPolicy for sidecars, straight from the text of the semantics:
/// no index, no preparation, no shared code with the fast one but the nouns.
///
/// Regular expressions are spelt out as a backtracking glob.
struct NaiveEvaluator {
  let policies: [IstioAuthorizationPolicy]
  let rootNamespace: String
  let bundle: [String]

  func decision(_ request: AccessRequest, namespace: String, labels: [String: String])
    -> (Decision, String?)
  {
    if let id = request.source.principal,
      !bundle.contains(where: { id.hasPrefix("spiffe://\($0)/") })
    {
      return (.deny, nil)
    }
    let isHTTP = request.destination.applicationProtocol != .tcp
    var denied: [String] = []
    var allowed: [String] = []
    var hasAllow = false
    for policy in policies where !isDryRun(policy) {
      guard policy.namespace == namespace || policy.namespace == rootNamespace else { continue }
      if !policy.attachment.targets.isEmpty { continue }
      let wanted = policy.attachment.selector?.matchLabels ?? [:]
      guard wanted.allSatisfy({ labels[$0.key] == $0.value }) else { continue }
      if policy.action == .allow { hasAllow = true }
      for (index, rule) in policy.rules.enumerated()
      where matches(rule, policy, request, isHTTP) {
        let id = "ns[\(policy.namespace)]-policy[\(policy.name)]-rule[\(index)]"
        if policy.action == .deny { denied.append(id) }
        if policy.action == .allow { allowed.append(id) }
      }
    }
    if let id = denied.min() { return (.deny, id) }
    if !hasAllow { return (.allow, nil) }
    if let id = allowed.min() { return (.allow, id) }
    return (.deny, nil)
  }

  private func isDryRun(_ policy: IstioAuthorizationPolicy) -> Bool {
    ["1", "t", "T", "TRUE", "true", "True"].contains(
      policy.metadata.annotations["istio.io/dry-run"] ?? "")
  }

  private static let httpFields = ["hosts", "methods", "paths", "requestPrincipals"]

  private func matches(
    _ rule: IstioAuthorizationPolicy.Rule, _ policy: IstioAuthorizationPolicy,
    _ request: AccessRequest, _ isHTTP: Bool
  ) -> Bool {
    func isHTTPOnly(_ name: String) -> Bool {
      Self.httpFields.contains(name) || name.hasPrefix("request.")
    }
    let names =
      (rule.sources + rule.operations).flatMap { $0.terms.map(\.field.rawValue) }
      + rule.conditions.map(\.key.value)
    if !isHTTP, policy.action == .allow, names.contains(where: isHTTPOnly) { return false }
    func holds(_ name: String, _ values: [Located<String>], _ notValues: [Located<String>]) -> Bool
    {
      if !isHTTP, isHTTPOnly(name) { return true }
      let positive =
        values.isEmpty || values.contains { value(name, $0.value, policy, request) }
      let negative = notValues.contains { value(name, $0.value, policy, request) }
      return positive && !negative
    }
    func anyHolds(_ clauses: [IstioAuthorizationPolicy.Clause]) -> Bool {
      clauses.isEmpty
        || clauses.contains { clause in
          clause.terms.allSatisfy { holds($0.field.rawValue, $0.values, $0.notValues) }
        }
    }
    return anyHolds(rule.sources) && anyHolds(rule.operations)
      && rule.conditions.allSatisfy { holds($0.key.value, $0.values, $0.notValues) }
  }

  private func value(
    _ name: String, _ pattern: String, _ policy: IstioAuthorizationPolicy,
    _ request: AccessRequest
  ) -> Bool {
    let id = request.source.principal
    switch name {
    case "principals", "source.principal":
      guard let id else { return false }
      return aliases(pattern).contains { pattern in
        if pattern == "*" { return !id.isEmpty }
        if pattern.hasPrefix("*") {
          return id.hasPrefix("spiffe://") && id.dropFirst(9).hasSuffix(pattern.dropFirst())
        }
        return text("spiffe://" + pattern, id)
      }
    case "namespaces", "source.namespace":
      return id.map { glob(Array("*/ns/\(pattern)/*"), Array($0)) } ?? false
    case "serviceAccounts", "source.serviceAccount":
      guard let id else { return false }
      let full = pattern.contains("/") ? pattern : "\(policy.namespace)/\(pattern)"
      let parts = full.split(separator: "/")
      return id.hasPrefix("spiffe://")
        && id.hasSuffix("/ns/\(parts[0])/sa/\(parts[1])")
    case "ipBlocks", "source.ip": return contains(pattern, request.source.ip)
    case "remoteIpBlocks", "remote.ip": return contains(pattern, request.source.remoteIP)
    case "destination.ip": return contains(pattern, request.destination.ip)
    case "ports", "destination.port": return String(request.destination.port ?? -1) == pattern
    case "hosts":
      let host = (request.http?.host ?? "").lowercased()
      return pattern == "*" || text(pattern.lowercased(), host)
    case "methods":
      return pattern == "*" || text(pattern, request.http?.method ?? "")
    case "paths":
      let path = String((request.http?.path ?? "").prefix { $0 != "?" && $0 != "#" })
      return pattern == "*" ? !path.isEmpty : text(pattern, path)
    case "requestPrincipals", "request.auth.principal":
      guard let issuer = request.jwt?["iss"]?.stringValue,
        let subject = request.jwt?["sub"]?.stringValue, !issuer.isEmpty, !subject.isEmpty
      else { return false }
      return pattern == "*" || text(pattern, "\(issuer)/\(subject)")
    case "connection.sni":
      let name = request.sni ?? ""
      return pattern == "*" ? !name.isEmpty : text(pattern, name)
    default:
      let header = name.dropFirst("request.headers[".count).dropLast().lowercased()
      guard let value = request.http?.headers[header] else { return false }
      return pattern == "*" || text(pattern, value)
    }
  }

  private func aliases(_ value: String) -> [String] {
    let parts = value.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, parts[0] != "*" else { return [value] }
    guard parts[0] == "cluster.local" || bundle.contains(parts[0]) else { return [value] }
    return bundle.map { ([$0] + parts.dropFirst()).joined(separator: "/") }
  }

  private func contains(_ range: String, _ address: IPAddress?) -> Bool {
    guard let address, let range = AddressRange(range) else { return false }
    return range.contains(address)
  }

  private func text(_ pattern: String, _ value: String) -> Bool {
    if pattern.hasPrefix("*") { return value.hasSuffix(pattern.dropFirst()) }
    if pattern.hasSuffix("*") { return value.hasPrefix(pattern.dropLast()) }
    return pattern == value
  }

  private func glob(_ pattern: [Character], _ value: [Character]) -> Bool {
    guard let first = pattern.first else { return value.isEmpty }
    if first == "*" {
      return (0...value.count).contains {
        glob(Array(pattern.dropFirst()), Array(value.dropFirst($0)))
      }
    }
    return value.first == first && glob(Array(pattern.dropFirst()), Array(value.dropFirst()))
  }
}
