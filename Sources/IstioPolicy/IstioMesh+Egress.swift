package import MeshModel

extension IstioMesh {
  /// What each workload's proxy does with unknown destinations, sorted by workload (Istio
  /// pilot/pkg/model/sidecar.go, push_context.go `getSidecarScope`).
  package func egressFacts() -> [WorkloadEgressFact] {
    var seen: Set<WorkloadID> = []
    return workloads.filter { seen.insert($0.id).inserted }.map(egressFact)
      .sorted { $0.workload < $1.workload }
  }

  /// What one workload's proxy does with unknown destinations.
  package func egressFact(of workload: Workload) -> WorkloadEgressFact {
    let dataplane = dataplane(of: workload)
    var fact = WorkloadEgressFact(
      workload: workload.id, mode: nil, decidedBy: dataplane.reason, visibleHosts: ["*/*"],
      location: workload.location)
    switch dataplane.dataplane {
    case .none, .linkerd: return fact
    case .ambient:
      fact.decidedBy = "ztunnel knows no outbound policy"
      return fact
    case .sidecar, .gateway, .waypoint: break
    }
    fact.mode = config.outboundMode
    fact.decidedBy =
      config.writtenFields["outboundTrafficPolicy"] == nil
      ? "mesh default" : "MeshConfig outboundTrafficPolicy"
    if let place = config.writtenFields["outboundTrafficPolicy"] { fact.location = place }
    guard dataplane.dataplane == .sidecar,
      let sidecar = sidecars.sidecar(
        namespace: workload.id.namespace, labels: workload.podLabels)
    else { return fact }
    if !sidecar.egress.isEmpty {
      fact.visibleHosts = sidecar.egress.flatMap { $0.hosts.map(\.value) }
    }
    if let mode = sidecar.outboundMode {
      fact.mode = mode.value
      fact.decidedBy = sidecar.reference.text
      fact.location = mode.location
    }
    return fact
  }

  /// Where tokens are checked and whether they are required, in the order of policies and workloads
  /// (Istio pilot/pkg/security/authn/policy_applier.go).
  package func requestAuthenticationFacts() -> [RequestAuthenticationFact] {
    let policies = istio.requestAuthentications
    let attachment = PolicyAttachment(
      policies.map { ($0.namespace, $0.attachment) }, rootNamespace: config.rootNamespace,
      appliesSelectorsToGateways: controlPlane.appliesSelectorsToGateways)
    var facts: [(Int, RequestAuthenticationFact)] = []
    for endpoint in endpoints.map(\.value) {
      guard let workload = endpoint.workload else { continue }
      let attached: [Int32]
      switch endpoint.dataplane.dataplane {
      case .none, .linkerd: continue
      case .gateway:
        attached =
          endpoint.labels[DataplaneRecognition.gatewayNameLabel].map {
            attachment.gateway(
              namespace: endpoint.namespace, labels: endpoint.labels, name: $0)
          } ?? attachment.sidecar(namespace: endpoint.namespace, labels: endpoint.labels)
      case .waypoint:
        attached =
          endpoint.labels[DataplaneRecognition.gatewayNameLabel].map {
            attachment.waypoint(namespace: endpoint.namespace, name: $0)
          } ?? []
      case .sidecar, .ambient:
        attached = attachment.sidecar(namespace: endpoint.namespace, labels: endpoint.labels)
      }
      for index in attached {
        let policy = policies[Int(index)]
        facts.append(
          (
            Int(index),
            RequestAuthenticationFact(
              policy: policy.reference, workload: workload,
              issuers: policy.rules.map(\.issuer.value).sorted(),
              isTokenRequired: isTokenRequired(endpoint),
              isEnforced: endpoint.dataplane.dataplane != .ambient, location: policy.location)
          ))
      }
    }
    return facts.sorted { ($0.0, $0.1.workload) < ($1.0, $1.1.workload) }.map(\.1)
  }

  private func isTokenRequired(_ endpoint: Endpoint) -> Bool {
    let attached = endpoint.attached.map { policies[Int($0)] }.filter { !$0.isDryRun }
    let isDenied = attached.contains { policy in
      policy.action == .deny && policy.rules.contains(where: Self.refusesMissingTokens)
    }
    if isDenied { return true }
    let allowed = attached.filter { $0.action == .allow }
    return !allowed.isEmpty && allowed.allSatisfy { $0.rules.allSatisfy(Self.asksForToken) }
  }

  /// `from: [{source: {notRequestPrincipals: ["*"]}}]` and nothing else.
  private static func refusesMissingTokens(_ rule: IstioAuthorizationPolicy.Rule) -> Bool {
    rule.operations.isEmpty && rule.conditions.isEmpty
      && rule.sources.contains { source in
        source.terms.count == 1 && source.terms[0].field == .requestPrincipals
          && source.terms[0].values.isEmpty
          && source.terms[0].notValues.contains { $0.value == "*" }
      }
  }

  private static func asksForToken(_ rule: IstioAuthorizationPolicy.Rule) -> Bool {
    let inSources =
      !rule.sources.isEmpty
      && rule.sources.allSatisfy { source in
        source.terms.contains { $0.field == .requestPrincipals && !$0.values.isEmpty }
      }
    return inSources
      || rule.conditions.contains {
        $0.key.value.hasPrefix("request.auth.") && !$0.values.isEmpty
      }
  }
}

/// Sidecars by what they are for: with a selector first, then the namespace's, then the root's.
struct SidecarIndex: Sendable {
  private let sidecars: [IstioSidecar]
  private let rootNamespace: String
  private var selective = AttachmentIndex()
  private var wide: [String: Int] = [:]
  /// Sidecars of a whole namespace that only their names put in order.
  private(set) var wideTies: [(taken: IstioSidecar, left: IstioSidecar)] = []

  init(_ sidecars: [IstioSidecar], rootNamespace: String) {
    self.sidecars = sidecars.oldestFirst()
    self.rootNamespace = rootNamespace
    for (index, sidecar) in self.sidecars.enumerated() {
      if let selector = sidecar.workloadSelector, !selector.isEmpty {
        selective.insert(index, namespace: sidecar.namespace, selector: selector)
      } else if let first = wide[sidecar.namespace] {
        if Self.compete(self.sidecars[first], sidecar) {
          wideTies.append((self.sidecars[first], sidecar))
        }
      } else {
        wide[sidecar.namespace] = index
      }
    }
  }

  func sidecar(namespace: String, labels: [String: String]) -> IstioSidecar? {
    if let first = selective.entries(in: namespace, labels: labels).first {
      return sidecars[Int(first)]
    }
    return (wide[namespace] ?? wide[rootNamespace]).map { sidecars[$0] }
  }

  /// The two Sidecars for a workload that only their names put in order, nil when there are none.
  func tie(namespace: String, labels: [String: String])
    -> (taken: IstioSidecar, left: IstioSidecar)?
  {
    let own = selective.entries(in: namespace, labels: labels)
    guard own.count > 1 else { return nil }
    let (first, second) = (sidecars[Int(own[0])], sidecars[Int(own[1])])
    return Self.compete(first, second) ? (first, second) : nil
  }

  /// Of one age, and not of one opinion.
  private static func compete(_ first: IstioSidecar, _ second: IstioSidecar) -> Bool {
    first.metadata.creationTimestamp == second.metadata.creationTimestamp
      && (first.outboundMode?.value != second.outboundMode?.value
        || first.egress.map(\.port) != second.egress.map(\.port)
        || first.egress.map { $0.hosts.map(\.value) } != second.egress.map { $0.hosts.map(\.value) })
  }
}
