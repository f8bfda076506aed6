package import AuditModel
import KubernetesPolicy
import LinkerdPolicy
import MeshModel

extension AccessModel {
  /// Who may call what: every source against every port of every workload.
  ///
  /// Sources that policies cannot tell apart are decided once, and so are destinations that the same
  /// policies govern in the same way; rows that come out equal are then merged. Of the callers that the
  /// policies of a destination do not name, one of each kind is decided. Cost: the pairs of classes for what
  /// is kept, and decisions for named callers and kinds only where `SourceGroups` can tell them.
  package func accessGraph() -> AccessGraph {
    let facts = policyFacts()
    var attached: [WorkloadID: [Int]] = [:]
    for (index, policy) in facts.enumerated() {
      for workload in policy.attachedTo { attached[workload, default: []].append(index) }
    }
    let destinations = destinationClasses(attached)
    let sources = sourceClasses()
    let callers = SourceGroups(sources.map(\.members[0]), model: self)
    var outcomes: [AccessGraph.Outcome] = []
    var places: [AccessGraph.Outcome: Int32] = [:]
    func place(_ source: Int, _ destination: AccessGraph.Destination) -> Int32 {
      let outcome = layeredReach(
        from: sources[source].peer, to: destination.workload, port: destination.port)
      if let place = places[outcome] { return place }
      let place = Int32(outcomes.count)
      places[outcome] = place
      outcomes.append(outcome)
      return place
    }
    let columns = destinations.map { members -> [Int32] in
      let destination = members[0]
      let policies = (attached[destination.workload] ?? []).map { facts[$0] }
      guard let groups = callers.groups(at: destination, policies) else {
        return sources.indices.map { place($0, destination) }
      }
      var column = [Int32](repeating: 0, count: sources.count)
      for group in groups {
        let outcome = place(group[0], destination)
        for source in group { column[source] = outcome }
      }
      return column
    }
    return AccessModel.merged(sources.map(\.members), destinations, outcomes, columns)
  }

  /// The graph with equal rows as one.
  private static func merged(
    _ sources: [[AccessGraph.Source]], _ destinations: [[AccessGraph.Destination]],
    _ outcomes: [AccessGraph.Outcome], _ columns: [[Int32]]
  ) -> AccessGraph {
    var digests = [UInt64](repeating: 0, count: sources.count)
    for column in columns {
      for (source, outcome) in column.enumerated() {
        digests[source] = digests[source] &* 0x0000_0100_0000_01B3 ^ UInt64(UInt32(outcome))
      }
    }
    // Rows of one digest are compared whole.
    var kept: [Int] = []
    var members: [[AccessGraph.Source]] = []
    var candidates: [UInt64: [Int]] = [:]
    for source in sources.indices {
      let same = (candidates[digests[source]] ?? []).first { row in
        columns.allSatisfy { $0[kept[row]] == $0[source] }
      }
      if let same {
        members[same] += sources[source]
      } else {
        candidates[digests[source], default: []].append(kept.count)
        kept.append(source)
        members.append(sources[source])
      }
    }
    return AccessGraph(
      sourceClasses: members.map { $0.sorted { $0.name < $1.name } },
      destinationClasses: destinations, outcomes: outcomes,
      columns: kept.count == sources.count
        ? columns : columns.map { column in kept.map { column[$0] } })
  }

  private struct SourceClass {
    var peer: PeerProfile
    var members: [AccessGraph.Source]
  }

  /// What a policy can tell about a source workload.
  private struct SourceKey: Hashable {
    var principal: String?
    var layer: PolicyLayer
    var namespace: String
    /// Only where NetworkPolicy looks at pods.
    var labels: [String: String]
    var usesHostNetwork: Bool
    /// What Linkerd's grants can tell about it: ports that it calls past its proxy, and its addresses.
    var linkerd: String
    /// Set where the source may have an identity of its own after all.
    var workload: WorkloadID?
    /// Of a workload outside the cluster: what network policies know it by.
    var outsideAddress: IPAddress?
  }

