import AuditModel
package import MeshModel

/// A least-privilege AuthorizationPolicy for one workload: what was observed, and nothing else.
package struct SuggestedPolicy: Sendable {
  /// Operations of one port, as Istio writes them.
  package struct Operation: Sendable, Hashable {
    package var port: Int
    /// Empty for TCP.
    package var methods: [String]
    package var paths: [String]
  }

  /// Callers that use the same operations.
  package struct Rule: Sendable, Hashable {
    /// Without `spiffe://`, as Istio writes them; empty for callers without an identity.
    package var principals: [String]
    package var operations: [Operation]
    package var requestCount: Int
    package var firstSeen: UTCTime
    package var lastSeen: UTCTime
  }

  package var workload: WorkloadID
  package var name: String
  /// Labels that select this workload and no other of its namespace.
  package var labels: [String: String]
  package var rules: [Rule]
  /// ALLOW policies of this workload alone that it takes the place of.
  package var replaced: [ResourceReference]
  package var requestCount: Int
  package var firstSeen: UTCTime
  package var lastSeen: UTCTime
  /// Days with at least one observed request.
  package var dayCount: Int
}

/// Makes policies out of observed requests.
///
/// A request counts when the mesh let it through, its caller is beyond doubt, and the policies of now
/// allow it. Where any request of a workload is beyond deciding, nothing is suggested for it: what is
/// not understood is not tightened.
package struct SuggestedPolicies: Sendable {
  /// A workload for which nothing is suggested, and why.
  package struct Refusal: Sendable, Hashable {
    package var workload: WorkloadID
    package var reason: String

    package init(workload: WorkloadID, reason: String) {
      self.workload = workload
      self.reason = reason
    }
  }

  /// Sorted by workload.
  package private(set) var policies: [SuggestedPolicy] = []
  package private(set) var refusals: [Refusal] = []

  private let model: AccessModel
  private let facts: [PolicyFact]

  /// - Parameter isWanted: which workloads; all by default.
  package init(
    _ traffic: some Sequence<(key: ObservedRequestKey, sum: ObservedRequestSum)>,
    model: AccessModel, isWanted: (WorkloadID) -> Bool = { _ in true }
  ) {
    self.model = model
    facts = model.policyFacts()
    var calls: [WorkloadID: [Call]] = [:]
    for (key, sum) in DistinctTraffic.of(traffic)
    where key.side == .server && key.outcome != .denied {
      guard let workload = key.destination.workload, isWanted(workload),
        model.fact(of: workload)?.layer == .istio
      else { continue }
      calls[workload, default: []].append(Call(key: key, sum: sum))
    }
    for (workload, calls) in calls.sorted(by: { $0.key < $1.key }) {
      switch policy(for: workload, calls: calls) {
      case .success(let policy): policies.append(policy)
      case .failure(let refusal): refusals.append(refusal)
      }
    }
  }

  fileprivate struct Call {
    var key: ObservedRequestKey
    var sum: ObservedRequestSum
  }

  private enum Answer {
    case success(SuggestedPolicy)
    case failure(Refusal)
  }

  private func policy(for workload: WorkloadID, calls: [Call]) -> Answer {
    func refuse(_ reason: String) -> Answer {
      .failure(Refusal(workload: workload, reason: reason))
    }
    guard let fact = model.fact(of: workload) else { return refuse("no manifest describes it") }
    guard fact.dataplane == .sidecar else {
      return refuse("it is no workload with a sidecar, but \(fact.dataplane.rawValue)")
    }
    if let call = calls.first(where: { $0.key.evidence != .log }) {
      let caller = call.key.source.workload?.description ?? call.key.source.principal
      return refuse(
        "counters show calls of \(caller ?? "an unknown caller") that no log line shows")
    }
    guard let labels = labels(of: fact) else {
      return refuse("no labels select its pods alone")
    }
    let replaced = replacements(of: workload)
    if let shared = replaced.first(where: { !$0.rules.allSatisfy { $0.conditions.isEmpty } }) {
      return refuse(
        "\(shared.policy.text) looks at conditions, which access logs do not keep")
    }
    let ports = model.portFacts().filter { $0.workload == workload }.map(\.port)
    var granted: [Grant] = []
    for call in calls {
      guard let observed = model.observedDecisions(on: [call.key]).first else { continue }
      switch observed.decision {
      // What is refused today stays refused.
      case .deny: continue
      case .unknown, .delegate:
        return refuse(
          "of a request it cannot be decided whether it is allowed: "
            + (observed.reason ?? "an external authorizer decides"))
      case .allow: break
      }
      guard let port = call.key.port, ports.contains(port) else {
        return refuse("a port that was called is not declared by the workload")
      }
      guard let paths = paths(of: call.key, at: workload, port: port) else {
        return refuse(
          "the path template \"\(call.key.pathTemplate ?? "")\" cannot be written as a policy")
      }
      granted.append(Grant(call: call, port: port, paths: paths))
    }
    guard let first = granted.map(\.sum.firstSeen).min(),
      let last = granted.map(\.sum.lastSeen).max()
    else { return refuse("no observed request is allowed today") }
    let name = replaced.count == 1 ? replaced[0].policy.name : "\(workload.name)-observed"
    return .success(
      SuggestedPolicy(
        workload: workload, name: name, labels: labels, rules: SuggestedRules(granted).rules,
        replaced: replaced.map(\.policy), requestCount: granted.map(\.sum.count).reduce(0, +),
        firstSeen: first, lastSeen: last, dayCount: Set(granted.map(\.day)).count))
  }

  /// The paths of an operation: none for TCP.
  ///
  /// A template that the present policies grant by narrower paths is written as these.
  private func paths(of key: ObservedRequestKey, at workload: WorkloadID, port: Int) -> [String]? {
    guard key.protocolName != "tcp" else { return [] }
    guard let template = key.pathTemplate, !template.isEmpty else { return [] }
    guard let pattern = IstioPathTemplate.pattern(of: template) else { return nil }
    guard pattern != template else { return [pattern] }
    let principal = key.identitySource.isVerified ? key.source.principal : nil
    let reach = model.reach(
      from: PeerProfile(principal: principal, workload: key.source.workload), to: workload,
      port: port)
    let sets = reach.operations.filter {
      !$0.isExcluded && ($0.methods.isEmpty || key.method.map($0.methods.contains) ?? false)
    }
    guard reach.outcome == .partial, !sets.isEmpty else { return [pattern] }
    let wanted = Reach.OperationSet(paths: [pattern])
    if sets.contains(where: { Reach.OperationSet(paths: $0.paths).covers(wanted) }) {
      return [pattern]
    }
    let narrower = sets.flatMap(\.paths).filter { path in
      wanted.covers(Reach.OperationSet(paths: [path]))
    }
    return narrower.isEmpty ? nil : Set(narrower).sorted()
  }

  /// ALLOW policies that attach to this workload alone and select it by labels.
  private func replacements(of workload: WorkloadID) -> [PolicyFact] {
    facts.filter {
      $0.layer == .istio && $0.action == .allow && !$0.isDryRun && $0.scope == .workload
        && $0.attachedTo == [workload]
    }.sorted { $0.policy < $1.policy }
  }

  /// The fewest labels that select a workload and no other of its namespace.
  private func labels(of fact: WorkloadFact) -> [String: String]? {
    let mine = fact.workload.podLabels
    let others = model.workloads.filter {
      $0.workload.id.namespace == fact.workload.id.namespace
        && $0.workload.id != fact.workload.id
    }.map(\.workload.podLabels)
    func isAlone(_ labels: [String: String]) -> Bool {
      !others.contains { other in labels.allSatisfy { other[$0.key] == $0.value } }
    }
    let known = ["app.kubernetes.io/name", "app", "k8s-app"]
    // Labels that change with every release select nothing tomorrow.
    let passing = ["pod-template-hash", "controller-revision-hash"]
    let rest = mine.keys.filter { !known.contains($0) && !passing.contains($0) }.sorted()
    let names = known.filter { mine[$0] != nil } + rest
    for name in names {
      let labels = [name: mine[name] ?? ""]
      if isAlone(labels) { return labels }
    }
    for (index, first) in names.enumerated() {
      for second in names.dropFirst(index + 1) {
        let labels = [first: mine[first] ?? "", second: mine[second] ?? ""]
        if isAlone(labels) { return labels }
      }
    }
    return nil
  }
}

