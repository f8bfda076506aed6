import MeshModel

/// What a proxy knows of a request when it evaluates rules.
///
/// Nil is "not given", and what depends on it is `maybe`; a nil principal is a peer without
/// identity.
struct RequestFacts {
  var principal: String?
  var sourceAddress: IPAddress?
  var remoteAddress: IPAddress?
  var destinationAddress: IPAddress?
  var port: Int?
  var serverName: String?
  var http: AccessRequest.HTTP?
  /// Normalised, without query.
  var path: String?
  var token: JSONValue?
  /// The request is not known at all: token and server name are `maybe` instead of absent.
  var isSymbolic = false

  func value(of rule: CompiledRule) -> Truth {
    if rule.neverMatches { return .no }
    var result = Truth.yes
    for clause in rule.clauses {
      let value = value(of: clause)
      if value == .no { return .no }
      if value < result { result = value }
    }
    return result
  }

  func value(of clause: CompiledRule.Clause) -> Truth {
    var best = Truth.no
    for alternative in clause.alternatives {
      var value = Truth.yes
      for test in alternative {
        let one = self.value(of: test)
        if one < value { value = one }
        if value == .no { break }
      }
      if value > best { best = value }
      if best == .yes { break }
    }
    return best
  }

  func value(of test: FieldTest) -> Truth {
    let value = positiveValue(of: test.subject)
    return test.isNegated ? value.negated : value
  }

  private func positiveValue(of subject: FieldTest.Subject) -> Truth {
    switch subject {
    case .identity(let patterns):
      // Without TLS the set of identities is empty: nothing matches, and negations hold
      // (Envoy extensions/filters/common/rbac/matchers.cc, AuthenticatedMatcher).
      guard let principal else { return .no }
      var best = Truth.no
      for pattern in patterns {
        let one = pattern.matches(principal)
        if one == .yes { return .yes }
        if one > best { best = one }
      }
      return best
    case .sourceAddress(let ranges): return contains(ranges, sourceAddress)
    case .remoteAddress(let ranges): return contains(ranges, remoteAddress)
    case .destinationAddress(let ranges): return contains(ranges, destinationAddress)
    case .port(let ports):
      guard let port else { return .maybe }
      return Truth(ports.contains(port))
    case .serverName(let patterns):
      // Decision: a peer without identity is taken to have sent no server name when none is given.
      guard !isSymbolic, let name = serverName ?? (principal == nil ? "" : nil) else {
        return .maybe
      }
      return Truth(patterns.contains { $0.matches(name) })
    case .method(let patterns):
      guard let method = http?.method else { return .maybe }
      return Truth(patterns.contains { $0.matches(method) })
    case .host(let patterns):
      guard let host = http?.host else { return .maybe }
      return Truth(patterns.contains { $0.matchesIgnoringCase(host) })
    case .path(let patterns):
      guard let path else { return .maybe }
      return Truth(patterns.contains { $0.matches(path) })
    case .header(let name, let patterns): return header(name, patterns)
    case .requestPrincipal(let patterns):
      if isSymbolic { return .maybe }
      guard let issuer = token?["iss"]?.stringValue, let subject = token?["sub"]?.stringValue
      else { return .no }
      return Truth(
        patterns.contains { $0.issuer.matches(issuer) && $0.subject.matches(subject) })
    case .claim(let path, let patterns, let isSpaceDelimited):
      if isSymbolic { return .maybe }
      return Truth(claim(path, patterns, isSpaceDelimited))
    case .filterMetadata: return .maybe
    }
  }

  private func contains(_ ranges: [AddressRange], _ address: IPAddress?) -> Truth {
    guard let address else { return .maybe }
    return Truth(ranges.contains { $0.contains(address) })
  }

  private func header(_ name: String, _ patterns: [TextPattern]) -> Truth {
    guard let http else { return .maybe }
    let value: String?
    switch name {
    case ":method", ":path", ":authority":
      value = name == ":method" ? http.method : name == ":path" ? http.path : http.host
      if value == nil { return .maybe }
    default: value = http.headers[name]
    }
    guard let value else { return .no }
    return Truth(patterns.contains { $0.matches(value) })
  }

  /// A text, or any element of a list; numbers, booleans and objects never match (Envoy
  /// type/matcher/v3 ListMatcher and StringMatcher on the token's payload).
  private func claim(_ path: [String], _ patterns: [TextPattern], _ isSpaceDelimited: Bool) -> Bool
  {
    var value = token
    for name in path { value = value?[name] }
    switch value {
    case .string(let text)?:
      if isSpaceDelimited, text.contains(" ") {
        return text.split(separator: " ").contains { word in
          patterns.contains { $0.matches(String(word)) }
        }
      }
      return patterns.contains { $0.matches(text) }
    case .array(let items)?:
      return items.contains { item in
        guard case .string(let text) = item else { return false }
        return patterns.contains { $0.matches(text) }
      }
    default: return false
    }
  }
}
