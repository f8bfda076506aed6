package import MeshModel

extension IstioMesh {
  /// How a client's connections to a server's container port are secured (Istio
  /// pilot/pkg/networking/core/cluster_tls.go, pilot/pkg/xds/endpoints/mtls_checker.go).
  ///
  /// Nil when one of the workloads is in no manifest.
  package func clientTLS(from client: WorkloadID, to server: WorkloadID, port: Int)
    -> ClientTLSFact?
  {
    guard let clientIndex = endpointsByWorkload[client],
      let serverIndex = endpointsByWorkload[server]
    else { return nil }
    let source = endpoints[Int(clientIndex)].value
    let target = endpoints[Int(serverIndex)].value
    var fact = ClientTLSFact(
      client: client, server: server, port: port, outcome: .plaintext, decidedBy: "auto mTLS")
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
    let service = services.selecting(namespace: target.namespace, labels: target.labels)
      .first { $0.ports.contains { self.forwards($0, to: port) } }
    var tls: IstioDestinationRule.TLS?
    if let service,
      let rule = destinationRules.rule(
        for: "\(service.name).\(service.namespace).svc.cluster.local", service: service.namespace,
        client: source)
    {
      let servicePort = service.ports.first { forwards($0, to: port) }?.port
      tls = rule.trafficPolicy?.tls
      if let entry = rule.trafficPolicy?.ports.first(where: { $0.port == servicePort }) {
        if entry.tls == nil, tls != nil {
          fact.traps.append(.portLevelReset)
          fact.location = entry.location
        }
        tls = entry.tls
      }
      if let tls {
        fact.decidedBy = rule.reference.text
        fact.location = tls.location
        addTraps(tls, rule, &fact)
      }
    }
    fact.outcome = outcome(tls, fact.traps, target, serverMode)
    return fact
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

  private func outcome(
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
