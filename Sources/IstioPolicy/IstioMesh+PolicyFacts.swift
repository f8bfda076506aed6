package import MeshModel

extension IstioMesh {
  /// Every written AuthorizationPolicy as a fact, in the order of the inputs.
  package func policyFacts() -> [PolicyFact] {
    var attachedTo: [[WorkloadID]] = Array(repeating: [], count: policies.count)
    for endpoint in endpoints.map(\.value) {
      guard let workload = endpoint.workload else { continue }
      let onTheWay = endpoint.paths.compactMap(\.waypoint).flatMap {
        $0.attached + $0.attachedToTermination
      }
      for index in Set(endpoint.attached + onTheWay) {
        attachedTo[Int(index)].append(workload)
      }
    }
    return (0..<writtenPolicyCount).map { index in
      let policy = policies[index]
      var fact = PolicyFact(
        layer: .istio, policy: policy.reference, action: Self.action(policy.action),
        isDryRun: policy.isDryRun, scope: scope(of: policy), location: policy.location,
        attachedTo: attachedTo[index].sorted(), rules: rules(of: policy, Int32(index)),
        provider: policy.provider?.value)
      fact.targets = policy.attachment.targets.map { "\($0.kind) \($0.name)" }.sorted()
      return fact
    }
  }

  private static func action(_ action: IstioAuthorizationPolicy.Action) -> PolicyAction {
    switch action {
    case .allow: .allow
    case .deny: .deny
    case .custom: .custom
    case .audit: .audit
    }
  }

  private func scope(of policy: IstioAuthorizationPolicy) -> PolicyFact.Scope {
    if !policy.attachment.targets.isEmpty { return .target }
    if policy.attachment.selector?.isEmpty == false { return .workload }
    return policy.namespace == config.rootNamespace ? .mesh : .namespace
  }

  private func rules(of policy: IstioAuthorizationPolicy, _ index: Int32) -> [PolicyFact.Rule] {
    var ids: [Int: String] = [:]
    for rule in http.rules(of: index) {
      ids[http.rules[Int(rule)].index] = http.rules[Int(rule)].id
    }
    return policy.rules.enumerated().map { number, rule in
      PolicyFact.Rule(
        index: number, sources: rule.sources.map(Self.clause),
        operations: rule.operations.map(Self.clause),
        conditions: rule.conditions.flatMap { condition in
          condition.values.map {
            PolicyFact.Term(kind: condition.key.value, value: $0.value, location: $0.location)
          }
            + condition.notValues.map {
              PolicyFact.Term(
                kind: condition.key.value, value: $0.value, isNegated: true,
                location: $0.location)
            }
        }, location: rule.location, reportedID: ids[number])
    }
  }

  private static func clause(_ clause: IstioAuthorizationPolicy.Clause) -> PolicyFact.Clause {
    PolicyFact.Clause(
      terms: clause.terms.flatMap { term in
        let kind = kind(term.field)
        return term.values.map {
          PolicyFact.Term(kind: kind, value: $0.value, location: $0.location)
        }
          + term.notValues.map {
            PolicyFact.Term(kind: kind, value: $0.value, isNegated: true, location: $0.location)
          }
      }, location: clause.location)
  }

  private static func kind(_ field: IstioAuthorizationPolicy.Field) -> String {
    switch field {
    case .principals: "principal"
    case .namespaces: "namespace"
    case .serviceAccounts: "service-account"
    case .trustDomains: "trust-domain"
    case .ipBlocks: "ip-block"
    case .remoteIPBlocks: "remote-ip-block"
    case .requestPrincipals: "request-principal"
    case .hosts: "host"
    case .methods: "method"
    case .paths: "path"
    case .ports: "port"
    }
  }
}
