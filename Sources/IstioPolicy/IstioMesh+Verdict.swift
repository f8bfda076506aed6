import MeshModel

extension IstioMesh {
  /// Runs a chain of rules: CUSTOM, then DENY, then ALLOW.
  func verdict(
    _ chain: RuleChain, _ profile: Profile, _ attached: [Int32], _ facts: RequestFacts,
    _ log: inout TraceLog?
  ) -> DecisionRecord {
    let compiled = compiled(profile)
    if log != nil { describe(attached, profile, &log) }
    let key = facts.principal.map(IdentityKey.init)
    var delegation: (id: String, truth: Truth, reason: String?)?
    for index in chain.custom {
      let truth = evaluate(compiled, index, facts, &log)
      if truth == .no { continue }
      let rule = compiled.rules[Int(index)]
      switch state(of: rule, chain) {
      case .bad(let reason):
        let id = "\(rule.id)-deny-due-to-bad-CUSTOM-action"
        if truth == .yes {
          log?.decided("\(reason), so that the CUSTOM rule denies: deny", rule.location)
          return DecisionRecord(.deny, decidedBy: id, reason: reason, layer: .istio)
        }
        delegation = (id, .maybe, unknownReason(compiled, index, facts))
      case .http where profile == .tcp:
        log?.adjusted("an authorizer of HTTP requests is not asked on a TCP port", rule.location)
      case .http, .grpc:
        if delegation == nil || (delegation?.truth == .maybe && truth == .yes) {
          let reason =
            truth == .maybe ? unknownReason(compiled, index, facts) : delegationReason(of: rule)
          delegation = (rule.id, truth, reason)
        }
      case .unknown(let reason):
        delegation = (rule.id, .maybe, "\(rule.id) asks an authorizer, but \(reason)")
      }
    }
    let denied = firstMatch(chain.deny, compiled, key, facts, &log)
    if let index = denied.match {
      let rule = compiled.rules[Int(index)]
      log?.decided("DENY rule \(rule.id) matches: deny", rule.location)
      return DecisionRecord(.deny, decidedBy: rule.id, layer: .istio)
    }
    var allowedBy: String?
    var grantedBy: String?
    if chain.hasAllowPolicy {
      let allowed = firstMatch(chain.allow, compiled, key, facts, &log)
      if let index = allowed.match {
        allowedBy = compiled.rules[Int(index)].id
        // Only ztunnel's differs; asking for all would copy each rule that allows.
        grantedBy =
          profile == .ztunnel ? reportedID(of: compiled.rules[Int(index)], profile) : allowedBy
      } else {
        guard let doubt = allowed.doubt else {
          log?.decided("ALLOW policies attach and none of their rules matches: deny")
          return DecisionRecord(.deny, layer: .istio)
        }
        return unknown(unknownReason(compiled, denied.doubt ?? doubt, facts), &log)
      }
    }
    let doubt = denied.doubt
    if let doubt { return unknown(unknownReason(compiled, doubt, facts), &log) }
    if let delegation {
      if delegation.truth == .maybe { return unknown(delegation.reason ?? "", &log) }
      log?.decided("the external authorizer of \(delegation.id) decides: delegate")
      return DecisionRecord(
        .delegate, decidedBy: delegation.id, grantedBy: grantedBy, reason: delegation.reason,
        layer: .istio)
    }
    if let allowedBy {
      log?.decided("ALLOW rule \(allowedBy) matches: allow")
    } else {
      log?.decided("no ALLOW policy attaches and nothing denies: allow")
    }
    return DecisionRecord(.allow, decidedBy: allowedBy, grantedBy: grantedBy, layer: .istio)
  }

  /// The first rule that matches, or else the first that may.
  ///
  /// Apart from `verdict`, whose size keeps the compiler from inlining the guards into the loop
  /// (measured: a fifth of the instructions of a decision).
  private func firstMatch(
    _ rules: [Int32], _ compiled: CompiledPolicies, _ key: IdentityKey?, _ facts: RequestFacts,
    _ log: inout TraceLog?
  ) -> (match: Int32?, doubt: Int32?) {
    let isTraced = log != nil
    let guards = compiled.guards
    var doubt: Int32?
    for index in rules where isTraced || guards.mayMatch(index, key) {
      switch evaluate(compiled, index, facts, &log) {
      case .yes: return (index, doubt)
      case .maybe: doubt = doubt ?? index
      case .no: break
      }
    }
    return (nil, doubt)
  }

