import AuditModel
import IstioPolicy
import LinkerdPolicy
import MeshModel

/// The meshes that the inputs show, and what their pods would be in namespaces that no manifest describes.
///
/// A namespace's labels and annotations ask for proxies (Istio docs › Sidecar injection; Linkerd docs ›
/// Automatic proxy injection). Where the Namespace is missing, both cases are decided.
struct PresentMeshes {
  let hasIstio: Bool
  let hasLinkerd: Bool
  private let hasAmbient: Bool

  init(_ inventory: MeshInventory, istio: IstioMesh, linkerd: LinkerdMesh) {
    let dataplanes = Set(inventory.workloads.map { istio.dataplane(of: $0).dataplane })
    hasAmbient = dataplanes.contains(.ambient) || dataplanes.contains(.waypoint)
    let resources = inventory.istio
    hasIstio =
      dataplanes != [.none] && !dataplanes.isEmpty || !resources.authorizationPolicies.isEmpty
      || !resources.peerAuthentications.isEmpty || !resources.requestAuthentications.isEmpty
      || !resources.meshConfigs.isEmpty
    hasLinkerd = linkerd.isPresent
  }

  static func reason(_ namespace: String) -> String {
    "the pod asks for no proxy, and Namespace \(namespace), which may, is not in the inputs"
  }

  /// The inventory with the Namespaces that `facts` lack, once for each proxy that they may ask for.
  func completed(_ inventory: MeshInventory, for facts: [WorkloadFact]) -> [MeshInventory] {
    var sites: [String: SourceLocation] = [:]
    for fact in facts where fact.lacksNamespace && sites[fact.workload.id.namespace] == nil {
      sites[fact.workload.id.namespace] = fact.workload.location
    }
    guard !sites.isEmpty else { return [] }
    func completed(labels: [String: String], annotations: [String: String] = [:]) -> MeshInventory {
      var inventory = inventory
      for (name, location) in sites.sorted(by: { $0.key < $1.key }) {
        inventory.kubernetes.namespaces.append(
          Namespace(
            metadata: ResourceMetadata(
              reference: ResourceReference(
                kind: ResourceKind(group: "", kind: "Namespace"), namespace: "", name: name),
              labels: labels, annotations: annotations, location: location)))
      }
      return inventory
    }
    var inventories: [MeshInventory] = []
    if hasIstio { inventories.append(completed(labels: ["istio-injection": "enabled"])) }
    if hasAmbient { inventories.append(completed(labels: ["istio.io/dataplane-mode": "ambient"])) }
    if hasLinkerd {
      inventories.append(completed(labels: [:], annotations: ["linkerd.io/inject": "enabled"]))
    }
    return inventories
  }
}

extension AccessModel {
  /// The decision that stands whatever the missing Namespaces say; `unknown` where they decide.
  func settled(
    _ record: DecisionRecord, for request: AccessRequest, from source: AccessPlace?,
    to destination: AccessPlace?
  ) -> DecisionRecord {
    guard let namespace = AccessModel.missingNamespace(destination, source) else { return record }
    for model in withNamespaces {
      var others = [model.decision(for: request)]
      if let source, source.lacksNamespace, request.source.principal == nil,
        source.workload.namespace != destination?.workload.namespace
      {
        others.append(model.decision(for: request, withoutProxyAt: source))
      }
      guard let other = others.first(where: { $0.decision != record.decision }) else { continue }
      let reason = AccessModel.undecided(
        namespace, record.decision.rawValue, other.decision.rawValue)
      return DecisionRecord(
        .unknown, reason: reason, layer: other.layer,
        trace: record.trace.isEmpty
          ? [] : record.trace + [TraceStep(.decided, "\(reason): unknown")])
    }
    return record
  }

  /// Namespaces differ: the caller's may ask for no proxy where that of the destination does.
  private func decision(for request: AccessRequest, withoutProxyAt source: AccessPlace)
    -> DecisionRecord
  {
    var request = request
    request.source.workload = nil
    return decision(
      for: request, from: source, to: request.destination.workload.flatMap { place(of: $0) },
      isTraced: false)
  }

  /// The reach that stands whatever the missing Namespaces say; `unknown` where they decide.
  func settled(
    _ outcome: AccessGraph.Outcome, from peer: PeerProfile, to workload: WorkloadID, port: Int
  ) -> AccessGraph.Outcome {
    let source = peer.workload.flatMap { place(of: $0) }
    guard let namespace = AccessModel.missingNamespace(place(of: workload), source) else {
      return outcome
    }
    for model in withNamespaces {
      var peers = [peer]
      if let source, source.lacksNamespace, peer.principal == nil {
        var meshed = peer
        meshed.principal = model.place(of: source.workload)?.principal
        peers = source.workload.namespace == workload.namespace ? [meshed] : [meshed, peer]
      }
      let others = peers.map { model.layeredReach(from: $0, to: workload, port: port).reach }
      guard
        let other = others.first(where: {
          $0.outcome != outcome.reach.outcome || $0.operations != outcome.reach.operations
        })
      else { continue }
      let reason = AccessModel.undecided(
        namespace, outcome.reach.outcome.rawValue, other.outcome.rawValue)
      return AccessGraph.Outcome(
        reach: Reach(.unknown, layer: other.layer, reason: reason), layers: outcome.layers)
    }
    return outcome
  }

  private static func missingNamespace(_ ends: AccessPlace?...) -> String? {
    ends.lazy.compactMap { $0 }.first { $0.lacksNamespace }?.workload.namespace
  }

  private static func undecided(_ namespace: String, _ without: String, _ with: String) -> String {
    let outcomes = without == with ? "for other operations with one" : "\(with) with one"
    return
      "Namespace \(namespace) is not in the inputs, and whether its pods have a proxy decides: "
      + "\(without) without one, \(outcomes)"
  }
}
