package import MeshModel

/// Istio's rule book for one inventory, prepared for many questions.
///
/// Preparing costs time linear in resources and attachments; it holds no cache that a call changes,
/// so that one value can be asked from several threads.
package struct IstioMesh: Sendable {
  package let version: IstioVersion
  /// What had to be assumed, as notes.
  package let assumptions: [Diagnostic]
  package let config: IstioMeshConfig
  /// Checks of istiod and whether they are on; empty where no manifest shows istiod.
  package var istiodChecks: [IstiodCheck] { controlPlane.checks }

  let controlPlane: ControlPlane
  let recognition: DataplaneRecognition
  let peerAuthentications: PeerAuthenticationIndex
  let services: ServiceIndex
  /// The written policies in the order of the inputs, then those that istiod adds.
  let policies: [IstioAuthorizationPolicy]
  let writtenPolicyCount: Int
  let attachment: PolicyAttachment
  let providers: ExtensionProviders
  let extensions: ProxyExtensions
  let http: CompiledPolicies
  let tcp: CompiledPolicies
  let ztunnel: CompiledPolicies
  let workloads: [Workload]
  let waypoints: WaypointDirectory
  let destinationRules: DestinationRuleIndex
  let sidecars: SidecarIndex
  let trustDomains: TrustDomainCheck
  let gatewayServers: GatewayServers
  let istio: IstioResources
  private(set) var endpoints: [PreparedEndpoint] = []
  private(set) var endpointsByWorkload: [WorkloadID: Int32] = [:]
  private(set) var chains: [RuleChain] = [RuleChain()]

  package init(inventory: MeshInventory, options: IstioOptions = IstioOptions()) {
    let config = inventory.istio.meshConfig
    let controlPlane = ControlPlane(inventory, options: options, config: config)
    self.config = config
    self.controlPlane = controlPlane
    version = controlPlane.version
    assumptions = controlPlane.assumptions
    istio = inventory.istio
    workloads = inventory.workloads
    let written = inventory.istio.authorizationPolicies
    waypoints = WaypointDirectory(inventory, controlPlane: controlPlane)
    writtenPolicyCount = written.count
    policies =
      written
      + Self.implicitPolicies(waypoints, controlPlane, trustDomain: config.trustDomain)
    recognition = DataplaneRecognition(inventory)
    peerAuthentications = PeerAuthenticationIndex(
      inventory.istio.peerAuthentications, rootNamespace: config.rootNamespace)
    services = ServiceIndex(inventory.kubernetes.services)
    attachment = PolicyAttachment(
      written.map { ($0.namespace, $0.attachment) }, rootNamespace: config.rootNamespace,
      appliesSelectorsToGateways: controlPlane.appliesSelectorsToGateways)
    providers = ExtensionProviders(config, inventory: inventory)
    extensions = ProxyExtensions(inventory.istio, rootNamespace: config.rootNamespace)
    sidecars = SidecarIndex(inventory.istio.sidecars, rootNamespace: config.rootNamespace)
    trustDomains = TrustDomainCheck(config, controlPlane: controlPlane)
    gatewayServers = GatewayServers(inventory, version: controlPlane.version)
    destinationRules = DestinationRuleIndex(inventory.istio.destinationRules, config: config)
    (http, tcp, ztunnel) = Self.compile(policies, istio: inventory.istio, config, version)
    prepareEndpoints()
  }

  private static func compile(
    _ policies: [IstioAuthorizationPolicy], istio: IstioResources, _ config: IstioMeshConfig,
    _ version: IstioVersion
  ) -> (CompiledPolicies, CompiledPolicies, CompiledPolicies) {
    let identities = IdentityCompiler(
      bundle: TrustDomainBundle(domains: [config.trustDomain] + config.trustDomainAliases),
      version: version)
    let claims = Set(
      istio.requestAuthentications.flatMap { $0.rules.flatMap(\.spaceDelimitedClaims) })
    func envoy(isHTTP: Bool) -> CompiledPolicies {
      var compiler = EnvoyCompiler(
        identities: identities, spaceDelimitedClaims: claims, isHTTP: isHTTP, origins: [])
      var compiled = CompiledPolicies()
      for (index, policy) in policies.enumerated() {
        compiled.append(compiler.compile(policy, index: Int32(index)))
      }
      compiled.origins = compiler.origins
      return compiled
    }
    var compiler = ZtunnelCompiler(origins: [])
    var ztunnel = CompiledPolicies()
    for (index, policy) in policies.enumerated() {
      ztunnel.append(compiler.compile(policy, index: Int32(index)))
    }
    ztunnel.origins = compiler.origins
    return (envoy(isHTTP: true), envoy(isHTTP: false), ztunnel)
  }

  private mutating func prepareEndpoints() {
    var interned: [ChainKey: Int32] = [:]
    endpoints.reserveCapacity(workloads.count)
    endpointsByWorkload.reserveCapacity(workloads.count)
    for workload in workloads where endpointsByWorkload[workload.id] == nil {
      var endpoint = endpoint(of: workload, dataplane: recognition.dataplane(of: workload))
      attachChains(to: &endpoint, interned: &interned)
      endpointsByWorkload[workload.id] = Int32(endpoints.count)
      endpoints.append(PreparedEndpoint(endpoint))
    }
  }

  private struct ChainKey: Hashable {
    var profile: Profile
    var attached: [Int32]
  }

  private mutating func attachChains(
    to endpoint: inout Endpoint, interned: inout [ChainKey: Int32]
  ) {
    func chain(_ profile: Profile, _ attached: [Int32], _ mesh: inout IstioMesh) -> Int32 {
      if attached.isEmpty { return 0 }
      let key = ChainKey(profile: profile, attached: attached)
      if let known = interned[key] { return known }
      mesh.chains.append(mesh.chain(profile, attached))
      interned[key] = Int32(mesh.chains.count - 1)
      return Int32(mesh.chains.count - 1)
    }
    switch endpoint.dataplane.dataplane {
    case .none, .linkerd: break
    case .ambient:
      endpoint.tcpChain = chain(.ztunnel, endpoint.attached, &self)
      endpoint.httpChain = endpoint.tcpChain
    case .sidecar, .gateway, .waypoint:
      endpoint.httpChain = chain(.http, endpoint.attached, &self)
      endpoint.tcpChain = chain(.tcp, endpoint.attached, &self)
    }
    for index in endpoint.paths.indices {
      guard var waypoint = endpoint.paths[index].waypoint else { continue }
      waypoint.httpChain = chain(.http, waypoint.attached, &self)
      waypoint.tcpChain = chain(.tcp, waypoint.attached, &self)
      waypoint.terminationChain = chain(.tcp, waypoint.attachedToTermination, &self)
      endpoint.paths[index].waypoint = waypoint
    }
  }

  /// Which proxy evaluates rules, and so how they read.
  enum Profile: Hashable, Sendable {
    case http
    case tcp
    case ztunnel
  }

  func compiled(_ profile: Profile) -> CompiledPolicies {
    switch profile {
    case .http: http
    case .tcp: tcp
    case .ztunnel: ztunnel
    }
  }

  func chain(_ profile: Profile, _ attached: [Int32]) -> RuleChain {
    RuleChain(
      attached: attached, policies: policies, compiled: compiled(profile),
      allowsSeveralProviders: controlPlane.allowsSeveralProviders)
  }

  /// Which part of Istio enforces policy at a workload.
  package func dataplane(of workload: Workload) -> IstioDataplane {
    if let index = endpointsByWorkload[workload.id] { return endpoints[Int(index)].value.dataplane }
    return recognition.dataplane(of: workload)
  }

  /// The SPIFFE URI that a workload's certificate carries, whether or not it has a proxy.
  package func principal(of workload: Workload) -> String {
    SPIFFEID.istio(
      trustDomain: config.trustDomain, namespace: workload.id.namespace,
      serviceAccount: workload.serviceAccount
    ).description
  }

  /// The endpoint of a workload under a dataplane, without its chains.
  func endpoint(of workload: Workload, dataplane: IstioDataplane) -> Endpoint {
    let selecting = services.selecting(
      namespace: workload.id.namespace, labels: workload.podLabels)
    var endpoint = endpoint(
      namespace: workload.id.namespace, labels: workload.podLabels, dataplane: dataplane)
    endpoint.workload = workload.id
    endpoint.protocols = ServiceIndex.protocols(of: selecting, on: workload.template)
    if dataplane.dataplane == .gateway {
      for (number, port) in gatewayServers.ports(of: workload, services: selecting) {
        endpoint.protocols[number] = port.protocolName
        endpoint.gatewayPorts[number] = port
      }
    }
    if dataplane.dataplane != .none, dataplane.dataplane != .linkerd {
      endpoint.principal = principal(of: workload)
    }
    if dataplane.dataplane == .ambient {
      endpoint.paths = ambientPaths(to: workload, services: selecting)
      endpoint.attached += implicitlyAttached(endpoint.paths)
    }
    return endpoint
  }

  /// An endpoint for a pod that no manifest describes, without its chains.
  func endpoint(namespace: String, labels: [String: String], dataplane: IstioDataplane)
    -> Endpoint
  {
    var endpoint = Endpoint(
      namespace: namespace, labels: labels, dataplane: dataplane,
      mtls: peerAuthentications.sidecar(namespace: namespace, labels: labels))
    let gateway = labels[DataplaneRecognition.gatewayNameLabel]
    switch dataplane.dataplane {
    case .none, .linkerd: break
    case .sidecar: endpoint.attached = attachment.sidecar(namespace: namespace, labels: labels)
    case .ambient:
      endpoint.attached = attachment.ztunnel(namespace: namespace, labels: labels).filter {
        ZtunnelCompiler.reasonForIgnoring(
          policies[Int($0)], sendsDryRun: controlPlane.sendsAmbientDryRun) == nil
      }
      endpoint.ambient = peerAuthentications.ambient(namespace: namespace, labels: labels)
    case .gateway:
      endpoint.attached =
        gateway.map { attachment.gateway(namespace: namespace, labels: labels, name: $0) }
        ?? attachment.sidecar(namespace: namespace, labels: labels)
    case .waypoint:
      endpoint.attached =
        gateway.map { attachment.waypoint(namespace: namespace, name: $0) } ?? []
    }
    endpoint.unprovenReason = extensions.reason(
      namespace: namespace, labels: labels, dataplane: dataplane.dataplane)
    return endpoint
  }
}
