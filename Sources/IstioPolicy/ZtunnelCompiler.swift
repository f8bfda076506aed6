import MeshModel

/// Makes of an AuthorizationPolicy what ztunnel gets (Istio
/// pilot/pkg/serviceregistry/ambient/authorization.go, ztunnel src/rbac.rs).
struct ZtunnelCompiler {
  private(set) var origins: [TestOrigin]

  init(origins: [TestOrigin]) { self.origins = origins }

  /// Why ztunnel never gets the policy; nil when it does.
  static func reasonForIgnoring(_ policy: IstioAuthorizationPolicy, sendsDryRun: Bool) -> String? {
    if policy.isDryRun, !sendsDryRun { return "dry-run policies are not sent to ztunnel" }
    if !policy.attachment.targets.isEmpty { return "policies with targetRefs are for waypoints" }
    switch policy.action {
    case .allow, .deny: return nil
    case .audit, .custom: return "ztunnel does not know action \(policy.action.rawValue)"
    }
  }

  mutating func compile(_ policy: IstioAuthorizationPolicy, index: Int32) -> CompiledPolicy {
    var result = CompiledPolicy()
    let id = "\(policy.namespace)/\(policy.name)"
    for (number, rule) in policy.rules.enumerated() {
      let dropped = httpAttributes(of: rule)
      if policy.action == .allow, !dropped.isEmpty {
        result.dropped.append(
          DroppedRule(
            index: number,
            reason:
              "ztunnel does not know \(list(dropped)), and an ALLOW rule with them is left out",
            location: rule.location))
        continue
      }
      var compiled = CompiledRule(
        policy: index, index: number, id: id, clauses: clauses(of: rule, in: policy),
        location: rule.location)
      if !dropped.isEmpty {
        compiled.adjustments.append(
          "ztunnel does not know \(list(dropped)): the rule is enforced without them")
      }
      if rule.sources.contains(where: { $0.terms.contains { $0.field == .trustDomains } }) {
        compiled.adjustments.append(
          "\"trustDomains\" gets lost on the way to ztunnel, without a warning")
      }
      // An empty match is skipped by ztunnel, so that a clause of empty matches never holds.
      if compiled.clauses.contains(where: \.alternatives.isEmpty) {
        compiled.neverMatches = true
        compiled.adjustments.append(
          "nothing that ztunnel knows is left of one of its clauses: the rule never matches")
      }
      result.rules.append(compiled)
    }
    return result
  }

  private func list(_ names: [String]) -> String {
    names.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  private func httpAttributes(of rule: IstioAuthorizationPolicy.Rule) -> [String] {
    var names: [String] = []
    for clause in rule.sources + rule.operations {
      for term in clause.terms {
        switch term.field {
        case .hosts, .methods, .paths, .remoteIPBlocks, .requestPrincipals:
          names.append(term.field.rawValue)
        case .principals, .namespaces, .serviceAccounts, .trustDomains, .ipBlocks, .ports: break
        }
      }
    }
    for condition in rule.conditions where !Self.attributes.contains(condition.key.value) {
      names.append(condition.key.value)
    }
    return names
  }

  private static let attributes: Set<String> = [
    "source.ip", "source.namespace", "source.principal", "destination.ip", "destination.port",
  ]

  private mutating func clauses(
    of rule: IstioAuthorizationPolicy.Rule, in policy: IstioAuthorizationPolicy
  ) -> [CompiledRule.Clause] {
    var clauses: [CompiledRule.Clause] = []
    for (list, prefix) in [(rule.operations, "operation"), (rule.sources, "source")]
    where !list.isEmpty {
      var alternatives: [[FieldTest]] = []
      for clause in list {
        var tests: [FieldTest] = []
        for term in clause.terms {
          add(term.values, "\(prefix).\(term.field.rawValue)", false, &tests) {
            Self.subject(term.field, $0, policy.namespace)
          }
          add(term.notValues, "\(prefix).\(term.field.negatedName)", true, &tests) {
            Self.subject(term.field, $0, policy.namespace)
          }
        }
        if !tests.isEmpty { alternatives.append(tests) }
      }
      clauses.append(CompiledRule.Clause(alternatives: alternatives))
    }
    for condition in rule.conditions {
      var tests: [FieldTest] = []
      let key = condition.key.value
      add(condition.values, key, false, &tests) { Self.subject(key, $0) }
      add(condition.notValues, "\(key) notValues", true, &tests) { Self.subject(key, $0) }
      clauses.append(CompiledRule.Clause(alternatives: tests.isEmpty ? [] : [tests]))
    }
    return clauses
  }

  private mutating func add(
    _ values: [Located<String>], _ field: String, _ isNegated: Bool, _ tests: inout [FieldTest],
    subject: ([String]) -> FieldTest.Subject?
  ) {
    let texts = values.map(\.value)
    guard let first = values.first, let subject = subject(texts) else { return }
    origins.append(TestOrigin(field: field, values: texts, location: first.location))
    tests.append(
      FieldTest(subject: subject, isNegated: isNegated, origin: Int32(origins.count - 1)))
  }

  private static func subject(
    _ field: IstioAuthorizationPolicy.Field, _ values: [String], _ namespace: String
  ) -> FieldTest.Subject? {
    switch field {
    case .principals: .identity(values.map(principal))
    case .namespaces: .identity(values.map { .ztunnelNamespace(TextPattern($0, star: .present)) })
    case .serviceAccounts: .identity(values.map { serviceAccount($0, namespace) })
    case .ipBlocks: ranges(values).map(FieldTest.Subject.sourceAddress)
    case .ports: ports(values).map(FieldTest.Subject.port)
    case .trustDomains, .remoteIPBlocks, .requestPrincipals, .hosts, .methods, .paths: nil
    }
  }

  private static func subject(_ key: String, _ values: [String]) -> FieldTest.Subject? {
    switch key {
    case "source.ip": ranges(values).map(FieldTest.Subject.sourceAddress)
    case "destination.ip": ranges(values).map(FieldTest.Subject.destinationAddress)
    case "destination.port": ports(values).map(FieldTest.Subject.port)
    case "source.namespace": subject(.namespaces, values, "")
    case "source.principal": subject(.principals, values, "")
    default: nil
    }
  }

  /// Compared without the scheme, without aliases.
  private static func principal(_ value: String) -> IdentityPattern {
    if value == "*" { return .any }
    if value.hasPrefix("*") {
      return .schemeSuffix(Array(value.utf8.dropFirst()), dotIsAny: false)
    }
    if value.hasSuffix("*") { return .prefix(Array("spiffe://\(value.dropLast())".utf8)) }
    return .exact(Array("spiffe://\(value)".utf8))
  }

  private static func serviceAccount(_ value: String, _ policyNamespace: String)
    -> IdentityPattern
  {
    let slash = value.firstIndex(of: "/")
    let namespace = slash.map { String(value[..<$0]) } ?? policyNamespace
    let account = slash.map { String(value[value.index(after: $0)...]) } ?? value
    return .ztunnelServiceAccount(
      namespace: Array(namespace.utf8), account: Array(account.utf8))
  }

  private static func ranges(_ values: [String]) -> [AddressRange]? {
    let ranges = values.compactMap { AddressRange($0) }
    return ranges.isEmpty ? nil : ranges
  }

  private static func ports(_ values: [String]) -> [Int]? {
    let ports = values.compactMap { Int($0) }.filter { (0...65535).contains($0) }
    return ports.isEmpty ? nil : ports
  }
}
