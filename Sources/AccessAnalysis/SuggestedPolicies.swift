import AuditModel
import IstioPolicy
package import MeshModel

/// Makes policies out of observed requests.
///
/// A request counts when the mesh let it through, its caller is beyond doubt, and the policies of now
/// allow it. Where any request of a workload is beyond deciding, nothing is suggested for it: what is
/// not understood is not tightened.
package struct SuggestedPolicies: Sendable {
  /// A workload for which nothing is suggested, and why.
  package struct Refusal: Error, Hashable {
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
  private let ports: [WorkloadID: [WorkloadPortFact]]

  /// - Parameter isWanted: which workloads; all by default.
  package init(
    _ traffic: some Sequence<(key: ObservedRequestKey, sum: ObservedRequestSum)>,
    model: AccessModel, isWanted: (WorkloadID) -> Bool = { _ in true }
  ) {
    self.model = model
    facts = model.policyFacts()
    ports = Dictionary(grouping: model.portFacts(), by: \.workload)
    var calls: [WorkloadID: [SuggestedCall]] = [:]
    for (key, sum) in DistinctTraffic.of(traffic)
    where key.side == .server && key.outcome != .denied {
      guard let workload = key.destination.workload, isWanted(workload),
        let layer = model.fact(of: workload)?.layer, layer == .istio || layer == .linkerd
      else { continue }
      calls[workload, default: []].append(SuggestedCall(key: key, sum: sum, port: key.port ?? 0))
    }
    for (workload, calls) in calls.sorted(by: { $0.key < $1.key }) {
      do throws(Refusal) {
        policies.append(try policy(for: workload, calls: calls))
      } catch {
        refusals.append(error)
      }
    }
  }

  private func policy(for workload: WorkloadID, calls: [SuggestedCall]) throws(Refusal)
    -> SuggestedPolicy
  {
    func refusal(_ reason: String) -> Refusal { Refusal(workload: workload, reason: reason) }
    guard let fact = model.fact(of: workload) else { throw refusal("no manifest describes it") }
    guard [.sidecar, .ambient, .linkerd].contains(fact.dataplane) else {
      throw refusal("it is no workload behind a proxy of its own, but \(fact.dataplane.rawValue)")
    }
    if let call = calls.first(where: { $0.key.evidence != .log }) {
      let caller = call.key.source.workload?.description ?? call.key.source.principal
      throw refusal(
        "counters show calls of \(caller ?? "an unknown caller") that no log line shows")
    }
    guard let labels = labels(of: fact) else { throw refusal("no labels select its pods alone") }
    let allowed = try allowed(calls, at: workload)
    guard let first = allowed.map(\.sum.firstSeen).min(),
      let last = allowed.map(\.sum.lastSeen).max()
    else { throw refusal("no observed request is allowed today") }
    var policy = SuggestedPolicy(
      workload: workload, name: "\(workload.name)-observed", form: .selector(labels), rules: [],
      replaced: [], requestCount: allowed.map(\.sum.count).reduce(0, +), firstSeen: first,
      lastSeen: last, dayCount: Set(allowed.map(\.key.day)).count)
    if fact.dataplane == .linkerd {
      do throws(SuggestedServers.Refusal) {
        let found = try SuggestedServers(
          allowed, of: fact, labels: labels, ports: ports[workload] ?? [], model: model,
          facts: facts)
        policy.form = .servers(found.servers)
        policy.replaced = found.replaced
        policy.untouched = found.untouched
      } catch {
        throw refusal(error.reason)
      }
      return policy
    }
    let waypoint = fact.dataplane == .ambient ? model.istio.waypointRoute(to: workload) : nil
    let replaced = replacements(of: workload, at: waypoint)
    if let shared = replaced.first(where: { !$0.rules.allSatisfy { $0.conditions.isEmpty } }) {
      throw refusal("\(shared.policy.text) looks at conditions, which access logs do not keep")
    }
    policy.replaced = replaced.map(\.policy)
    if replaced.count == 1 { policy.name = replaced[0].policy.name }
    if let waypoint {
      try place(&policy, at: waypoint, allowed: allowed)
    } else {
      // ztunnel knows callers and ports only.
      policy.rules = try rules(allowed, at: workload, isHTTP: fact.dataplane == .sidecar) {
        $0.port
      }
    }
    return policy
  }

  /// The calls that the policies of now allow.
  private func allowed(_ calls: [SuggestedCall], at workload: WorkloadID) throws(Refusal)
    -> [SuggestedCall]
  {
    let ports = Set((ports[workload] ?? []).map(\.port))
    var result: [SuggestedCall] = []
    for call in calls {
      guard let observed = model.observedDecisions(on: [call.key]).first else { continue }
      switch observed.decision {
      // What is refused today stays refused.
      case .deny: continue
      case .unknown, .delegate:
        throw Refusal(
          workload: workload,
          reason: "of a request it cannot be decided whether it is allowed: "
            + (observed.reason ?? "an external authorizer decides"))
      case .allow: break
      }
      guard ports.contains(call.port) else {
        throw Refusal(
          workload: workload, reason: "a port that was called is not declared by the workload")
      }
      result.append(call)
    }
    return result
  }

  /// The rules of an AuthorizationPolicy.
  ///
  /// - Parameter port: the port as the policy sees it; nil restricts none.
  private func rules(
    _ calls: [SuggestedCall], at workload: WorkloadID, isHTTP: Bool,
    port: (SuggestedCall) -> Int
  ) throws(Refusal) -> [SuggestedPolicy.Rule] {
    var grants: [SuggestedGrant] = []
    for call in calls {
      guard isHTTP, call.key.protocolName != "tcp" else {
        grants.append(SuggestedGrant(call, port: port(call), method: nil, paths: []))
        continue
      }
      guard let paths = paths(of: call.key, at: workload, port: call.port) else {
        throw Refusal(
          workload: workload,
          reason:
            "the path template \"\(call.key.pathTemplate ?? "")\" cannot be written as a policy")
      }
      grants.append(
        SuggestedGrant(call, port: port(call), method: call.key.method, paths: paths))
    }
    return SuggestedRules(grants).rules
  }

  /// Writes the policy for the services of a waypoint.
  ///
  /// What ztunnel logs of the way from the waypoint to the pod is the second half of calls that the waypoint
  /// has logged.
  private func place(
    _ policy: inout SuggestedPolicy, at waypoint: WaypointRoute, allowed: [SuggestedCall]
  ) throws(Refusal) {
    let workload = policy.workload
    func refusal(_ reason: String) -> Refusal { Refusal(workload: workload, reason: reason) }
    if let bypass = waypoint.bypass { throw refusal("\(bypass) do not go through its waypoint") }
    let namespace = model.workloads.filter { $0.workload.id.namespace == workload.namespace }
    for name in waypoint.services {
      guard
        let service = model.inventory.kubernetes.services.first(where: {
          $0.namespace == workload.namespace && $0.name == name
        })
      else { throw refusal("\(name), which leads to its waypoint, is no Service") }
      let others = namespace.filter {
        $0.workload.id != workload && service.selects($0.workload.podLabels)
      }
      if let other = others.first {
        throw refusal("its service \(service.name) selects \(other.workload.id), too")
      }
    }
    let calls = allowed.filter {
      $0.key.protocolName != "tcp" || !waypoint.principals.contains($0.principal ?? "")
    }
    guard !calls.isEmpty else { throw refusal("no log of its waypoint was given") }
    for call in calls where waypoint.servicePorts[call.port]?.count != 1 {
      throw refusal("its port \(call.port) is not one port of its services")
    }
    policy.form = .services(waypoint.services)
    policy.rules = try rules(calls, at: workload, isHTTP: true) {
      waypoint.servicePorts[$0.port]?.first ?? $0.port
    }
    policy.requestCount = calls.map(\.sum.count).reduce(0, +)
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

  /// ALLOW policies that attach to this workload alone: by labels, or at a waypoint by its services.
  private func replacements(of workload: WorkloadID, at waypoint: WaypointRoute?) -> [PolicyFact] {
    facts.filter { fact in
      guard fact.layer == .istio, fact.action == .allow, !fact.isDryRun,
        fact.attachedTo == [workload]
      else { return false }
      guard let waypoint else { return fact.scope == .workload }
      return fact.scope == .target
        && fact.targets.allSatisfy { target in
          waypoint.services.contains { target == "Service \($0)" }
        }
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
    _ policies: [SuggestedPolicy], read: MeshInventory, to inventory: MeshInventory
  ) -> MeshInventory {
    let replaced = Set(policies.flatMap(\.replaced))
    var inventory = inventory
    func exchange<Resource: MeshResource>(_ present: inout [Resource], _ new: [Resource]) {
      // What has the name of a new one is overwritten when that is applied.
      let gone = replaced.union(new.map(\.reference))
      present.removeAll { gone.contains($0.reference) }
      present += new
    }
    exchange(&inventory.istio.authorizationPolicies, read.istio.authorizationPolicies)
    exchange(&inventory.linkerd.servers, read.linkerd.servers)
    exchange(&inventory.linkerd.serverAuthorizations, read.linkerd.serverAuthorizations)
    exchange(&inventory.linkerd.authorizationPolicies, read.linkerd.authorizationPolicies)
    exchange(&inventory.linkerd.meshTLSAuthentications, read.linkerd.meshTLSAuthentications)
    exchange(&inventory.linkerd.networkAuthentications, read.linkerd.networkAuthentications)
    exchange(&inventory.gateway.routes, read.gateway.routes)
    return inventory
  }
}
