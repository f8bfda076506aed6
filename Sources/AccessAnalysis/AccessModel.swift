package import AuditModel
import IstioPolicy
import KubernetesPolicy
import LinkerdPolicy
package import MeshModel

/// How the meshes are to be read where the manifests do not say.
package struct AccessOptions: Sendable, Hashable {
  package var istioVersion: String?
  package var linkerdVersion: String?
  /// A Namespace that is not in the inputs asks for no proxy, in place of deciding both ways.
  package var takesAbsentNamespacesAsPlain: Bool

  package init(
    istioVersion: String? = nil, linkerdVersion: String? = nil,
    takesAbsentNamespacesAsPlain: Bool = false
  ) {
    self.takesAbsentNamespacesAsPlain = takesAbsentNamespacesAsPlain
    self.istioVersion = istioVersion
    self.linkerdVersion = linkerdVersion
  }
}

/// Who may call what over all layers: Istio and Linkerd side by side, NetworkPolicy beneath both.
///
/// A prepared model, built once for an inventory and read only.
package struct AccessModel: Sendable {
  package let inventory: MeshInventory
  /// Every workload with its dataplane and identity, those outside the cluster too, sorted by id.
  package let workloads: [WorkloadFact]
  let istio: IstioMesh
  let linkerd: LinkerdMesh
  let network: NetworkPolicyModel
  private let factsByID: [WorkloadID: Int]
  private let places: [WorkloadID: AccessPlace]
  private let identities: [String: AccessIdentity]
  /// The same inventory with the namespaces that it lacks, once for each proxy that they may ask for.
  let withNamespaces: [AccessModel]

  package init(inventory: MeshInventory, options: AccessOptions = AccessOptions()) {
    self.inventory = inventory
    let istio = IstioMesh(
      inventory: inventory,
      options: IstioOptions(version: options.istioVersion.flatMap { IstioVersion($0) }))
    let linkerd = LinkerdMesh(
      inventory: inventory, options: LinkerdOptions(version: options.linkerdVersion))
    self.istio = istio
    self.linkerd = linkerd
    let network = NetworkPolicyModel(inventory: inventory)
    self.network = network
    let meshes = PresentMeshes(inventory, istio: istio, linkerd: linkerd)
    let inside = inventory.workloads.map {
      AccessModel.fact(
        of: $0, istio: istio, linkerd: linkerd,
        meshes: options.takesAbsentNamespacesAsPlain ? nil : meshes)
    }
    let taken = Set(inventory.workloads.map(\.id))
    let outside = inventory.linkerd.externalWorkloads.map { WorkloadFact($0) }
      .filter { !taken.contains($0.workload.id) }
    let facts = (inside + outside).sorted {
      ($0.workload.id, $0.workload.kind) < ($1.workload.id, $1.workload.kind)
    }
    workloads = facts
    withNamespaces = meshes.completed(inventory, for: facts).map {
      AccessModel(inventory: $0, options: options)
    }
    factsByID = Dictionary(
      facts.enumerated().map { ($1.workload.id, $0) }, uniquingKeysWith: { first, _ in first })
    var places: [WorkloadID: AccessPlace] = [:]
    var carriers: [String: [AccessPlace]] = [:]
    let all = facts.map { fact in
      fact.workload.kind == "ExternalWorkload"
        ? AccessPlace(external: fact, linkerd: linkerd)
        : AccessPlace(
          workload: fact.workload.id, layer: fact.layer, dataplane: fact.dataplane,
          dataplaneReason: fact.dataplaneReason, principal: fact.principal,
          linkerd: linkerd.pod(of: fact.workload.id),
          network: network.subject(of: fact.workload.id), lacksNamespace: fact.lacksNamespace)
    }
    for place in all where places[place.workload] == nil {
      places[place.workload] = place
      if let principal = place.principal { carriers[principal, default: []].append(place) }
    }
    self.places = places
    identities = carriers.mapValues(AccessIdentity.init)
  }

  package func fact(of workload: WorkloadID) -> WorkloadFact? {
    factsByID[workload].map { workloads[$0] }
  }

  /// The workloads that carry an identity; several when they share it, none when nobody does.
  package func workloads(withPrincipal principal: String) -> [WorkloadID] {
    identities[principal]?.places.map(\.workload) ?? []
  }

  func place(of workload: WorkloadID) -> AccessPlace? { places[workload] }

  func identity(_ principal: String) -> AccessIdentity? { identities[principal] }

  /// What was assumed about the meshes because no input says it.
  ///
  /// Of a mesh that is not there nothing is assumed.
  package var assumptions: [Diagnostic] {
    (workloads.contains { $0.layer == .istio }
      ? istio.assumptions + istio.orderAssumptions() : [])
      + (linkerd.isPresent
        ? linkerd.assumptions.map {
          Diagnostic(code: "linkerd-assumption", severity: .note, message: $0)
        } : [])
  }

  package func policyFacts() -> [PolicyFact] {
    istio.policyFacts() + linkerd.policyFacts() + network.policyFacts()
  }

  /// Ports of all workloads; those outside a mesh have mTLS mode `none`.
  package func portFacts() -> [WorkloadPortFact] {
    var result: [WorkloadPortFact] = []
    let istioPorts = Dictionary(grouping: istio.workloadPortFacts(), by: \.workload)
    let linkerdPorts = Dictionary(grouping: linkerd.workloadPortFacts(), by: \.workload)
    for fact in workloads {
      let id = fact.workload.id
      switch fact.layer {
      case .istio: result += istioPorts[id] ?? []
      case .linkerd: result += linkerdPorts[id] ?? []
      case .networkPolicy, .none:
        result += fact.workload.ports.map { port in
          WorkloadPortFact(
            workload: id, port: port.number, name: port.name, mtlsMode: .none,
            mtlsDecidedBy: fact.dataplaneReason, location: port.location)
        }
      }
    }
    return result
  }

  /// What the proxies record, each workload by the mesh that it belongs to.
  package func telemetryFacts() -> [WorkloadTelemetryFact] {
    let meshed = Set(workloads.lazy.filter { $0.layer == .linkerd }.map(\.workload.id))
    return istio.telemetryFacts().filter { !meshed.contains($0.workload) }
      + linkerd.telemetryFacts().filter { meshed.contains($0.workload) }
  }

  private static func fact(
    of workload: Workload, istio: IstioMesh, linkerd: LinkerdMesh, meshes: PresentMeshes?
  ) -> WorkloadFact {
    let membership = linkerd.membership(of: workload.id)
    if let membership, membership.isMeshed {
      return WorkloadFact(
        workload: workload, dataplane: .linkerd, dataplaneReason: membership.reason,
        principal: linkerd.principal(of: workload), layer: .linkerd)
    }
    let answer = istio.dataplane(of: workload)
    let isMeshed = answer.dataplane != .none
    let lacksNamespace =
      !isMeshed
      && ((meshes?.hasIstio ?? false) && answer.lacksNamespace
        || (meshes?.hasLinkerd ?? false) && (membership?.lacksNamespace ?? false))
    if lacksNamespace {
      return WorkloadFact(
        workload: workload, dataplane: .none,
        dataplaneReason: PresentMeshes.reason(workload.id.namespace), principal: nil, layer: .none,
        lacksNamespace: true)
    }
    return WorkloadFact(
      workload: workload, dataplane: answer.dataplane,
      dataplaneReason: isMeshed
        ? answer.reason : linkerd.reasonForNoProxy(of: workload) ?? answer.reason,
      principal: isMeshed ? istio.principal(of: workload) : nil, layer: isMeshed ? .istio : .none)
  }
}