extension SuggestedPolicies {
  /// The inventory with the suggested policies in the place of those that they replace.
  ///
  /// - Parameter read: the suggested policies as their own text is read.
  package static func applied(
    _ policies: [SuggestedPolicy], read: [IstioAuthorizationPolicy], to inventory: MeshInventory
  ) -> MeshInventory {
    let replaced = Set(policies.flatMap(\.replaced))
    var inventory = inventory
    inventory.istio.authorizationPolicies.removeAll { replaced.contains($0.reference) }
    inventory.istio.authorizationPolicies += read
    return inventory
  }
}

/// One observed operation of one caller, as it is to be granted.
private struct Grant {
  var principal: String?
  var port: Int
  var method: String?
  var paths: [String]
  var day: String
  var sum: ObservedRequestSum

  init(call: SuggestedPolicies.Call, port: Int, paths: [String]) {
    let principal =
      call.key.identitySource.isVerified ? call.key.source.principal : nil
    self.principal = principal.map {
      $0.hasPrefix("spiffe://") ? String($0.dropFirst("spiffe://".count)) : $0
    }
    self.port = port
    method = call.key.protocolName == "tcp" ? nil : call.key.method
    self.paths = paths
    day = call.key.day
    sum = call.sum
  }
}

/// Puts grants together: callers with the same operations into one rule, methods with the same paths
/// into one operation.
private struct SuggestedRules {
  let rules: [SuggestedPolicy.Rule]

