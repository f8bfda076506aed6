package import AuditModel
import MeshModel

extension AccessModel {
  /// ALLOW rules that let nothing through that another rule does not let through at every workload that
  /// they attach to.
  ///
  /// Of two equal rules the later one is redundant. What is not plain to see is not claimed. Cost: for
  /// each rule the rules that attach to the least governed of its workloads.
  package func redundantRules() -> [RedundantRule] {
    var candidates: [RuleText] = []
    var byWorkload: [WorkloadID: [Int]] = [:]
    for (order, fact) in policyFacts().enumerated()
    where fact.action == .allow && !fact.isDryRun && !fact.attachedTo.isEmpty
      && fact.layer != .networkPolicy
    {
      for rule in fact.rules {
        for workload in fact.attachedTo {
          byWorkload[workload, default: []].append(candidates.count)
        }
        candidates.append(RuleText(fact, rule, order: order))
      }
    }
    return candidates.compactMap { rule in
      let least = rule.attachedTo.min {
        (byWorkload[$0]?.count ?? 0, $0) < (byWorkload[$1]?.count ?? 0, $1)
      }
      let covering = least.flatMap { byWorkload[$0] }?.first { other in
        let other = candidates[other]
        return other.place != rule.place && other.covers(rule)
          && (other.place < rule.place || !rule.covers(other))
      }
      return covering.map { covering in
        RedundantRule(
          policy: rule.policy, ruleIndex: rule.index, coveringPolicy: candidates[covering].policy,
          coveringRuleIndex: candidates[covering].index)
      }
    }
  }
}

/// An ALLOW rule as text that can be compared.
private struct RuleText {
  struct Place: Hashable, Comparable {
    var policy: Int
    var rule: Int

    static func < (left: Place, right: Place) -> Bool {
      (left.policy, left.rule) < (right.policy, right.rule)
    }
  }

  let policy: ResourceReference
  let index: Int
  let place: Place
  let layer: PolicyLayer
  let attachedTo: Set<WorkloadID>
  /// Linkerd asks the authorizations of a Server only where no route of it takes the request, and a waypoint
  /// sees other requests than a proxy: only rules with the same targets are compared.
  private let targets: [String]
  private let sources: [[PolicyFact.Term]]
  private let operations: [[PolicyFact.Term]]
  private let conditions: Set<Value>

  /// A term without its place.
  private struct Value: Hashable {
    var kind: String
    var value: String
    var isNegated: Bool

    init(_ term: PolicyFact.Term) {
      kind = term.kind
      value = term.value
      isNegated = term.isNegated
    }
  }

  init(_ fact: PolicyFact, _ rule: PolicyFact.Rule, order: Int) {
    policy = fact.policy
    index = rule.index
    place = Place(policy: order, rule: rule.index)
    layer = fact.layer
    attachedTo = Set(fact.attachedTo)
    targets = fact.targets
    sources = rule.sources.isEmpty ? [[]] : rule.sources.map(\.terms)
    operations = rule.operations.isEmpty ? [[]] : rule.operations.map(\.terms)
    conditions = Set(rule.conditions.map(Value.init))
  }

  /// Whether this rule plainly lets through all that `other` does, wherever that attaches.
  func covers(_ other: RuleText) -> Bool {
    layer == other.layer && targets == other.targets
      && other.attachedTo.isSubset(of: attachedTo) && conditions.isSubset(of: other.conditions)
      && other.sources.allSatisfy { wanted in sources.contains { coversSource($0, wanted) } }
      && other.operations.allSatisfy { wanted in operations.contains { covers($0, wanted) } }
  }

  /// Identities of a Linkerd authentication are alternatives whatever their kind (Linkerd docs,
  /// Authorization Policy, MeshTLSAuthentication); in Istio terms of different kinds all hold.
  private func coversSource(_ clause: [PolicyFact.Term], _ wanted: [PolicyFact.Term]) -> Bool {
    guard layer == .linkerd else { return covers(clause, wanted) }
    func part(_ terms: [PolicyFact.Term], isNetwork: Bool) -> Set<Value> {
      Set(terms.lazy.map(Value.init).filter { ($0.kind == "ip-block") == isNetwork })
    }
    return [true, false].allSatisfy { isNetwork in
      let (mine, theirs) = (
        part(clause, isNetwork: isNetwork), part(wanted, isNetwork: isNetwork)
      )
      if mine.isEmpty || mine == theirs { return true }
      return !theirs.isEmpty && theirs.isSubset(of: mine) && !mine.contains(where: \.isNegated)
    }
  }

  private func covers(_ clause: [PolicyFact.Term], _ wanted: [PolicyFact.Term]) -> Bool {
    let negated = Set(clause.filter(\.isNegated).map(Value.init))
    guard negated.isSubset(of: wanted.filter(\.isNegated).map(Value.init)) else { return false }
    return Set(clause.lazy.filter { !$0.isNegated }.map(\.kind)).allSatisfy { kind in
      func values(_ terms: [PolicyFact.Term]) -> [String] {
        terms.filter { $0.kind == kind && !$0.isNegated }.map(\.value)
      }
      return OperationText.covers(values(clause), values(wanted), folding: kind == "host")
    }
  }
}
