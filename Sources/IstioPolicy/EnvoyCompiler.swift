import MeshModel

/// Makes of an AuthorizationPolicy the rules that an Envoy gets, for an HTTP or a TCP filter chain
/// (Istio pilot/pkg/security/authz/builder and authz/model).
struct EnvoyCompiler {
  let identities: IdentityCompiler
  /// Claims that token rules split at spaces beside `scope` and `permission`.
  let spaceDelimitedClaims: Set<String>
  let isHTTP: Bool
  private(set) var origins: [TestOrigin]

  init(
    identities: IdentityCompiler, spaceDelimitedClaims: Set<String>, isHTTP: Bool,
    origins: [TestOrigin]
  ) {
    self.identities = identities
    self.spaceDelimitedClaims = spaceDelimitedClaims
    self.isHTTP = isHTTP
    self.origins = origins
  }

  mutating func compile(_ policy: IstioAuthorizationPolicy, index: Int32) -> CompiledPolicy {
    var result = CompiledPolicy()
    for (number, rule) in policy.rules.enumerated() {
      var builder = RuleBuilder(policy: policy)
      do throws(RuleDropped) {
        let clauses = try compile(rule, &builder)
        result.rules.append(
          CompiledRule(
            policy: index, index: number, id: id(of: policy, rule: number), clauses: clauses,
            location: rule.location, adjustments: builder.adjustments))
      } catch {
        result.dropped.append(
          DroppedRule(index: number, reason: error.reason, location: error.location))
      }
    }
    if policy.rules.isEmpty {
      // builder.go `rbacPolicyMatchNever`.
      result.rules.append(
        CompiledRule(
          policy: index, index: 0, id: id(of: policy, rule: 0), clauses: [], neverMatches: true,
          location: policy.location))
    }
    return result
  }

  /// `ns[agents]-policy[planner]-rule[0]` (builder.go `policyName`).
  static func id(of policy: IstioAuthorizationPolicy, rule: Int) -> String {
    "ns[\(policy.namespace)]-policy[\(policy.name)]-rule[\(rule)]"
  }

  /// With the authorizer of a CUSTOM policy in front.
  private func id(of policy: IstioAuthorizationPolicy, rule: Int) -> String {
    let id = EnvoyCompiler.id(of: policy, rule: rule)
    guard policy.action == .custom else { return id }
    let provider = policy.provider?.value ?? ""
    guard identities.version.namesProviders, !provider.isEmpty else {
      return "istio-ext-authz-\(id)"
    }
    return "istio-ext-authz-\(provider)-\(id)"
  }

  private mutating func compile(
    _ rule: IstioAuthorizationPolicy.Rule, _ builder: inout RuleBuilder
  ) throws(RuleDropped) -> [CompiledRule.Clause] {
    var clauses: [CompiledRule.Clause] = []
    for list in [rule.sources, rule.operations] {
      var alternatives: [[FieldTest]] = []
      for clause in list {
        var tests: [FieldTest] = []
        for term in clause.terms { try add(term, &tests, &builder) }
        alternatives.append(tests)
      }
      // An alternative without tests is `any: true`: the clause restricts nothing.
      if !alternatives.isEmpty, !alternatives.contains(where: \.isEmpty) {
        clauses.append(CompiledRule.Clause(alternatives: alternatives))
      }
    }
    for condition in rule.conditions {
      var tests: [FieldTest] = []
      try add(condition, &tests, &builder)
      if !tests.isEmpty { clauses.append(CompiledRule.Clause(alternatives: [tests])) }
    }
    return clauses
  }

  private mutating func add(
    _ term: IstioAuthorizationPolicy.Term, _ tests: inout [FieldTest], _ builder: inout RuleBuilder
  ) throws(RuleDropped) {
    let version = identities.version
    if (term.field == .serviceAccounts && !version.hasServiceAccounts)
      || (term.field == .trustDomains && !version.hasTrustDomains)
    {
      builder.adjustments.append(
        "\"\(term.field.rawValue)\" is unknown to Istio \(version): the API server prunes it")
      return
    }
    let isSource = IstioAuthorizationPolicy.Field.ofSources.contains(term.field)
    let prefix = isSource ? "source" : "operation"
    for isNegated in [false, true] {
      let name = isNegated ? term.field.negatedName : term.field.rawValue
      let values = isNegated ? term.notValues : term.values
      guard let first = values.first, let subject = try subject(term.field, values, &builder)
      else { continue }
      let field = "\(prefix).\(name)"
      let origin = origin(field, values, first.location)
      tests.append(FieldTest(subject: subject, isNegated: isNegated, origin: origin))
    }
  }

  private mutating func add(
    _ condition: IstioAuthorizationPolicy.Condition, _ tests: inout [FieldTest],
    _ builder: inout RuleBuilder
  ) throws(RuleDropped) {
    let key = condition.key
    guard let attribute = PolicyAttribute(key.value), attribute.exists(in: identities.version)
    else {
      // model.go `New`: an error for every action.
      throw RuleDropped(
        reason: "condition on the unknown attribute \"\(key.value)\"", location: key.location)
    }
    for isNegated in [false, true] {
      let values = isNegated ? condition.notValues : condition.values
      guard let first = values.first, let subject = try subject(attribute, key, values, &builder)
      else { continue }
      let field = isNegated ? "\(key.value) notValues" : key.value
      let origin = origin(field, values, first.location)
      tests.append(FieldTest(subject: subject, isNegated: isNegated, origin: origin))
    }
  }