  private func sourceClasses() -> [SourceClass] {
    var classes: [SourceClass] = []
    var indices: [SourceKey: Int] = [:]
    let clients = LinkerdClients(linkerd)
    for fact in workloads {
      let id = fact.workload.id
      let key = SourceKey(
        principal: fact.principal, layer: fact.layer,
        namespace: fact.principal == nil || !network.isEmpty ? id.namespace : "",
        labels: network.isEmpty ? [:] : fact.workload.podLabels,
        usesHostNetwork: network.isEmpty ? false : fact.workload.template.usesHostNetwork,
        linkerd: clients.traits(of: id), workload: fact.lacksNamespace ? id : nil,
        outsideAddress: network.isEmpty ? nil : place(of: id)?.outsideAddress)
      let member = AccessGraph.Source(kind: .workload, principal: fact.principal, workload: id)
      if let index = indices[key] {
        classes[index].members.append(member)
      } else {
        indices[key] = classes.count
        classes.append(
          SourceClass(
            peer: PeerProfile(principal: fact.principal, workload: id), members: [member]))
      }
    }
    classes.append(
      SourceClass(peer: PeerProfile(principal: nil), members: [.init(kind: .unauthenticated)]))
    classes.append(
      SourceClass(
        peer: PeerProfile(principal: nil, ip: AccessModel.outsideAddress),
        members: [.init(kind: .outside)]))
    classes.append(
      SourceClass(
        peer: PeerProfile(principal: AccessModel.foreignPrincipal),
        members: [
          .init(kind: .foreignTrustDomain, principal: AccessModel.foreignPrincipal)
        ]))
    return classes
  }

  /// Stands for every address outside the cluster (RFC 5737, TEST-NET-3: in nobody's range).
  static let outsideAddress = IPAddress(family: .v4, high: 0, low: 0xCB00_7101)

  /// Stands for every identity of a trust domain that nobody here declares (RFC 6761, `.invalid`).
  static let foreignPrincipal = "spiffe://foreign.invalid/ns/foreign/sa/foreign"

  private struct DestinationKey: Hashable {
    var layer: PolicyLayer
    var dataplane: Dataplane
    var policies: [Int]
    var port: Int
    var protocolName: String?
    var mtlsMode: MTLSMode
    var mtlsDecidedBy: String
    /// Only where NetworkPolicy looks at pods: egress rules of the sources select destinations, and
    /// rules may name ports.
    var pod: DestinationPod?
    /// Set where a destination cannot share its class.
    var workload: WorkloadID?
  }

  private struct DestinationPod: Hashable {
    var namespace: String
    var labels: [String: String]
    var usesHostNetwork: Bool
    var portName: String?
  }

  private func destinationClasses(_ attached: [WorkloadID: [Int]]) -> [[AccessGraph.Destination]] {
    var classes: [[AccessGraph.Destination]] = []
    var indices: [DestinationKey: Int] = [:]
    for port in portFacts() {
      guard let fact = fact(of: port.workload) else { continue }
      // Gateways and waypoints are attached to by reference, Linkerd's answers depend on annotations of
      // the pod: these are decided one by one, and so is what may have a proxy or not.
      let isOwnClass =
        fact.dataplane == .gateway || fact.dataplane == .waypoint || fact.layer == .linkerd
        || fact.lacksNamespace
      let key = DestinationKey(
        layer: fact.layer, dataplane: fact.dataplane, policies: attached[port.workload] ?? [],
        port: port.port, protocolName: port.protocolName, mtlsMode: port.mtlsMode,
        mtlsDecidedBy: fact.layer == .none ? "" : port.mtlsDecidedBy,
        pod: network.isEmpty
          ? nil
          : DestinationPod(
            namespace: port.workload.namespace, labels: fact.workload.podLabels,
            usesHostNetwork: fact.workload.template.usesHostNetwork, portName: port.name),
        workload: isOwnClass ? port.workload : nil)
      let member = AccessGraph.Destination(workload: port.workload, port: port.port)
      if let index = indices[key] {
        classes[index].append(member)
      } else {
        indices[key] = classes.count
        classes.append([member])
      }
    }
    return classes
  }
}
