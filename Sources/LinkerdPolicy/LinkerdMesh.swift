package import MeshModel

/// Decides inbound access as Linkerd's policy controller and proxies do.
///
/// Built once from the inventory, at a cost linear in its resources (a Server is tried only on pods
/// that share its first label); a question touches the policy of one port.
package struct LinkerdMesh: Sendable {
  let settings: LinkerdSettings
  let grants: LinkerdGrantBook
  let routes: LinkerdRouteBook
  let pods: [WorkloadID: LinkerdPod]
  /// The same pods with the policies of their ports.
  let preparedPods: [WorkloadID: PreparedLinkerdPod]
  private let placedServers: PlacedServers
  private let defaultServers: DefaultServers
  /// Policies of Servers, in the order of the inventory.
  let servers: [InboundServer]
  /// Servers by the pods and ports that they select, as indices in the order in which they apply.
  let serversByPort: [WorkloadID: [Int: [Int]]]
  let resources: LinkerdResources
  let allRoutes: [GatewayAPIRoute]
  let inventoryWorkloads: [Workload]
  let namespaces: [String: Namespace]

  package init(inventory: MeshInventory, options: LinkerdOptions = LinkerdOptions()) {
    let settings = LinkerdSettings(inventory: inventory, options: options)
    self.settings = settings
    var inventory = inventory
    if options.takesDocumentOrderAsAge {
      inventory.linkerd.servers = DocumentAge.dated(inventory.linkerd.servers, \.metadata)
      inventory.gateway.routes = DocumentAge.dated(inventory.gateway.routes, \.metadata)
      inventory.linkerd.egressNetworks = DocumentAge.dated(
        inventory.linkerd.egressNetworks, \.metadata)
    }
    resources = inventory.linkerd
    allRoutes = inventory.gateway.routes
    inventoryWorkloads = inventory.workloads
    var namespaces: [String: Namespace] = [:]
    for namespace in inventory.kubernetes.namespaces { namespaces[namespace.name] = namespace }
    self.namespaces = namespaces
    let grants = LinkerdGrantBook(inventory.linkerd, settings: settings)
    let routes = LinkerdRouteBook(
      routes: allRoutes, servers: inventory.linkerd.servers, grants: grants,
      knowsGRPC: settings.version >= .inboundGRPCRoute)
    self.grants = grants
    self.routes = routes
    var pods: [WorkloadID: LinkerdPod] = [:]
    for workload in inventory.linkerd.externalWorkloads {
      let pod = LinkerdPod(workload, settings: settings)
      pods[pod.id] = pod
    }
    let services = LinkerdServiceBook(
      inventory.kubernetes.services, namespaces: namespaces, settings: settings)
    for workload in inventory.workloads {
      var pod = LinkerdPod(
        workload, namespace: namespaces[workload.id.namespace], settings: settings)
      if pod.membership.isMeshed { pod.opaqueServices = services.opaquePorts(of: workload) }
      pods[workload.id] = pod
    }
    self.pods = pods
    servers = inventory.linkerd.servers.map {
      InboundServer($0, grants: grants, routes: routes, settings: settings)
    }
    let serversByPort = LinkerdServerIndex(inventory.linkerd.servers).placed(on: pods)
    let placed = PlacedServers(servers, settings: settings)
    let defaults = DefaultServers(settings)
    preparedPods = pods.mapValues { pod in
      PreparedLinkerdPod(
        pod, servers: serversByPort[pod.id] ?? [:], book: placed, defaults: defaults)
    }
    self.serversByPort = serversByPort
    placedServers = placed
    defaultServers = defaults
  }

  /// What had to be assumed because no input says it, one sentence each.
  package var assumptions: [String] { settings.assumptions }

  /// Whether the inventory shows any trace of Linkerd at all.
  package var isPresent: Bool {
    settings.configuration != nil || !resources.servers.isEmpty
      || !resources.authorizationPolicies.isEmpty || pods.values.contains { $0.membership.isMeshed }
  }

  /// Whether a workload's pods carry the proxy, and why; nil for one that no manifest describes.
  package func membership(of workload: WorkloadID) -> LinkerdMembership? {
    pods[workload]?.membership
  }

  /// Why a workload that Linkerd's annotation speaks of has no proxy; nil where it has one, and where
  /// nothing speaks of it.
  package func reasonForNoProxy(of workload: Workload) -> String? {
    let key = LinkerdInjection.annotation
    guard let membership = pods[workload.id]?.membership, !membership.isMeshed,
      workload.template.annotations[key] != nil
        || namespaces[workload.id.namespace]?.metadata.annotations[key] != nil
    else { return nil }
    return membership.reason
  }

  package func isMeshed(_ workload: WorkloadID) -> Bool {
    pods[workload]?.membership.isMeshed ?? false
  }

  /// `linkerd` for a meshed workload, else `none`; nil for one that no manifest describes.
  package func dataplane(of workload: WorkloadID) -> Dataplane? {
    pods[workload].map { $0.membership.isMeshed ? Dataplane.linkerd : Dataplane.none }
  }

  /// The identity that the proxies of a workload show to others, whether or not it is meshed.
  package func principal(of workload: Workload) -> String {
    settings.identity(
      serviceAccount: workload.serviceAccount, namespace: workload.id.namespace)
  }

  /// The decision about one request at the destination's proxy.
  ///
  /// A destination without proxy and a port that skips it enforce nothing: `allow` by no layer. An
  /// address outside the cluster is decided at the source's proxy (EgressNetwork).
  package func decision(for request: AccessRequest, isTraced: Bool = false) -> DecisionRecord {
    guard let workload = request.destination.workload else {
      var trace = LinkerdTrace(isOn: isTraced)
      return undescribed(request, trace: &trace)
    }
    guard let prepared = preparedPods[workload] else {
      var trace = LinkerdTrace(isOn: isTraced)
      if request.destination.dataplane == Dataplane.none {
        return unenforced("it has no proxy", &trace)
      }
      trace.add(.decided, "not known: no manifest describes \(workload)")
      return DecisionRecord(
        .unknown, reason: "no manifest describes \(workload)", layer: .linkerd, trace: trace.steps)
    }
    return decision(for: request, at: prepared, isTraced: isTraced)
  }

  /// A workload ready to be asked about, for callers that ask often.
  package func pod(of workload: WorkloadID) -> PreparedLinkerdPod? { preparedPods[workload] }

  /// The decision about one request at a workload that is known already.
  package func decision(
    for request: AccessRequest, at prepared: PreparedLinkerdPod, isTraced: Bool
  ) -> DecisionRecord {
    var trace = LinkerdTrace(isOn: isTraced)
    let isMeshed =
      request.destination.dataplane.map { $0 == .linkerd } ?? prepared.isMeshed
    guard isMeshed else { return unenforced(prepared.pod.membership.reason, &trace) }
    trace.add(.info, "\(prepared.pod.id) is meshed: \(prepared.pod.membership.reason)")
    return decided(request, at: prepared, trace: &trace)
  }

  /// Candidates for the policy of a port: one, or several when the creation times that would decide
  /// between Servers are missing.
  func inbound(_ pod: LinkerdPod, port: Int) -> [InboundServer] {
    preparedPods[pod.id]?.policies(at: port) ?? defaultServers.shared(at: port, of: pod)
  }

  /// The decision of a meshed pod's proxy.
  private func decided(
    _ request: AccessRequest, at prepared: PreparedLinkerdPod, trace: inout LinkerdTrace
  ) -> DecisionRecord {
    guard let port = request.destination.port else {
      return DecisionRecord(
        .unknown, reason: "the request names no port", layer: .linkerd, trace: trace.steps)
    }
    if prepared.skipsInbound(port) {
      return unenforced("port \(port) is among its skip-inbound-ports", &trace)
    }
    if trace.isOn { traceServers(at: port, of: prepared.pod, trace: &trace) }
    let peer = self.peer(request.source, port: port)
    let http = self.http(of: request)
    if http != nil, request.source.principal == nil, let caller = request.source.workload {
      switch isSentAsTCP(preparedPods[caller], to: prepared, port: port, host: http?.host) {
      case .no: break
      case .yes:
        trace.add(.info, "the client takes port \(port) for opaque: the proxy sees TCP")
        return decided(peer, nil, at: prepared, port: port, trace: &trace)
      case .unknown(let reason):
        return decided(peer, http, at: prepared, port: port, unlessOpaque: reason, trace: &trace)
      }
    }
    return decided(peer, http, at: prepared, port: port, trace: &trace)
  }

  /// The decision about a request that clients send as HTTP or as TCP; not known where it matters.
  private func decided(
    _ peer: LinkerdPeer, _ http: AccessRequest.HTTP?, at prepared: PreparedLinkerdPod, port: Int,
    unlessOpaque reason: String, trace: inout LinkerdTrace
  ) -> DecisionRecord {
    trace.add(.info, reason)
    let asTCP = decided(peer, nil, at: prepared, port: port, trace: &trace)
    var record = decided(peer, http, at: prepared, port: port, trace: &trace)
    guard asTCP.decision != record.decision else { return record }
    trace.add(.decided, "not known: whether the client sends HTTP")
    record = DecisionRecord(.unknown, reason: reason, layer: .linkerd, trace: trace.steps)
    return record
  }

  private func decided(
    _ peer: LinkerdPeer, _ http: AccessRequest.HTTP?, at prepared: PreparedLinkerdPod, port: Int,
    trace: inout LinkerdTrace
  ) -> DecisionRecord {
    let candidates = prepared.policies(at: port)
    let outcome = outcome(of: candidates[0], for: peer, http: http, trace: &trace)
    for index in candidates.indices.dropFirst() {
      let other = self.outcome(of: candidates[index], for: peer, http: http, trace: &trace)
      if other.decision != outcome.decision {
        trace.add(.decided, "not known: which of the Servers is older")
        return DecisionRecord(
          .unknown, reason: severalServers(at: port), layer: .linkerd, trace: trace.steps)
      }
    }
    return DecisionRecord(
      outcome.decision, decidedBy: outcome.decidedBy, grantedBy: outcome.grantedBy,
      reason: outcome.reason, layer: .linkerd,
      trace: trace.steps)
  }

  /// Why the Server of a port is not known.
  func severalServers(at port: Int) -> String {
    "several Servers select port \(port) and "
      + (settings.version >= .orderedServers
        ? "the oldest one wins, but creation times are missing"
        : "before edge-25.2.2 the controller takes any of them")
  }

  private func outcome(
    of candidate: InboundServer, for peer: LinkerdPeer, http: AccessRequest.HTTP?,
    trace: inout LinkerdTrace
  ) -> InboundOutcome {
    trace.add(
      .info, "the policy of the port is \(candidate.id)", candidate.server?.reference,
      candidate.location)
    return candidate.outcome(
      for: peer, http: http, clusterNetworks: settings.clusterNetworks, trace: &trace)
  }

  private func traceServers(at port: Int, of pod: LinkerdPod, trace: inout LinkerdTrace) {
    let indices = serversByPort[pod.id]?[port] ?? []
    if indices.isEmpty {
      trace.add(
        .info,
        "no Server selects port \(port): \(pod.defaultPolicy.rawValue) by \(pod.defaultPolicySource)"
      )
    }
    for index in indices {
      guard let server = servers[index].server else { continue }
      trace.add(
        .attached, "\(server.reference.text) selects port \(port)", server.reference,
        server.location)
    }
  }

  private func unenforced(_ reason: String, _ trace: inout LinkerdTrace) -> DecisionRecord {
    trace.add(.decided, "nothing enforces at the destination: \(reason)")
    return DecisionRecord(.allow, layer: .none, trace: trace.steps)
  }

  /// A destination that is no workload: an address outside, or a pod that no manifest describes.
  private func undescribed(_ request: AccessRequest, trace: inout LinkerdTrace) -> DecisionRecord {
    if request.destination.namespace == nil, request.destination.ip != nil {
      return egressDecision(for: request, trace: &trace)
    }
    guard let namespace = request.destination.namespace, request.destination.dataplane == .linkerd
    else { return unenforced("it is not taken as a pod of Linkerd", &trace) }
    // A pod that only the request describes: its labels, no ports, no annotations of its own.
    let template = PodTemplate(
      labels: request.destination.labels ?? [:], annotations: ["linkerd.io/inject": "enabled"],
      location: SourceLocation(path: ""))
    let pod = LinkerdPod(
      Workload(
        id: WorkloadID(namespace: namespace, name: ""), kind: "Pod", template: template,
        location: template.location), namespace: namespaces[namespace], settings: settings)
    let servers = LinkerdServerIndex(resources.servers).placed(on: [pod.id: pod])[pod.id] ?? [:]
    return decided(
      request,
      at: PreparedLinkerdPod(pod, servers: servers, book: placedServers, defaults: defaultServers),
      trace: &trace)
  }

  /// The HTTP part of a request; nil for a connection that is spoken as TCP.
  private func http(of request: AccessRequest) -> AccessRequest.HTTP? {
    request.destination.applicationProtocol == .tcp ? nil : request.http ?? AccessRequest.HTTP()
  }

  /// The source as the destination's proxy sees it: an identity only when both proxies take part.
  func peer(_ source: AccessRequest.Source, port: Int) -> LinkerdPeer {
    if let principal = source.principal, let address = source.ip {
      return LinkerdPeer(
        identity: principal, address: .one(address), identities: grants.identities)
    }
    let pod = source.workload.flatMap { preparedPods[$0] }
    var identity = source.principal
    if identity == nil, let pod, pod.isMeshed, carriesIdentity(pod, port: port) {
      identity = pod.identity
    }
    return LinkerdPeer(
      identity: identity, address: address(source, pod), identities: grants.identities)
  }

  private func address(_ source: AccessRequest.Source, _ pod: PreparedLinkerdPod?)
    -> LinkerdPeer.Address
  {
    if let known = source.ip { return .one(known) }
    guard let pod else { return source.workload == nil ? .absent : .clusterPod }
    if !pod.addresses.isEmpty { return .known(pod.addresses) }
    return pod.isExternal ? .absent : .clusterPod
  }

  /// Whether a meshed source's connection to a port goes through its proxy.
  ///
  /// The annotation names ports as the client dials them; without knowing the service, the
  /// container port stands in.
  private func carriesIdentity(_ source: PreparedLinkerdPod, port: Int) -> Bool {
    source.isExternal || !source.skippedOutboundPorts.contains(port)
  }
}
