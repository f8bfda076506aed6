package import MeshModel

extension LinkerdMesh {
  /// What is known of each port that a meshed or unmeshed workload declares or that a Server
  /// selects, sorted by workload and port.
  package func workloadPortFacts() -> [WorkloadPortFact] {
    pods.values.sorted { $0.id < $1.id }.flatMap { pod -> [WorkloadPortFact] in
      var locations: [Int: ContainerPort] = [:]
      for port in pod.declaredPorts { locations[port.number] = locations[port.number] ?? port }
      let selected = (serversByPort[pod.id] ?? [:]).keys.filter { locations[$0] == nil }
      return (Array(locations.keys) + selected).sorted().map { port in
        fact(of: port, name: locations[port]?.name, at: locations[port]?.location, pod: pod)
      }
    }
  }

  private func fact(of port: Int, name: String?, at location: SourceLocation?, pod: LinkerdPod)
    -> WorkloadPortFact
  {
    var fact = WorkloadPortFact(
      workload: pod.id, port: port, name: name, mtlsMode: .none, mtlsDecidedBy: "",
      location: location ?? pod.location)
    guard pod.membership.isMeshed else {
      fact.mtlsDecidedBy = pod.membership.reason
      return fact
    }
    guard !pod.skipsInbound(port) else {
      fact.mtlsMode = .disabled
      fact.mtlsDecidedBy = "skip-inbound-ports"
      return fact
    }
    let server = inbound(pod, port: port)[0]
    fact.protocolName = LinkerdMesh.protocolName(server.wireProtocol)
    // Without identity nobody passes: the port takes mutual TLS only. Probes are left out.
    let isOpen =
      server.grants.all.contains(where: \.admitsPlaintext)
      || server.routes.contains {
        $0.route != nil && !$0.isForProbes(pod.probes[port] ?? [])
          && $0.grants.all.contains(where: \.admitsPlaintext)
      }
    fact.mtlsMode = isOpen ? .permissive : .strict
    fact.mtlsDecidedBy =
      server.server?.reference.text
      ?? "default inbound policy \(server.id.dropFirst("default:".count)) by "
      + pod.defaultPolicySource
    return fact
  }

  private static func protocolName(_ wire: InboundServer.WireProtocol) -> String? {
    switch wire {
    case .detect: nil
    case .http1: "http"
    case .http2: "http2"
    case .grpc: "grpc"
    case .opaque: "opaque"
    case .tls: "tls"
    }
  }

  /// Every authorization and every Server with an open `accessPolicy` as facts, in the order of the
  /// inventory.
  ///
  /// What has no effect is attached to nothing.
  package func policyFacts() -> [PolicyFact] {
    let attachment = LinkerdAttachment(self)
    var facts = resources.authorizationPolicies.map { policy in
      var fact = PolicyFact(
        layer: .linkerd, policy: policy.reference, action: .allow, scope: .target,
        location: policy.location,
        attachedTo: grants.defects[policy.reference] == nil
          ? attachment.workloads(of: policy) : [],
        rules: rules(of: policy, attachment))
      fact.targets = ["\(policy.target.kind) \(policy.target.name)"]
      return fact
    }
    facts += resources.serverAuthorizations.map { authorization in
      let attached = attachment.servers(of: authorization)
      return PolicyFact(
        layer: .linkerd, policy: authorization.reference, action: .allow,
        scope: authorization.serverName == nil ? .namespace : .target,
        location: authorization.location,
        attachedTo: grants.defects[authorization.reference] == nil
          ? attachment.workloads(at: attached) : [],
        rules: [rule(of: authorization, ports: attachment.ports(at: attached))])
    }
    for (index, server) in resources.servers.enumerated() {
      let policy = InboundServer.accessPolicy(of: server, settings: settings)
      guard policy != .deny, let location = server.accessPolicy?.location else { continue }
      facts.append(
        PolicyFact(
          layer: .linkerd, policy: server.reference, action: .allow, scope: .workload,
          location: location, attachedTo: attachment.workloads(at: [index]),
          rules: [
            PolicyFact.Rule(
              index: 0, sources: sources(of: policy, at: location),
              operations: portClauses(attachment.ports(at: [index]), at: location),
              location: location, reportedID: policy.rawValue)
          ]))
    }
    return facts
  }

  private func rules(of policy: LinkerdAuthorizationPolicy, _ attachment: LinkerdAttachment)
    -> [PolicyFact.Rule]
  {
    var terms: [PolicyFact.Term] = []
    for reference in policy.authentications ?? [] {
      let namespace = reference.namespace ?? policy.namespace
      if reference.names(group: "core", kind: "ServiceAccount") {
        terms.append(
          .init(
            kind: "service-account", value: "\(namespace)/\(reference.name)",
            location: reference.location))
      } else if reference.names(group: "policy.linkerd.io", kind: "NetworkAuthentication") {
        let found = attachment.networks(namespace, reference.name)
        terms += found?.networks.flatMap(LinkerdTerms.networks) ?? [missing(reference, namespace)]
      } else {
        let found = attachment.identities(namespace, reference.name)
        terms += found.map(LinkerdTerms.identities) ?? [missing(reference, namespace)]
      }
    }
    let clause = PolicyFact.Clause(terms: terms, location: policy.authenticationsLocation)
    return [
      PolicyFact.Rule(
        index: 0, sources: terms.isEmpty ? [] : [clause],
        operations: operations(of: policy, attachment), location: policy.location,
        reportedID: "authorizationpolicy:\(policy.namespace)/\(policy.name)")
    ]
  }

