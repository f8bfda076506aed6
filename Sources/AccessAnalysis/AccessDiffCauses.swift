import AuditModel
import MeshModel

/// Finds the changed lines behind a change of access.
struct ChangeCauses {
  private typealias Cause = AccessDiff.Cause

  /// A policy of one side or of both, when they differ.
  fileprivate struct PolicyChange {
    var base: PolicyFact?
    var head: PolicyFact?
  }

  private static let causeLimit = 3

  private let base: AccessModel
  private let head: AccessModel
  /// Policies that attach to a workload on either side and say something else, or attach on one side.
  private var policiesByWorkload: [WorkloadID: [PolicyChange]] = [:]
  private var changedResources: [(reference: ResourceReference, cause: AccessDiff.Cause)] = []
  private let rootNamespace: String

  init(base: AccessModel, head: AccessModel) {
    self.base = base
    self.head = head
    rootNamespace = head.inventory.istio.meshConfig.rootNamespace
    collectPolicies()
    collectResources()
  }

  func causes(of change: AccessDiff.Change) -> [AccessDiff.Cause] {
    guard let destination = change.destinations.first else { return [] }
    let workload = destination.workload
    if change.head != nil, base.fact(of: workload) == nil, let fact = head.fact(of: workload) {
      return [
        Cause(action: .added, text: "workload \(workload)", location: fact.workload.location)
      ]
    }
    if change.base != nil, head.fact(of: workload) == nil, let fact = base.fact(of: workload) {
      return [
        Cause(
          action: .removed, text: "workload \(workload)", baseLocation: fact.workload.location)
      ]
    }
    let ids = Set((change.base?.decidedBy ?? []) + (change.head?.decidedBy ?? []))
    let policies = policiesByWorkload[workload] ?? []
    let named = policies.filter { $0.names(anyOf: ids) }
    // A policy that is not named can still decide: the first ALLOW policy closes by being there.
    let telling = (named.isEmpty ? policies : named).sorted { $0.breadth < $1.breadth }
    var result = telling.flatMap { lines(of: $0, ids: ids, change: change) }
    if result.isEmpty { result = otherCauses(of: change, at: workload) }
    return Array(result.prefix(Self.causeLimit))
  }

  // MARK: Policies

  private mutating func collectPolicies() {
    var changes: [ResourceReference: PolicyChange] = [:]
    var order: [ResourceReference] = []
    for fact in base.policyFacts() {
      if changes[fact.policy] == nil { order.append(fact.policy) }
      changes[fact.policy, default: PolicyChange()].base = fact
    }
    for fact in head.policyFacts() {
      if changes[fact.policy] == nil { order.append(fact.policy) }
      changes[fact.policy, default: PolicyChange()].head = fact
    }
    for reference in order {
      guard let change = changes[reference] else { continue }
      let before = Set(change.base?.attachedTo ?? [])
      let after = Set(change.head?.attachedTo ?? [])
      let touched =
        change.base?.contents == change.head?.contents
        ? before.symmetricDifference(after) : before.union(after)
      for workload in touched { policiesByWorkload[workload, default: []].append(change) }
    }
  }

  private func lines(of change: PolicyChange, ids: Set<String>, change access: AccessDiff.Change)
    -> [AccessDiff.Cause]
  {
    switch (change.base, change.head) {
    case (nil, nil): return []
    case (nil, let new?):
      let rule = new.rules.first { $0.reportedID.map(ids.contains) ?? false }
      return [
        Cause(
          action: .added, text: new.name(of: rule), location: rule?.location ?? new.location)
      ]
    case (let old?, nil):
      let rule = old.rules.first { $0.reportedID.map(ids.contains) ?? false }
      return [
        Cause(
          action: .removed, text: old.name(of: rule),
          baseLocation: rule?.location ?? old.location)
      ]
    case (let old?, let new?): return lines(from: old, to: new, ids: ids)
    }
  }

  /// The rules in which two versions of a policy differ; those that decide come first.
  private func lines(from old: PolicyFact, to new: PolicyFact, ids: Set<String>)
    -> [AccessDiff.Cause]
  {
    let before = Set(old.rules.map(\.contents))
    let after = Set(new.rules.map(\.contents))
    func isNamed(_ rule: PolicyFact.Rule) -> Bool { rule.reportedID.map(ids.contains) ?? false }
    var fresh = new.rules.filter { !before.contains($0.contents) }
    var gone = old.rules.filter { !after.contains($0.contents) }
    if fresh.contains(where: isNamed) { fresh = fresh.filter(isNamed) }
    if !fresh.isEmpty || gone.contains(where: isNamed) { gone = gone.filter(isNamed) }
    var result: [AccessDiff.Cause] = fresh.map { rule in
      let earlier = gone.first { $0.index == rule.index } ?? gone.first
      return Cause(
        action: earlier == nil ? .added : .changed, text: new.name(of: rule),
        location: rule.firstTerm(notIn: earlier) ?? rule.location)
    }
    if fresh.isEmpty {
      result = gone.map {
        Cause(
          action: .removed, text: old.name(of: $0), location: new.location,
          baseLocation: $0.location)
      }
    }
    if result.isEmpty {
      // Same rules: the action, the attachment or the rehearsal changed.
      result = [Cause(action: .changed, text: new.name(of: nil), location: new.location)]
    }
    return result
  }

