package import AuditModel
import KubernetesPolicy
import LinkerdPolicy
import MeshModel

extension AccessModel {
  /// Who may call what: every source against every port of every workload.
  ///
  /// Sources that policies cannot tell apart are decided once, and so are destinations that the same
  /// policies govern in the same way; rows and columns that come out equal are then merged. Cost: source
  /// classes times destination classes.
  package func accessGraph() -> AccessGraph {
    let columns = destinationClasses()
    let sources = sourceClasses()
    var rows: [(members: [AccessGraph.Source], reaches: [LayeredReach])] = []
    var rowByReaches: [[LayeredReach]: Int] = [:]
    for source in sources {
      let reaches = columns.map { column in
        layeredReach(from: source.peer, to: column[0].workload, port: column[0].port)
      }
      if let index = rowByReaches[reaches] {
        rows[index].members += source.members
      } else {
        rowByReaches[reaches] = rows.count
        rows.append((source.members, reaches))
      }
    }
    var edges: [AccessGraph.Edge] = []
    for (rowIndex, row) in rows.enumerated() {
      for (columnIndex, reach) in row.reaches.enumerated() {
        edges.append(
          .init(
            sourceClass: rowIndex, destinationClass: columnIndex, reach: reach.reach,
            layers: reach.layers))
      }
    }
    return AccessGraph(
      sourceClasses: rows.map { $0.members.sorted { $0.name < $1.name } },
      destinationClasses: columns, edges: edges)
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
    /// Ports that a Linkerd client calls past its proxy, so that its identity does not arrive.
    var skippedPorts: String
  }

  private func sourceClasses() -> [SourceClass] {
    var classes: [SourceClass] = []
    var indices: [SourceKey: Int] = [:]
    for fact in workloads {
      let id = fact.workload.id
      let key = SourceKey(
        principal: fact.principal, layer: fact.layer,
        namespace: fact.principal == nil || !network.isEmpty ? id.namespace : "",
        labels: network.isEmpty ? [:] : fact.workload.podLabels,
        usesHostNetwork: network.isEmpty ? false : fact.workload.template.usesHostNetwork,
        skippedPorts: fact.layer == .linkerd ? linkerd.skippedOutboundPorts(of: id) : "")
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

  private func destinationClasses() -> [[AccessGraph.Destination]] {
    var attached: [WorkloadID: [Int]] = [:]
    for (index, policy) in policyFacts().enumerated() {
      for workload in policy.attachedTo { attached[workload, default: []].append(index) }
    }
    var classes: [[AccessGraph.Destination]] = []
    var indices: [DestinationKey: Int] = [:]
    for port in portFacts() {
      guard let fact = fact(of: port.workload) else { continue }
      // Gateways and waypoints are attached to by reference, Linkerd's answers depend on annotations of
      // the pod: these are decided one by one.
      let isOwnClass =
        fact.dataplane == .gateway || fact.dataplane == .waypoint || fact.layer == .linkerd
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
