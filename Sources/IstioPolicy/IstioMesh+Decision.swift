package import MeshModel

extension IstioMesh {
  /// Whether the mesh lets a request through, and what decides.
  ///
  /// The order is Envoy's: transport first (a peer without identity at a STRICT port), then CUSTOM,
  /// DENY and ALLOW (Istio pilot/pkg/security/authz/builder/builder.go). What the request leaves
  /// out is never guessed: where it matters the answer is `unknown`.
  ///
  /// - Parameter isTraced: fills `trace`; without it the trace costs nothing.
  package func decision(for request: AccessRequest, isTraced: Bool = false) -> DecisionRecord {
    var log: TraceLog? = isTraced ? TraceLog() : nil
    guard isTraced else { return decide(request, &log) }
    var record = decide(request, &log)
    record.trace = log?.steps ?? []
    return record
  }

  private func decide(_ request: AccessRequest, _ log: inout TraceLog?) -> DecisionRecord {
    let destination = request.destination
    if let workload = destination.workload {
      guard let index = endpointsByWorkload[workload] else {
        return DecisionRecord(
          .unknown, reason: "no manifest describes the workload \(workload)", layer: .none)
      }
      if let dataplane = destination.dataplane,
        dataplane != endpoints[Int(index)].value.dataplane.dataplane
      {
        let endpoint = overridden(endpoints[Int(index)].value, dataplane)
        return decide(request, endpoint.endpoint, endpoint.chains, &log)
      }
      return decide(request, endpoints[Int(index)], nil, &log)
    }
    guard let namespace = destination.namespace else {
      return DecisionRecord(
        .unknown, reason: "the destination is an address outside the mesh", layer: .none)
    }
    let endpoint = described(
      namespace: namespace, labels: destination.labels ?? [:], destination.dataplane)
    return decide(request, endpoint.endpoint, endpoint.chains, &log)
  }

  /// The rule chains of an endpoint that was not prepared.
  struct AdHocChains {
    var http: RuleChain
    var tcp: RuleChain
  }

  private func described(
    namespace: String, labels: [String: String], _ dataplane: Dataplane?
  ) -> (endpoint: PreparedEndpoint, chains: AdHocChains) {
    let reason =
      dataplane == nil
      ? "the request describes a pod, taken to be a sidecar" : "the request says so"
    var endpoint = endpoint(
      namespace: namespace, labels: labels,
      dataplane: IstioDataplane(dataplane ?? .sidecar, reason))
    endpoint.protocols = ServiceIndex.protocols(
      of: services.selecting(namespace: namespace, labels: labels), on: nil)
    return (PreparedEndpoint(endpoint), chains(for: endpoint))
  }

  private func overridden(_ endpoint: Endpoint, _ dataplane: Dataplane)
    -> (endpoint: PreparedEndpoint, chains: AdHocChains)
  {
    var result = self.endpoint(
      namespace: endpoint.namespace, labels: endpoint.labels,
      dataplane: IstioDataplane(dataplane, "the request says so"))
    result.workload = endpoint.workload
    result.protocols = endpoint.protocols
    return (PreparedEndpoint(result), chains(for: result))
  }

  func chains(for endpoint: Endpoint) -> AdHocChains {
    switch endpoint.dataplane.dataplane {
    case .none, .linkerd: return AdHocChains(http: RuleChain(), tcp: RuleChain())
    case .ambient:
      let chain = chain(.ztunnel, endpoint.attached)
      return AdHocChains(http: chain, tcp: chain)
    case .sidecar, .gateway, .waypoint:
      return AdHocChains(
        http: chain(.http, endpoint.attached), tcp: chain(.tcp, endpoint.attached))
    }
  }

  /// What a reader is told of a dataplane.
  private func words(for dataplane: Dataplane) -> String {
    switch dataplane {
    case .sidecar: "has a sidecar"
    case .ambient: "is in ambient mode, behind ztunnel"
    case .waypoint: "is a waypoint"
    case .gateway: "is a gateway"
    case .linkerd: "belongs to Linkerd"
    case .none: "has no proxy"
    }
  }

  private func decide(
    _ request: AccessRequest, _ endpoint: PreparedEndpoint, _ chains: AdHocChains?,
    _ log: inout TraceLog?
  ) -> DecisionRecord {
    log?.info(
      "\(name(of: endpoint.value)) \(words(for: endpoint.value.dataplane.dataplane)): "
        + endpoint.value.dataplane.reason)
    switch endpoint.value.dataplane.dataplane {
    case .none, .linkerd:
      log?.decided("nothing of Istio enforces policy there: allow")
      return DecisionRecord(.allow, layer: .none)
    case .ambient:
      let facts = facts(of: request)
      if facts.principal == nil || endpoint.value.paths.isEmpty {
        return ztunnelDecision(facts, endpoint, chains?.tcp, &log)
      }
      return ambientDecision(request, facts, endpoint, &log)
    case .sidecar, .gateway, .waypoint:
      return envoyDecision(request, endpoint, chains, &log)
    }
  }

  /// What the destination's proxy sees of a request.
  func facts(of request: AccessRequest) -> RequestFacts {
    var principal = request.source.principal
    if principal == nil, let workload = request.source.workload,
      let index = endpointsByWorkload[workload]
    {
      principal = endpoints[Int(index)].value.principal
    }
    return RequestFacts(
      principal: principal, sourceAddress: request.source.ip,
      remoteAddress: request.source.remoteIP, destinationAddress: request.destination.ip,
      port: request.destination.port, serverName: request.sni, http: request.http,
      path: request.http?.path.map { RequestPath.normalized($0, config.pathNormalization) },
      token: request.jwt)
  }