  /// The id of a rule as facts have it: ztunnel names the policy only.
  func reportedID(of rule: CompiledRule, _ profile: Profile) -> String {
    guard profile == .ztunnel, !rule.neverMatches else { return rule.id }
    return EnvoyCompiler.id(of: policies[Int(rule.policy)], rule: rule.index)
  }

  /// What the provider of a CUSTOM rule makes of it.
  func state(of rule: CompiledRule, _ chain: RuleChain) -> ProviderState {
    if chain.hasTooManyProviders {
      return .bad("several external authorizers are named for one workload")
    }
    return providers.state(of: policies[Int(rule.policy)].provider?.value ?? "")
  }

  /// `failOpen` lets requests through while the authorizer does not answer (Istio API
  /// `ExtensionProvider.EnvoyExternalAuthorization*.failOpen`): what it decides is then not all.
  func delegationReason(of rule: CompiledRule) -> String {
    let name = policies[Int(rule.policy)].provider?.value ?? ""
    return providers.failOpen.contains(name)
      ? "an external authorizer decides, and it fails open" : "an external authorizer decides"
  }

  @inline(__always)
  private func evaluate(
    _ compiled: CompiledPolicies, _ index: Int32, _ facts: RequestFacts, _ log: inout TraceLog?
  ) -> Truth {
    let truth = facts.value(of: compiled.rules[Int(index)])
    if log != nil { describe(compiled, compiled.rules[Int(index)], truth, facts, &log) }
    return truth
  }

  private func unknown(_ reason: String, _ log: inout TraceLog?) -> DecisionRecord {
    log?.decided("\(reason): unknown")
    return DecisionRecord(.unknown, reason: reason, layer: .istio)
  }

  /// Which field of a rule cannot be told.
  private func unknownReason(_ compiled: CompiledPolicies, _ index: Int32, _ facts: RequestFacts)
    -> String
  {
    let rule = compiled.rules[Int(index)]
    for clause in rule.clauses where facts.value(of: clause) == .maybe {
      for test in clause.alternatives.joined() where facts.value(of: test) == .maybe {
        let field = compiled.origins[Int(test.origin)].field
        return "rule \(rule.id) tests \(field), which the request does not tell"
      }
    }
    return "rule \(rule.id) tests what the request does not tell"
  }

  private func describe(_ attached: [Int32], _ profile: Profile, _ log: inout TraceLog?) {
    if attached.isEmpty { log?.info("no AuthorizationPolicy attaches") }
    let compiled = compiled(profile)
    for index in attached {
      let policy = policies[Int(index)]
      var text = "\(policy.reference.text) attaches with action \(policy.action.rawValue)"
      if policy.isDryRun { text += ", as a dry run without effect" }
      if policy.action == .audit { text += ", which only marks requests" }
      log?.steps.append(
        TraceStep(.attached, text, policy: policy.reference, location: policy.location))
      for dropped in compiled.dropped[Int(index)] {
        log?.steps.append(
          TraceStep(
            .adjusted, "rule \(dropped.index) is left out: \(dropped.reason)",
            policy: policy.reference, location: dropped.location))
      }
      for rule in compiled.rules(of: index).map({ compiled.rules[Int($0)] }) {
        for adjustment in rule.adjustments {
          log?.steps.append(
            TraceStep(
              .adjusted, "rule \(rule.index): \(adjustment)", policy: policy.reference,
              location: rule.location))
        }
      }
    }
  }

  private func describe(
    _ compiled: CompiledPolicies, _ rule: CompiledRule, _ truth: Truth, _ facts: RequestFacts,
    _ log: inout TraceLog?
  ) {
    let policy = policies[Int(rule.policy)].reference
    let name = "rule \(rule.index) of \(policy.text)"
    switch truth {
    case .yes:
      log?.steps.append(
        TraceStep(.matched, "\(name) matches", policy: policy, location: rule.location))
    case .maybe:
      log?.steps.append(
        TraceStep(.info, "\(name) may match", policy: policy, location: rule.location))
    case .no:
      var text = "\(name) can match nothing"
      var location = rule.location
      if let clause = rule.clauses.first(where: { facts.value(of: $0) == .no }) {
        let failing = clause.alternatives.compactMap { alternative in
          alternative.first { facts.value(of: $0) == .no }
        }.map { compiled.origins[Int($0.origin)] }
        let fields = failing.map {
          "\($0.field) \($0.values.map { "\"\($0)\"" }.joined(separator: ", "))"
        }
        text = "\(name) does not match on \(fields.joined(separator: "; nor on "))"
        location = failing.first?.location ?? location
      }
      log?.steps.append(TraceStep(.notMatched, text, policy: policy, location: location))
    }
  }
}
