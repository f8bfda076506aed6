package import MeshModel

extension IstioMesh {
  /// How a client's connections to a server's container port are secured (Istio
  /// pilot/pkg/networking/core/cluster_tls.go, pilot/pkg/xds/endpoints/mtls_checker.go).
  ///
  /// Nil when one of the workloads is in no manifest.
  ///
  /// - Parameter subset: of the DestinationRule, for traffic that a VirtualService routes to it.
  package func clientTLS(
    from client: WorkloadID, to server: WorkloadID, port: Int, subset: String? = nil
  ) -> ClientTLSFact? {
    guard let clientIndex = endpointsByWorkload[client],
      let serverIndex = endpointsByWorkload[server]
    else { return nil }
    let source = endpoints[Int(clientIndex)].value
    let target = endpoints[Int(serverIndex)].value
    var fact = ClientTLSFact(
      client: client, server: server, port: port, subset: subset, outcome: .plaintext,
      decidedBy: "auto mTLS")
    let serverMode = setting(of: target, at: port).mode
    switch source.dataplane.dataplane {
    case .none, .linkerd:
      fact.decidedBy = "the client has no Istio proxy"
      fact.outcome = serverMode == .strict ? .broken : .plaintext
      return fact
    case .ambient:
      // ztunnel carries to any proxy of the mesh over HBONE; a DestinationRule's own TLS runs
      // inside.
      fact.decidedBy = "HBONE"
      fact.outcome = target.dataplane.dataplane == .none ? .plaintext : .mutual
      return fact
    case .sidecar, .gateway, .waypoint: break
    }
    var tls: IstioDestinationRule.TLS?
    if let (service, servicePort) = service(of: target, at: port),
      let rule = destinationRules.rule(
        for: Self.host(service), service: service.namespace, client: source)
    {
      tls = ruleTLS(rule, servicePort, subset, &fact)
      if let tls {
        fact.decidedBy = rule.reference.text
        fact.location = tls.location
        addTraps(tls, rule, &fact)
      }
    }
    fact.outcome = outcome(tls, fact.traps, target, serverMode)
    return fact
  }

  /// What a rule says for a port: the subset's policy before the rule's, and of each the port's
  /// entry in place of the whole (Istio pilot/pkg/networking/util `MergeSubsetTrafficPolicy`,
  /// `GetPortLevelTrafficPolicy`).
  private func ruleTLS(
    _ rule: IstioDestinationRule, _ port: Int, _ subset: String?, _ fact: inout ClientTLSFact
  ) -> IstioDestinationRule.TLS? {
    let own = subset.flatMap { name in rule.subsets.first { $0.name == name } }?.trafficPolicy
    for policy in [own, rule.trafficPolicy].compactMap({ $0 }) {
      guard let entry = policy.ports.first(where: { $0.port == port }) else {
        if let tls = policy.tls { return tls }
        continue
      }
      if let tls = entry.tls { return tls }
      if policy.tls != nil {
        fact.traps.append(.portLevelReset)
        fact.location = entry.location
      }
    }
    return nil
  }

  /// The service that a client names to reach a container port, oldest first, and its port.
  func service(of target: Endpoint, at port: Int) -> (service: Service, port: Int)? {
    for service in services.selecting(namespace: target.namespace, labels: target.labels) {
      if let found = service.ports.first(where: { forwards($0, to: port) }) {
        return (service, found.port)
      }
    }
    return nil
  }

  static func host(_ service: Service) -> String {
    "\(service.name).\(service.namespace).svc.cluster.local"
  }

  private func forwards(_ port: ServicePort, to number: Int) -> Bool {
    (port.targetPort.flatMap { Int($0) } ?? port.port) == number
  }

  private func addTraps(
    _ tls: IstioDestinationRule.TLS, _ rule: IstioDestinationRule, _ fact: inout ClientTLSFact
  ) {
    if tls.credentialName != nil, rule.workloadSelector == nil {
      fact.traps.append(.credentialIgnored)
    }
    if tls.skipsVerification { fact.traps.append(.verificationSkipped) }
    if tls.mode == .simple || tls.mode == .mutual, tls.sni != nil, tls.subjectAltNames.isEmpty {
      fact.traps.append(.namesUnchecked)
    }
  }

  func outcome(
    _ tls: IstioDestinationRule.TLS?, _ traps: [ClientTLSFact.Trap], _ target: Endpoint,
    _ serverMode: MTLSMode
  ) -> ClientTLSFact.Outcome {
    let hasProxy = target.dataplane.dataplane != .none && target.dataplane.dataplane != .linkerd
    let plaintext: ClientTLSFact.Outcome = serverMode == .strict ? .broken : .plaintext
    switch tls?.mode {
    case nil:
      guard config.usesAutoMTLS, hasProxy, serverMode != .disabled else { return plaintext }
      return .mutual
    case .disable?: return plaintext
    case .istioMutual?: return hasProxy && serverMode != .disabled ? .mutual : .broken
    case .simple?, .mutual?:
      if traps.contains(.credentialIgnored) { return plaintext }
      return serverMode == .strict ? .broken : .userTLS
    }
  }
}