  init(_ grants: [Grant]) {
    var byCaller: [String: [Grant]] = [:]
    for grant in grants { byCaller[grant.principal ?? "", default: []].append(grant) }
    var result: [SuggestedPolicy.Rule] = []
    for (caller, grants) in byCaller.sorted(by: { $0.key < $1.key }) {
      let operations = SuggestedRules.operations(grants)
      let count = grants.map(\.sum.count).reduce(0, +)
      let first = grants.map(\.sum.firstSeen).min() ?? UTCTime(seconds: 0)
      let last = grants.map(\.sum.lastSeen).max() ?? UTCTime(seconds: 0)
      if !caller.isEmpty,
        let index = result.firstIndex(where: {
          $0.operations == operations && !$0.principals.isEmpty
        })
      {
        result[index].principals.append(caller)
        result[index].requestCount += count
        result[index].firstSeen = min(result[index].firstSeen, first)
        result[index].lastSeen = max(result[index].lastSeen, last)
      } else {
        result.append(
          SuggestedPolicy.Rule(
            principals: caller.isEmpty ? [] : [caller], operations: operations,
            requestCount: count, firstSeen: first, lastSeen: last))
      }
    }
    rules = result
  }

  private static func operations(_ grants: [Grant]) -> [SuggestedPolicy.Operation] {
    struct Key: Hashable {
      var port: Int
      var path: String?
    }
    var methods: [Key: Set<String>] = [:]
    for grant in grants {
      for path in grant.paths.isEmpty ? [nil] : grant.paths.map(Optional.some) {
        methods[Key(port: grant.port, path: path), default: []].formUnion(
          grant.method.map { [$0] } ?? [])
      }
    }
    struct Group: Hashable {
      var port: Int
      var methods: [String]
      var hasPaths: Bool
    }
    var paths: [Group: [String]] = [:]
    for (key, names) in methods {
      let group = Group(port: key.port, methods: names.sorted(), hasPaths: key.path != nil)
      paths[group, default: []] += key.path.map { [$0] } ?? []
    }
    return paths.map {
      SuggestedPolicy.Operation(
        port: $0.key.port, methods: $0.key.methods, paths: $0.value.sorted())
    }.sorted {
      ($0.port, $0.methods.joined(), $0.paths.joined()) < (
        $1.port, $1.methods.joined(), $1.paths.joined()
      )
    }
  }
}

/// Path templates of access logs as Istio's policies write paths.
enum IstioPathTemplate {
  /// A path without placeholders is itself; `{id}` and its kind become `{*}`, one segment (Istio,
  /// reference Authorization Policy, "Operation.paths", from 1.22 on); a cut path becomes a prefix.
  ///
  /// Nil where a placeholder is a part of a segment, or the path holds what a policy would read as a
  /// pattern.
  static func pattern(of template: String) -> String? {
    var segments: [String] = []
    let parts = template.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var isTemplate = false
    for (index, part) in parts.enumerated() {
      if part.hasSuffix("{*}"), index == parts.count - 1 {
        let prefix = part.dropLast("{*}".count)
        if isTemplate { return nil }
        segments.append(prefix + "*")
        continue
      }
      if ["{id}", "{email}", "{token}"].contains(part) {
        segments.append("{*}")
        isTemplate = true
        continue
      }
      if part.contains("{") || part.contains("}") || part.contains("*") { return nil }
      segments.append(part)
    }
    return segments.joined(separator: "/")
  }
}