  private func envoyDecision(
    _ request: AccessRequest, _ endpoint: PreparedEndpoint, _ chains: AdHocChains?,
    _ log: inout TraceLog?
  ) -> DecisionRecord {
    var facts = facts(of: request)
    if log != nil, let setting = transportSetting(of: endpoint.value, at: facts.port) {
      log?.info(
        "mTLS mode \(setting.mode.rawValue) by \(setting.decidedBy)", location: setting.location)
    }
    switch endpoint.value.transport(hasIdentity: facts.principal != nil, at: facts.port) {
    case .asGiven:
      if let reason = trustDomains.refusal(
        of: facts.principal, at: endpoint.value.dataplane.dataplane)
      {
        return refused(reason, &log)
      }
    case .refused:
      log?.decided("a peer without identity is refused by mTLS mode STRICT: deny")
      return DecisionRecord(.deny, reason: "plaintext", layer: .istio)
    case .anonymous:
      if facts.principal != nil {
        log?.info("the port asks for no certificate: the peer has no identity there")
      }
      facts.principal = nil
    case .undetermined(let reason):
      log?.info(reason)
      var anonymous = facts
      anonymous.principal = nil
      let without = filterDecision(request, anonymous, endpoint, chains, &log)
      let with =
        facts.principal == nil
        ? DecisionRecord(.deny, reason: "plaintext", layer: .istio)
        : filterDecision(request, facts, endpoint, chains, &log)
      if with.decision == without.decision, with.decidedBy == without.decidedBy { return without }
      log?.decided("\(reason), and it matters: unknown")
      return DecisionRecord(.unknown, reason: reason, layer: .istio)
    }
    return filterDecision(request, facts, endpoint, chains, &log)
  }

  /// The denial of a peer whose certificate the proxy does not take.
  func refused(_ reason: String, _ log: inout TraceLog?) -> DecisionRecord {
    log?.decided("\(reason): deny")
    return DecisionRecord(.deny, reason: reason, layer: .istio)
  }

  /// What the trace tells of how a port takes connections; nil where nothing is set.
  private func transportSetting(of endpoint: Endpoint, at port: Int?) -> ServerMTLS.Setting? {
    if endpoint.dataplane.dataplane == .sidecar { return endpoint.mtls.setting(at: port) }
    return port.flatMap { endpoint.gatewayPorts[$0]?.mtls }
  }

  private func filterDecision(
    _ request: AccessRequest, _ facts: RequestFacts, _ endpoint: PreparedEndpoint,
    _ chains: AdHocChains?, _ log: inout TraceLog?
  ) -> DecisionRecord {
    let profile = profile(
      request.destination.applicationProtocol, at: facts.port, endpoint.value.protocols, &log)
    if let reason = endpoint.value.unprovenReason {
      log?.decided("\(reason): unknown")
      return DecisionRecord(.unknown, reason: reason, layer: .istio)
    }
    if let chains {
      let chain = profile == .http ? chains.http : chains.tcp
      return verdict(chain, profile, endpoint.value.attached, facts, &log)
    }
    let index = profile == .http ? endpoint.value.httpChain : endpoint.value.tcpChain
    return verdict(self.chains[Int(index)], profile, endpoint.value.attached, facts, &log)
  }

  /// The filter chain: a port's declared protocol, else what the request is.
  func profile(
    _ spoken: ApplicationProtocol, at port: Int?, _ protocols: [Int: PortProtocol],
    _ log: inout TraceLog?
  ) -> Profile {
    let declared = protocols.isEmpty ? nil : port.flatMap { protocols[$0] }
    switch declared {
    case .http?, .http2?, .grpc?:
      log?.info("the service declares the port as \(declared?.rawValue ?? ""): HTTP rules")
      return .http
    case .tcp?, .tls?:
      log?.info("the service declares the port as \(declared?.rawValue ?? ""): TCP rules")
      return .tcp
    case .udp?, .detected?, nil:
      let profile = spoken == .tcp ? Profile.tcp : .http
      log?.info(
        "the proxy detects the protocol; the request is \(spoken.rawValue): "
          + "\(profile == .tcp ? "TCP" : "HTTP") rules")
      return profile
    }
  }

  func ztunnelDecision(
    _ request: RequestFacts, _ endpoint: PreparedEndpoint, _ chain: RuleChain?,
    _ log: inout TraceLog?
  ) -> DecisionRecord {
    var facts = request
    if let principal = facts.principal, principal.withBytes({ ZtunnelIdentity($0) == nil }) {
      log?.info("ztunnel does not read \"\(principal)\" as an identity")
      facts.principal = nil
    }
    if let reason = trustDomains.refusal(of: facts.principal, at: .ambient) {
      return refused(reason, &log)
    }
    if facts.principal == nil, let ambient = endpoint.value.ambient {
      switch ambient.refusal(at: facts.port) {
      case .yes:
        let id = ambient.id(at: facts.port)
        log?.decided("a peer without identity is refused by \(id ?? ""): deny")
        return DecisionRecord(.deny, decidedBy: id, reason: "plaintext", layer: .istio)
      case .maybe:
        return DecisionRecord(
          .unknown, reason: "destination.port is not given, and mTLS differs by port",
          layer: .istio)
      case .no:
        log?.info("a peer without identity is let in by \(ambient.lenientPolicy)")
      }
    }
    return verdict(
      chain ?? chains[Int(endpoint.value.tcpChain)], .ztunnel, endpoint.value.attached, facts, &log)
  }

  private func name(of endpoint: Endpoint) -> String {
    endpoint.workload?.description ?? "the pod in namespace \(endpoint.namespace)"
  }
}