  // MARK: Other resources

  private mutating func collectResources() {
    var before: [ResourceReference: Resource] = [:]
    for resource in base.inventory.resources { before[resource.metadata.reference] = resource }
    var seen: Set<ResourceReference> = []
    for resource in head.inventory.resources {
      let reference = resource.metadata.reference
      guard seen.insert(reference).inserted else { continue }
      let old = before.removeValue(forKey: reference)
      if let old, old.says(theSameAs: resource) { continue }
      changedResources.append(
        (
          reference,
          Cause(
            action: old == nil ? .added : .changed, text: reference.text,
            location: resource.metadata.location)
        ))
    }
    for (reference, resource) in before.sorted(by: { $0.key < $1.key })
    where !seen.contains(reference) {
      changedResources.append(
        (
          reference,
          Cause(
            action: .removed, text: reference.text, baseLocation: resource.metadata.location)
        ))
    }
  }

  /// Groups whose resources bear on who may call what.
  private static let meshGroups: Set<String> = [
    "security.istio.io", "networking.istio.io", "policy.linkerd.io", "gateway.networking.k8s.io",
    "networking.k8s.io", "policy.networking.k8s.io",
  ]

  /// Where no policy explains a change: mTLS modes, labels, identities, the mesh's own configuration.
  private func otherCauses(of change: AccessDiff.Change, at workload: WorkloadID)
    -> [AccessDiff.Cause]
  {
    func isOf(_ id: WorkloadID?, _ reference: ResourceReference) -> Bool {
      guard let id else { return false }
      return reference.namespace == id.namespace && reference.name == id.name
        && ["apps", "batch", ""].contains(reference.kind.group)
    }
    let sources = change.sources.prefix(8).map(\.workload)
    let ranked = changedResources.compactMap { entry -> (Int, AccessDiff.Cause)? in
      let (reference, cause) = entry
      let isNear = [workload.namespace, rootNamespace].contains(reference.namespace)
      if isNear, reference.kind.kind == "PeerAuthentication" { return (0, cause) }
      if isOf(workload, reference) { return (1, cause) }
      if sources.contains(where: { isOf($0, reference) }) { return (2, cause) }
      if reference.kind.kind == "Namespace" {
        let names = [workload.namespace] + sources.compactMap { $0?.namespace }
        return names.contains(reference.name) ? (3, cause) : nil
      }
      if reference.kind.kind == "ConfigMap", reference.name.hasPrefix("istio") { return (3, cause) }
      if reference.kind.kind == "ConfigMap", reference.name == "linkerd-config" {
        return (3, cause)
      }
      return isNear && Self.meshGroups.contains(reference.kind.group) ? (4, cause) : nil
    }
    guard let best = ranked.map(\.0).min() else { return [] }
    return ranked.filter { $0.0 == best }.map(\.1)
  }
}

extension ChangeCauses.PolicyChange {
  /// How far it reaches: what was written for the workload says more than what holds for the mesh.
  fileprivate var breadth: Int {
    switch (head ?? base)?.scope {
    case .workload?, .target?, nil: 0
    case .namespace?: 1
    case .mesh?: 2
    }
  }

  fileprivate func names(anyOf ids: Set<String>) -> Bool {
    [base, head].contains { fact in
      fact?.rules.contains { $0.reportedID.map(ids.contains) ?? false } ?? false
    }
  }
}

extension PolicyFact {
  /// What it says, without where it stands.
  fileprivate var contents: [String] {
    [action.rawValue, isDryRun ? "dry-run" : "", provider ?? ""] + rules.map(\.contents)
  }

  fileprivate func name(of rule: Rule?) -> String {
    guard let rule, rules.count > 1 else { return policy.text }
    return "\(policy.text), rule \(rule.index)"
  }
}

extension PolicyFact.Rule {
  fileprivate var contents: String {
    func text(_ terms: [PolicyFact.Term]) -> String {
      terms.map(\.contents).sorted().joined(separator: "\u{0}")
    }
    return [
      sources.map { text($0.terms) }.joined(separator: "\u{1}"),
      operations.map { text($0.terms) }.joined(separator: "\u{1}"), text(conditions),
    ].joined(separator: "\u{2}")
  }

  private var terms: [PolicyFact.Term] {
    sources.flatMap(\.terms) + operations.flatMap(\.terms) + conditions
  }

  /// Where the first value stands that `earlier` does not have.
  fileprivate func firstTerm(notIn earlier: PolicyFact.Rule?) -> SourceLocation? {
    guard let earlier else { return nil }
    let known = Set(earlier.terms.map(\.contents))
    return terms.first { !known.contains($0.contents) }?.location
  }
}

extension PolicyFact.Term {
  fileprivate var contents: String { "\(kind)\(isNegated ? "!=" : "=")\(value)" }
}

extension Resource {
  fileprivate func says(theSameAs other: Resource) -> Bool {
    spec == other.spec && metadata.labels == other.metadata.labels
      && metadata.annotations == other.metadata.annotations
  }
}
