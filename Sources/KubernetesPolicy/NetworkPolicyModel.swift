package import MeshModel

/// Decides connections by NetworkPolicy and the administrator's policies around it.
///
/// Built once from the inventory, at a cost linear in workloads and policies (each policy is tried
/// only on pods that share its first label); every question after that touches the policies that
/// select the two ends.
package struct NetworkPolicyModel: Sendable {
  /// A pod with the policies that select it.
  struct Subject: Sendable {
    var end: PodEnd
    var policies: [NetworkPolicy]
    /// Admin tier, then baseline tier, in the order in which they are asked.
    var adminPolicies: [AdminNetworkPolicy]
  }

  private let subjects: [WorkloadID: Subject]
  private let policiesByNamespace: [String: LabelSelectorIndex<NetworkPolicy>]
  private let adminPolicies: [AdminNetworkPolicy]
  private let namespaceLabels: [String: [String: String]]
  private let workloadsByAccount: [Account: [WorkloadID]]
  private let allPolicies: [NetworkPolicy]

  private struct Account: Hashable {
    var namespace: String
    var name: String
  }

  package init(inventory: MeshInventory) {
    var labels: [String: [String: String]] = [:]
    for namespace in inventory.kubernetes.namespaces {
      labels[namespace.name] = namespace.labels
    }
    namespaceLabels = labels
    allPolicies = inventory.networkPolicy.networkPolicies
    var index: [String: LabelSelectorIndex<NetworkPolicy>] = [:]
    for policy in allPolicies {
      index[policy.namespace, default: LabelSelectorIndex()]
        .insert(policy, for: policy.podSelector)
    }
    policiesByNamespace = index
    // Admin tier by ascending priority, then the baseline tier. Equal priorities are undefined
    // (network-policy-api v0.2.0, ClusterNetworkPolicySpec.priority). Decision: by name.
    adminPolicies = inventory.networkPolicy.adminPolicies.sorted { left, right in
      (left.tier == .admin ? 0 : 1, left.priority, left.name)
        < (right.tier == .admin ? 0 : 1, right.priority, right.name)
    }
    var subjects: [WorkloadID: Subject] = [:]
    var accounts: [Account: [WorkloadID]] = [:]
    for workload in inventory.workloads {
      let end = PodEnd(
        workload, namespaceLabels: Self.labels(of: workload.id.namespace, in: labels))
      subjects[workload.id] = Subject(
        end: end,
        policies: index[end.namespace]?.elements(matching: end.labels) ?? [],
        adminPolicies: Self.policies(adminPolicies, selecting: end))
      let account = Account(namespace: workload.id.namespace, name: workload.serviceAccount)
      accounts[account, default: []].append(workload.id)
    }
    self.subjects = subjects
    workloadsByAccount = accounts
  }

  /// Whether any policy is in force at all.
  package var isEmpty: Bool { allPolicies.isEmpty && adminPolicies.isEmpty }

  /// Whether some NetworkPolicy isolates the pods of a workload in a direction: what no rule allows
  /// is then refused.
  ///
  /// Administrators' policies do not isolate.
  package func isIsolated(_ workload: WorkloadID, _ direction: TrafficDirection) -> Bool {
    subjects[workload]?.policies.contains { $0.directions.contains(direction) } ?? false
  }

  /// Whether any policy has a say about connections of a workload in a direction: one that isolates
  /// it, or an administrator's with rules.
  package func isGoverned(_ workload: WorkloadID, _ direction: TrafficDirection) -> Bool {
    isIsolated(workload, direction)
      || subjects[workload]?.adminPolicies.contains { !$0.rules(direction).isEmpty } ?? false
  }

  /// Every NetworkPolicy and administrator's policy as facts, in the order of the inventory.
  package func policyFacts() -> [PolicyFact] {
    var attached: [ResourceReference: [WorkloadID]] = [:]
    for (workload, subject) in subjects {
      for policy in subject.policies { attached[policy.reference, default: []].append(workload) }
      for policy in subject.adminPolicies {
        attached[policy.reference, default: []].append(workload)
      }
    }
    return allPolicies.map {
      NetworkPolicyFacts.fact(of: $0, attachedTo: (attached[$0.reference] ?? []).sorted())
    }
      + adminPolicies.flatMap {
        NetworkPolicyFacts.facts(of: $0, attachedTo: (attached[$0.reference] ?? []).sorted())
      }
  }

  /// The decision about one connection: the source's egress and the destination's ingress both have
  /// to allow it (Kubernetes docs, Network Policies, "The two sorts of pod isolation").
  package func decision(for request: AccessRequest, isTraced: Bool = false) -> DecisionRecord {
    let destination = end(of: request.destination)
    let sources = ends(of: request.source)
    return combined(sources, destination, port: request.destination.port, isTraced: isTraced)
  }

  /// Whether a peer reaches a port of a workload.
  package func reach(from peer: PeerProfile, to workload: WorkloadID, port: Int) -> Reach {
    let source = AccessRequest.Source(
      principal: peer.principal, workload: peer.workload, ip: peer.ip)
    let destination =
      subjects[workload].map { NetworkEnd.pod($0.end) }
      ?? undescribed(namespace: workload.namespace)
    let record = combined(
      ends(of: source), (destination, subjects[workload]), port: port, isTraced: false)
    let outcome: Reach.Outcome
    switch record.decision {
    case .allow: outcome = .allow
    case .deny: outcome = .deny
    case .delegate, .unknown: outcome = .unknown
    }
    return Reach(
      outcome, layer: .networkPolicy, decidedBy: record.decidedBy.map { [$0] } ?? [],
      reason: record.reason)
  }

  /// Whether the policies let some pod or address reach a port of a workload; nil when nothing
  /// isolates it, so that everything may.
  package func acceptsSomeIngress(_ workload: WorkloadID, port: Int) -> Bool? {
    guard let subject = subjects[workload], isIsolated(workload, .ingress) else { return nil }
    let target = NetworkPort(number: port, destination: .pod(subject.end))
    return subject.policies.contains { policy in
      policy.directions.contains(.ingress)
        && policy.ingress.contains { rule in
          rule.ports.isEmpty || rule.ports.contains { target.matches($0) != .no }
        }
    }
  }

  private typealias Placed = (end: NetworkEnd, subject: Subject?)

  /// One answer for every end that the source may be; where they differ nobody knows.
  private func combined(
    _ sources: [Placed], _ destination: Placed, port: Int?, isTraced: Bool
  ) -> DecisionRecord {
    var result: DecisionRecord?
    for source in sources {
      let record = NetworkConnection(
        source: source, destination: destination,
        port: NetworkPort(number: port, destination: destination.end)
      ).decision(isTraced: isTraced)
      guard let first = result else {
        result = record
        continue
      }
      if first.decision != record.decision {
        return DecisionRecord(
          .unknown, reason: "several workloads share the identity and policies treat them apart",
          layer: .networkPolicy, trace: first.trace + record.trace)
      }
    }
    return result ?? DecisionRecord(.allow, layer: .networkPolicy)
  }

  private func ends(of source: AccessRequest.Source) -> [Placed] {
    if let workload = source.workload {
      if let subject = subjects[workload] { return [(.pod(subject.end), subject)] }
      return [undescribed(namespace: workload.namespace)]
    }
    if let principal = source.principal, let account = Self.account(of: principal) {
      let workloads = workloadsByAccount[account] ?? []
      if workloads.isEmpty { return [undescribed(namespace: account.namespace)] }
      return workloads.compactMap { id in subjects[id].map { (.pod($0.end), $0) } }
    }
    if let address = source.ip { return [(.address(address), nil)] }
    return [(.undescribed(namespaceLabels: nil, namespace: nil), nil)]
  }

  private func end(of destination: AccessRequest.Destination) -> Placed {
    if let workload = destination.workload {
      if let subject = subjects[workload] { return (.pod(subject.end), subject) }
      return undescribed(namespace: workload.namespace)
    }
    if let namespace = destination.namespace {
      let pod = PodEnd(
        namespace: namespace, labels: destination.labels ?? [:],
        namespaceLabels: Self.labels(of: namespace, in: namespaceLabels))
      let subject = Subject(
        end: pod, policies: policiesByNamespace[namespace]?.elements(matching: pod.labels) ?? [],
        adminPolicies: Self.policies(adminPolicies, selecting: pod))
      return (.pod(pod), subject)
    }
    if let address = destination.ip { return (.address(address), nil) }
    return (.undescribed(namespaceLabels: nil, namespace: nil), nil)
  }

  private func undescribed(namespace: String) -> Placed {
    let labels = Self.labels(of: namespace, in: namespaceLabels)
    return (.undescribed(namespaceLabels: labels, namespace: namespace), nil)
  }

  private func undescribed(namespace: String) -> NetworkEnd {
    let placed: Placed = undescribed(namespace: namespace)
    return placed.end
  }

  /// The API server gives every namespace the label of its name.
  private static func labels(of namespace: String, in labels: [String: [String: String]])
    -> [String: String]
  {
    labels[namespace] ?? ["kubernetes.io/metadata.name": namespace]
  }

  /// Pods of the host network are no subjects of administrators' policies (network-policy-api
  /// v0.2.0, ClusterNetworkPolicySpec.subject).
  private static func policies(_ policies: [AdminNetworkPolicy], selecting pod: PodEnd)
    -> [AdminNetworkPolicy]
  {
    guard !pod.usesHostNetwork else { return [] }
    return policies.filter {
      $0.subject.namespaces.matches(pod.namespaceLabels) && $0.subject.pods.matches(pod.labels)
    }
  }

  /// Namespace and service account of an identity that Istio or Linkerd issues.
  private static func account(of principal: String) -> Account? {
    if let account = SPIFFEID(principal)?.istioServiceAccount {
      return Account(namespace: account.namespace, name: account.name)
    }
    let parts = principal.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 4, parts[2] == "serviceaccount", parts[3] == "identity" else { return nil }
    return Account(namespace: String(parts[1]), name: String(parts[0]))
  }
}
