package import MeshModel

extension IstioMesh {
  /// Where a policy means one thing to a sidecar and another to ztunnel (Istio
  /// pilot/pkg/serviceregistry/ambient/authorization.go against authz/builder), in the order of the
  /// inputs.
  package func divergences() -> [PolicyDivergence] {
    let ambient = ambientWorkloadsByPolicy()
    var result: [PolicyDivergence] = []
    for (index, policy) in policies.prefix(writtenPolicyCount).enumerated()
    where !policy.isDryRun {
      var finder = DivergenceFinder(
        policy: policy, ambientWorkloads: ambient[index], config: config)
      finder.inspect()
      result += finder.found
    }
    return result
  }

  /// Ambient workloads that a sidecar's reading of the selector would pick.
  private func ambientWorkloadsByPolicy() -> [[WorkloadID]] {
    var result: [[WorkloadID]] = Array(repeating: [], count: policies.count)
    for endpoint in endpoints.map(\.value) where endpoint.dataplane.dataplane == .ambient {
      guard let workload = endpoint.workload else { continue }
      for index in attachment.sidecar(namespace: endpoint.namespace, labels: endpoint.labels) {
        result[Int(index)].append(workload)
      }
    }
    return result.map { $0.sorted() }
  }
}

/// Inspects one policy.
private struct DivergenceFinder {
  let policy: IstioAuthorizationPolicy
  let ambientWorkloads: [WorkloadID]
  let config: IstioMeshConfig
  var found: [PolicyDivergence] = []

  init(
    policy: IstioAuthorizationPolicy, ambientWorkloads: [WorkloadID], config: IstioMeshConfig
  ) {
    self.policy = policy
    self.ambientWorkloads = ambientWorkloads
    self.config = config
  }

  private static let httpFields: Set<IstioAuthorizationPolicy.Field> = [
    .hosts, .methods, .paths, .remoteIPBlocks, .requestPrincipals,
  ]
  private static let ztunnelAttributes: Set<String> = [
    "source.ip", "source.namespace", "source.principal", "destination.ip", "destination.port",
  ]

  mutating func inspect() {
    if !policy.attachment.targets.isEmpty {
      add(
        .targetIgnored, nil, .opens,
        "it has targetRefs: only waypoints and gateways apply it", policy.location)
      return
    }
    if policy.action == .custom || policy.action == .audit {
      add(
        .actionUnsupported, nil, .opens,
        "ztunnel does not know action \(policy.action.rawValue) and applies nothing of it",
        policy.location)
      return
    }
    if policy.attachment.selector?.isEmpty == true {
      add(
        .emptySelector, nil, .opens,
        "its empty selector means the whole namespace to sidecars and nothing to ztunnel",
        policy.location)
      return
    }
    for (index, rule) in policy.rules.enumerated() { inspect(rule, index) }
  }

  private mutating func inspect(_ rule: IstioAuthorizationPolicy.Rule, _ index: Int) {
    let clauses = rule.sources + rule.operations
    let hasHTTP =
      clauses.contains { $0.terms.contains { Self.httpFields.contains($0.field) } }
      || rule.conditions.contains { !Self.ztunnelAttributes.contains($0.key.value) }
    if hasHTTP, policy.action == .allow {
      add(
        .httpAllowDropped, index, .closes,
        "ztunnel leaves the rule out, because of fields that it does not know", rule.location)
      return
    }
    if hasHTTP {
      let isEmpty =
        isEmptyAtZtunnel(rule.sources) || isEmptyAtZtunnel(rule.operations)
        || rule.conditions.contains { !Self.ztunnelAttributes.contains($0.key.value) }
      if isEmpty {
        add(
          .httpDenyWithoutEffect, index, .opens,
          "nothing that ztunnel knows is left of a clause, so that the rule denies nothing there",
          rule.location)
      } else {
        add(
          .httpDenyWidened, index, .closes,
          "ztunnel enforces the rule without its HTTP fields, so that it denies more",
          rule.location)
      }
    }
    inspectIdentities(rule, index)
  }

  private mutating func inspectIdentities(_ rule: IstioAuthorizationPolicy.Rule, _ index: Int) {
    let isAllow = policy.action == .allow
    for source in rule.sources {
      for term in source.terms {
        let first = (term.values + term.notValues).first?.location ?? source.location
        switch term.field {
        case .trustDomains:
          let isAlone = source.terms.count == 1
          add(
            .trustDomainsLost, index,
            isAlone ? (isAllow ? .closes : .opens) : (isAllow ? .opens : .closes),
            isAlone
              ? "trustDomains gets lost and the source matches nothing at ztunnel"
              : "trustDomains gets lost and the rest of the source decides alone at ztunnel", first)
        case .principals:
          let value = (term.values + term.notValues).first { isAliased($0.value) }
          if let value {
            add(
              .aliasesIgnored, index, isAllow ? .closes : .opens,
              "\"\(value.value)\" stands for the trust domain and its aliases at sidecars, and for "
                + "itself only at ztunnel", value.location)
          }
        case .namespaces:
          let value = (term.values + term.notValues).first {
            $0.value.dropFirst().dropLast().contains("*")
          }
          if let value {
            add(
              .namespaceWildcard, index, isAllow ? .closes : .opens,
              "the wildcard inside \"\(value.value)\" is a plain character at ztunnel",
              value.location)
          }
        default: break
        }
      }
    }
  }

  private func isEmptyAtZtunnel(_ clauses: [IstioAuthorizationPolicy.Clause]) -> Bool {
    !clauses.isEmpty
      && clauses.allSatisfy { clause in
        clause.terms.allSatisfy {
          Self.httpFields.contains($0.field) || $0.field == .trustDomains
        }
      }
  }

  private func isAliased(_ value: String) -> Bool {
    let bundle = TrustDomainBundle(domains: [config.trustDomain] + config.trustDomainAliases)
    return bundle.principals(for: value) != [value]
  }

  private mutating func add(
    _ kind: PolicyDivergence.Kind, _ index: Int?, _ effect: PolicyDivergence.Effect,
    _ explanation: String, _ location: SourceLocation
  ) {
    found.append(
      PolicyDivergence(
        policy: policy.reference, ruleIndex: index, kind: kind, effect: effect,
        explanation: explanation, ambientWorkloads: ambientWorkloads, location: location))
  }
}
