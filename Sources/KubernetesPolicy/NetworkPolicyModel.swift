package import MeshModel

/// Decides connections by NetworkPolicy and the administrator's policies around it.
///
/// Built once from the inventory, at a cost linear in workloads and policies (each policy is tried
/// only on pods that share its first label); every question after that touches the policies that
/// select the two ends.
package struct NetworkPolicyModel: Sendable {
  /// A pod with the policies that select it.
  package final class Subject: Sendable {
    let end: PodEnd
    let policies: [PreparedNetworkPolicy]
    /// Admin tier, then baseline tier, in the order in which they are asked.
    let adminPolicies: [PreparedAdminPolicy]
    /// How many of them are of the admin tier.
    let adminCount: Int
    private let ingress: [PreparedNetworkPolicy]
    private let egress: [PreparedNetworkPolicy]
    private let ingressRules: [PreparedRule]
    private let egressRules: [PreparedRule]
    private let ingressIsolation: String?
    private let egressIsolation: String?

    init(
      end: PodEnd, policies: [PreparedNetworkPolicy], adminPolicies: [PreparedAdminPolicy]
    ) {
      self.end = end
      self.policies = policies
      self.adminPolicies = adminPolicies
      adminCount = adminPolicies.prefix { $0.policy.tier == .admin }.count
      ingress = policies.filter { $0.directions.contains(.ingress) }
      egress = policies.filter { $0.directions.contains(.egress) }
      ingressRules = ingress.flatMap { $0.rules(.ingress) }
      egressRules = egress.flatMap { $0.rules(.egress) }
      ingressIsolation = ingress.first?.isolation(.ingress)
      egressIsolation = egress.first?.isolation(.egress)
    }

    /// The NetworkPolicies that isolate the pod in a direction.
    func isolating(_ direction: TrafficDirection) -> [PreparedNetworkPolicy] {
      direction == .ingress ? ingress : egress
    }

    /// Their rules, any of which allows.
    func rules(_ direction: TrafficDirection) -> [PreparedRule] {
      direction == .ingress ? ingressRules : egressRules
    }

    /// What refuses a connection that no rule allows.
    func isolation(_ direction: TrafficDirection) -> String? {
      direction == .ingress ? ingressIsolation : egressIsolation
    }
  }

  private let subjects: [WorkloadID: Subject]
  private let policiesByNamespace: [String: LabelSelectorIndex<PreparedNetworkPolicy>]
  private let adminPolicies: [PreparedAdminPolicy]
  private let namespaceLabels: [String: [Int32]]
  private let labelTable: NetworkLabelTable
  private let subjectsByAccount: [Account: [Subject]]
  private let allPolicies: [NetworkPolicy]
  private let allAdminPolicies: [AdminNetworkPolicy]

  private struct Account: Hashable {
    var namespace: String
    var name: String
  }

  package init(inventory: MeshInventory) {
    var table = NetworkLabelTable()
    allPolicies = inventory.networkPolicy.networkPolicies
    var index: [String: LabelSelectorIndex<PreparedNetworkPolicy>] = [:]
    for policy in allPolicies {
      index[policy.namespace, default: LabelSelectorIndex()]
        .insert(PreparedNetworkPolicy(policy, &table), for: policy.podSelector)
    }
    policiesByNamespace = index
    // Admin tier by ascending priority, then the baseline tier. Equal priorities are undefined
    // (network-policy-api v0.2.0, ClusterNetworkPolicySpec.priority). Decision: by name.
    allAdminPolicies = inventory.networkPolicy.adminPolicies.sorted { left, right in
      (left.tier == .admin ? 0 : 1, left.priority, left.name)
        < (right.tier == .admin ? 0 : 1, right.priority, right.name)
    }
    var admin: [PreparedAdminPolicy] = []
    for policy in allAdminPolicies { admin.append(PreparedAdminPolicy(policy, &table)) }
    adminPolicies = admin
    labelTable = table
    var labels: [String: [Int32]] = [:]
    for namespace in inventory.kubernetes.namespaces {
      labels[namespace.name] = table.numbers(of: namespace.labels)
    }
    for workload in inventory.workloads where labels[workload.id.namespace] == nil {
      labels[workload.id.namespace] = Self.labels(of: workload.id.namespace, in: table)
    }
    namespaceLabels = labels
    var subjects: [WorkloadID: Subject] = [:]
    var accounts: [Account: [Subject]] = [:]
    for workload in inventory.workloads {
      let end = PodEnd(
        workload, labels: table.numbers(of: workload.podLabels),
        namespaceLabels: labels[workload.id.namespace] ?? [])
      let subject = Subject(
        end: end,
        policies: index[end.namespace]?.elements(matching: workload.podLabels) ?? [],
        adminPolicies: Self.policies(admin, selecting: end))
      subjects[workload.id] = subject
      let account = Account(namespace: workload.id.namespace, name: workload.serviceAccount)
      accounts[account, default: []].append(subject)
    }
    self.subjects = subjects
    subjectsByAccount = accounts
  }

  /// Whether any policy is in force at all.
  package var isEmpty: Bool { allPolicies.isEmpty && allAdminPolicies.isEmpty }

  /// Whether some NetworkPolicy isolates the pods of a workload in a direction: what no rule allows
  /// is then refused.
  ///
  /// Administrators' policies do not isolate.
  package func isIsolated(_ workload: WorkloadID, _ direction: TrafficDirection) -> Bool {
    subjects[workload].map { !$0.isolating(direction).isEmpty } ?? false
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
      for policy in subject.policies {
        attached[policy.policy.reference, default: []].append(workload)
      }
      for policy in subject.adminPolicies {
        attached[policy.policy.reference, default: []].append(workload)
      }
    }
    return allPolicies.map {
      NetworkPolicyFacts.fact(of: $0, attachedTo: (attached[$0.reference] ?? []).sorted())
    }
      + allAdminPolicies.flatMap {
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

  /// A workload ready to be asked about, for callers that ask often.
  package func subject(of workload: WorkloadID) -> Subject? { subjects[workload] }

  /// The decision about a connection between two workloads that are known already.
  package func decision(
    from source: Subject, to destination: Subject, port: Int?, isTraced: Bool
  ) -> DecisionRecord {
    record(
      from: (.pod(source.end), source), to: (.pod(destination.end), destination), port: port,
      isTraced: isTraced)
  }

  /// The decision about a connection between workloads that are known already.
  ///
  /// - Parameter sources: those that the source may be; not empty.
  package func decision(
    from sources: [Subject], to destination: Subject, port: Int?, isTraced: Bool
  ) -> DecisionRecord {
    combined(
      .several(sources), (.pod(destination.end), destination), port: port, isTraced: isTraced)
  }

  /// Whether a peer reaches a port of a workload.
  ///
  /// - Parameter address: of a workload that is no pod, which policies know as an address.
  package func reach(
    from peer: PeerProfile, to workload: WorkloadID, at address: IPAddress? = nil, port: Int
  ) -> Reach {
    let source = AccessRequest.Source(
      principal: peer.principal, workload: peer.workload, ip: peer.ip)
    let destination = end(of: .init(workload: address == nil ? workload : nil, ip: address))
    let record = combined(ends(of: source), destination, port: port, isTraced: false)
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
    return subject.rules(.ingress).contains { $0.mayMatch(target) }
  }

  private typealias Placed = (end: NetworkEnd, subject: Subject?)

  private func record(from source: Placed, to destination: Placed, port: Int?, isTraced: Bool)
    -> DecisionRecord
  {
    NetworkConnection(
      source: source, destination: destination,
      port: NetworkPort(number: port, destination: destination.end)
    ).decision(isTraced: isTraced)
  }

  /// One answer for every end that the source may be; where they differ nobody knows.
  private func combined(
    _ sources: Ends, _ destination: Placed, port: Int?, isTraced: Bool
  ) -> DecisionRecord {
    func record(_ source: Placed) -> DecisionRecord {
      self.record(from: source, to: destination, port: port, isTraced: isTraced)
    }
    switch sources {
    case .one(let end, let subject): return record((end, subject))
    case .several(let subjects):
      let first = record((.pod(subjects[0].end), subjects[0]))
      for subject in subjects.dropFirst() {
        let other = record((.pod(subject.end), subject))
        if first.decision != other.decision {
          return DecisionRecord(
            .unknown, reason: "several workloads share the identity and policies treat them apart",
            layer: .networkPolicy, trace: first.trace + other.trace)
        }
      }
      return first
    }
  }

  /// What a source may be.
  private enum Ends {
    case one(NetworkEnd, Subject?)
    /// Never empty.
    case several([Subject])
  }

  private func ends(of source: AccessRequest.Source) -> Ends {
    if let workload = source.workload {
      if let subject = subjects[workload] { return .one(.pod(subject.end), subject) }
      return .one(undescribed(namespace: workload.namespace), nil)
    }
    if let principal = source.principal, let account = Self.account(of: principal) {
      guard let subjects = subjectsByAccount[account] else {
        return .one(undescribed(namespace: account.namespace), nil)
      }
      return .several(subjects)
    }
    if let address = source.ip { return .one(.address(address), nil) }
    return .one(.undescribed(namespaceLabels: nil, namespace: nil), nil)
  }

  private func end(of destination: AccessRequest.Destination) -> Placed {
    if let workload = destination.workload {
      if let subject = subjects[workload] { return (.pod(subject.end), subject) }
      return (undescribed(namespace: workload.namespace), nil)
    }
    if let namespace = destination.namespace {
      let labels = destination.labels ?? [:]
      let pod = PodEnd(
        namespace: namespace, labels: labelTable.numbers(of: labels),
        namespaceLabels: labelsOfNamespace(namespace))
      let subject = Subject(
        end: pod, policies: policiesByNamespace[namespace]?.elements(matching: labels) ?? [],
        adminPolicies: Self.policies(adminPolicies, selecting: pod))
      return (.pod(pod), subject)
    }
    if let address = destination.ip { return (.address(address), nil) }
    return (.undescribed(namespaceLabels: nil, namespace: nil), nil)
  }

  private func undescribed(namespace: String) -> NetworkEnd {
    .undescribed(namespaceLabels: labelsOfNamespace(namespace), namespace: namespace)
  }

  private func labelsOfNamespace(_ namespace: String) -> [Int32] {
    namespaceLabels[namespace] ?? Self.labels(of: namespace, in: labelTable)
  }

  /// The API server gives every namespace the label of its name.
  private static func labels(of namespace: String, in table: NetworkLabelTable) -> [Int32] {
    table.numbers(of: ["kubernetes.io/metadata.name": namespace])
  }

  /// Pods of the host network are no subjects of administrators' policies (network-policy-api
  /// v0.2.0, ClusterNetworkPolicySpec.subject).
  private static func policies(_ policies: [PreparedAdminPolicy], selecting pod: PodEnd)
    -> [PreparedAdminPolicy]
  {
    pod.usesHostNetwork ? [] : policies.filter { $0.selects(pod) }
  }

  /// Namespace and service account of an identity that Istio or Linkerd issues.
  private static func account(of principal: String) -> Account? {
    if principal.hasPrefixBytes(of: "spiffe://") {
      return SPIFFEID(principal)?.istioServiceAccount.map {
        Account(namespace: $0.namespace, name: $0.name)
      }
    }
    return LinkerdIdentity(principal).map {
      Account(namespace: $0.namespace, name: $0.serviceAccount)
    }
  }
}