  /// Stands for what is not there, so that nobody takes the rule for one without sources.
  private func missing(_ reference: LinkerdReference, _ namespace: String) -> PolicyFact.Term {
    PolicyFact.Term(
      kind: "missing-authentication", value: "\(reference.kind) \(namespace)/\(reference.name)",
      location: reference.location)
  }

  /// For a route target one clause for each match, else the ports.
  private func operations(of policy: LinkerdAuthorizationPolicy, _ attachment: LinkerdAttachment)
    -> [PolicyFact.Clause]
  {
    let ports = attachment.ports(of: policy)
    guard LinkerdTarget(policy.target) == .route else {
      return portClauses(ports, at: policy.target.location)
    }
    guard let route = attachment.route(of: policy),
      let prepared = try? InboundRoute.prepared(route, grants: .none)
    else { return [] }
    let portTerms = ports.map {
      PolicyFact.Term(kind: "port", value: String($0), location: route.location)
    }
    return LinkerdOperations.sets(of: prepared).map { set in
      func terms(_ kind: String, _ values: [String]) -> [PolicyFact.Term] {
        values.map { .init(kind: kind, value: $0, location: route.location) }
      }
      return PolicyFact.Clause(
        terms: terms("method", set.methods) + terms("path", set.paths) + terms("host", set.hosts)
          + terms("condition", set.conditions) + portTerms, location: route.location)
    }
  }

  private func rule(of authorization: LinkerdServerAuthorization, ports: [Int]) -> PolicyFact.Rule {
    var terms: [PolicyFact.Term] = []
    if !authorization.isUnauthenticated, let meshTLS = authorization.meshTLS {
      if meshTLS.isUnauthenticatedTLS {
        terms.append(
          .init(kind: "principal", value: "*", location: authorization.clientLocation))
      } else {
        terms += meshTLS.identities.map {
          .init(kind: "principal", value: $0.value, location: $0.location)
        }
        terms += meshTLS.serviceAccounts.map {
          .init(
            kind: "service-account", value: "\($0.namespace ?? authorization.namespace)/\($0.name)",
            location: $0.location)
        }
      }
    }
    terms += authorization.networks.flatMap(LinkerdTerms.networks)
    if authorization.networks.isEmpty {
      terms += settings.clusterNetworks.map {
        .init(kind: "ip-block", value: $0.description, location: authorization.clientLocation)
      }
    }
    let clause = PolicyFact.Clause(terms: terms, location: authorization.clientLocation)
    return PolicyFact.Rule(
      index: 0, sources: [clause], operations: portClauses(ports, at: authorization.location),
      location: authorization.location,
      reportedID: "serverauthorization:\(authorization.namespace)/\(authorization.name)")
  }

  private func sources(of policy: LinkerdDefaultPolicy, at location: SourceLocation)
    -> [PolicyFact.Clause]
  {
    guard let grant = policy.grant(settings) else { return [] }
    var terms: [PolicyFact.Term] = []
    if !grant.admitsPlaintext {
      terms.append(.init(kind: "principal", value: "*", location: location))
    }
    if grant.networks.isCluster {
      terms += settings.clusterNetworks.map {
        .init(kind: "ip-block", value: $0.description, location: location)
      }
    }
    return terms.isEmpty ? [] : [PolicyFact.Clause(terms: terms, location: location)]
  }

  private func portClauses(_ ports: [Int], at location: SourceLocation) -> [PolicyFact.Clause] {
    guard !ports.isEmpty else { return [] }
    return [
      PolicyFact.Clause(
        terms: ports.map { .init(kind: "port", value: String($0), location: location) },
        location: location)
    ]
  }
}

/// Fields of authentications as terms of facts.
enum LinkerdTerms {
  static func networks(_ block: AddressBlock) -> [PolicyFact.Term] {
    [.init(kind: "ip-block", value: block.range.description, location: block.location)]
      + block.exceptions.map {
        .init(
          kind: "ip-block", value: $0.description, isNegated: true, location: block.location)
      }
  }

  static func identities(_ authentication: LinkerdMeshTLSAuthentication) -> [PolicyFact.Term] {
    authentication.identities.map {
      .init(kind: "principal", value: $0.value, location: $0.location)
    }
      + authentication.identityReferences.map { reference in
        reference.names(group: "core", kind: "Namespace")
          ? .init(kind: "namespace", value: reference.name, location: reference.location)
          : .init(
            kind: "service-account",
            value: "\(reference.namespace ?? authentication.namespace)/\(reference.name)",
            location: reference.location)
      }
  }
}