  private mutating func origin(
    _ field: String, _ values: [Located<String>], _ location: SourceLocation
  ) -> Int32 {
    origins.append(TestOrigin(field: field, values: values.map(\.value), location: location))
    return Int32(origins.count - 1)
  }

  private func subject(
    _ field: IstioAuthorizationPolicy.Field, _ values: [Located<String>],
    _ builder: inout RuleBuilder
  ) throws(RuleDropped) -> FieldTest.Subject? {
    let attribute: PolicyAttribute
    switch field {
    case .principals: attribute = .principal
    case .namespaces: attribute = .namespace
    case .serviceAccounts: attribute = .serviceAccount
    case .trustDomains: attribute = .trustDomain
    case .ipBlocks: attribute = .sourceAddress
    case .remoteIPBlocks: attribute = .remoteAddress
    case .requestPrincipals: attribute = .requestPrincipal
    case .ports: attribute = .port
    case .hosts, .methods, .paths:
      let texts = values.map(\.value)
      guard try builder.canUseHTTP(field.rawValue, values, isHTTP: isHTTP) else { return nil }
      if field == .hosts {
        return .host(texts.map { TextPattern($0, star: .present, isLowercased: true) })
      }
      if field == .methods { return .method(texts.map { TextPattern($0, star: .present) }) }
      return .path(texts.map(PathPattern.init))
    }
    let key = Located(field.rawValue, at: values.first?.location ?? builder.policy.location)
    return try subject(attribute, key, values, &builder)
  }

  private func subject(
    _ attribute: PolicyAttribute, _ key: Located<String>, _ values: [Located<String>],
    _ builder: inout RuleBuilder
  ) throws(RuleDropped) -> FieldTest.Subject? {
    let texts = values.map(\.value)
    if attribute.isHTTP, try !builder.canUseHTTP(key.value, values, isHTTP: isHTTP) { return nil }
    switch attribute {
    case .principal: return .identity(texts.flatMap(identities.principals))
    case .namespace: return .identity(texts.map(identities.namespace))
    case .serviceAccount:
      let namespace = builder.policy.namespace
      return .identity(
        texts.map { identities.serviceAccount($0, policyNamespace: namespace) })
    case .trustDomain: return .identity(texts.flatMap(identities.trustDomains))
    case .sourceAddress:
      return try builder.ranges(values).map(FieldTest.Subject.sourceAddress)
    case .remoteAddress:
      return try builder.ranges(values).map(FieldTest.Subject.remoteAddress)
    case .destinationAddress:
      return try builder.ranges(values).map(FieldTest.Subject.destinationAddress)
    case .port: return try builder.ports(values).map(FieldTest.Subject.port)
    case .serverName: return .serverName(texts.map { TextPattern($0) })
    case .requestPrincipal: return .requestPrincipal(texts.map(RequestPrincipalPattern.init))
    case .audiences: return .claim(["aud"], patterns(texts), isSpaceDelimited: false)
    case .presenter: return .claim(["azp"], patterns(texts), isSpaceDelimited: false)
    case .claim(let path):
      let isSplit =
        path.count == 1
        && (path[0] == "scope" || path[0] == "permission"
          || spaceDelimitedClaims.contains(path[0]))
      return .claim(path, patterns(texts), isSpaceDelimited: isSplit)
    case .header(let name):
      return .header(name, texts.map { TextPattern($0, star: .present) })
    case .filterMetadata: return .filterMetadata
    case .malformed:
      try builder.drop("the attribute \"\(key.value)\" has no name in brackets", key.location)
      return nil
    }
  }

  private func patterns(_ texts: [String]) -> [TextPattern] { texts.map { TextPattern($0) } }
}

/// A rule that istiod leaves out, and why.
struct RuleDropped: Error {
  var reason: String
  var location: SourceLocation
}

/// What happens to values that cannot be translated: an ALLOW rule is dropped whole, of other rules
/// the value alone, which makes them wider (authz/model/model.go `checkError`).
struct RuleBuilder {
  let policy: IstioAuthorizationPolicy
  var adjustments: [String] = []

  mutating func drop(_ reason: String, _ location: SourceLocation) throws(RuleDropped) {
    if policy.action == .allow { throw RuleDropped(reason: reason, location: location) }
    adjustments.append("\(reason): the value is left out and the rule is wider")
  }

  mutating func canUseHTTP(_ field: String, _ values: [Located<String>], isHTTP: Bool)
    throws(RuleDropped) -> Bool
  {
    if isHTTP { return true }
    try drop(
      "\"\(field)\" exists for HTTP only and this port is TCP",
      values.first?.location ?? policy.location)
    return false
  }

  mutating func ranges(_ values: [Located<String>]) throws(RuleDropped) -> [AddressRange]? {
    var ranges: [AddressRange] = []
    for value in values {
      if let range = AddressRange(value.value) {
        ranges.append(range)
      } else {
        try drop("\"\(value.value)\" is no address range", value.location)
      }
    }
    return ranges.isEmpty ? nil : ranges
  }

  mutating func ports(_ values: [Located<String>]) throws(RuleDropped) -> [Int]? {
    var ports: [Int] = []
    for value in values {
      if let port = Int(value.value), (0...65535).contains(port) {
        ports.append(port)
      } else {
        try drop("\"\(value.value)\" is no port", value.location)
      }
    }
    return ports.isEmpty ? nil : ports
  }
}
