import MeshModel

/// Numbers that a printed seed brings back (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int.random(in: 0..<items.count, using: &self)]
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// Random clusters as the reference sees them and as manifests.
enum RandomCluster {
  static let namespaces = ["agents", "tools"]
  static let identities: [String?] = [
    nil, "planner.agents.serviceaccount.identity.linkerd.cluster.local",
    "browser.tools.serviceaccount.identity.linkerd.cluster.local",
    "planner.agents.serviceaccount.identity.linkerd.other.example",
    "spiffe://cluster.local/ns/agents/sa/planner",
  ]
  static let addresses = ["10.1.2.3", "203.0.113.9", "127.0.0.1", "192.168.1.1"]
  static let paths = [
    "/", "/v1", "/v1/search", "/v12", "/ready", "/agent.Tools/Call", "/agent.Tools",
  ]

  static func make(_ random: inout SeededGenerator) -> ReferenceCluster {
    var cluster = ReferenceCluster(pods: [], servers: [], routes: [], policies: [])
    for namespace in namespaces {
      for name in ["planner", "browser"] where random.chance(80) {
        cluster.pods.append(
          .init(
            namespace: namespace, name: name,
            labels: ["app": name, "tier": random.pick(["gold", "silver"])],
            ports: [("http", 8080), ("db", 5432)],
            defaultPolicy: random.pick([
              nil, "deny", "all-authenticated", "audit", "cluster-unauthenticated", "bogus",
            ]), opaquePort: random.pick([nil, 8080, 5432]),
            identityPort: random.pick([nil, 8080]), probePath: random.pick([nil, "/ready", "/"]),
            isMeshed: random.chance(90)))
      }
      for index in 0..<Int.random(in: 0...3, using: &random) {
        let isNamed = random.chance(40)
        let server = ReferenceCluster.Server(
          namespace: namespace, name: "server-\(index)", labels: [:],
          selector: random.pick([[:], ["app": "planner"], ["tier": "gold"]]),
          portNumber: isNamed ? nil : random.pick([8080, 5432, 9999]),
          portName: isNamed ? random.pick(["http", "db", "gone"]) : nil,
          proxyProtocol: random.pick([nil, "unknown", "HTTP/1", "gRPC", "opaque"]),
          accessPolicy: random.pick([nil, nil, "deny", "all-authenticated", "audit"]),
          time: Int.random(in: 0...1, using: &random))
        cluster.servers.append(server)
        addRoutes(at: server, to: &cluster, &random)
      }
      for index in 0..<Int.random(in: 0...4, using: &random) {
        addPolicy("policy-\(index)", in: namespace, to: &cluster, &random)
      }
    }
    return cluster
  }

  private static func addRoutes(
    at server: ReferenceCluster.Server, to cluster: inout ReferenceCluster,
    _ random: inout SeededGenerator
  ) {
    for index in 0..<Int.random(in: 0...2, using: &random) {
      let isGRPC = random.chance(30)
      let matches = (0..<Int.random(in: 1...2, using: &random)).map {
        _ -> (path: String?, isExact: Bool, method: String?) in
        isGRPC
          ? (random.pick([nil, "agent.Tools"]), true, random.pick([nil, "Call"]))
          : (
            random.pick([nil, "/v1", "/v1/search", "/ready", "/"]), false,
            random.pick([nil, "GET"])
          )
      }.map { match in
        match.path != nil && !isGRPC ? (match.path, random.chance(40), match.method) : match
      }
      cluster.routes.append(
        .init(
          namespace: server.namespace, name: "\(server.name)-route-\(index)", server: server.name,
          isGRPC: isGRPC, hasBadFilter: random.chance(15), matches: matches,
          time: Int.random(in: 0...1, using: &random)))
    }
  }

  private static func addPolicy(
    _ name: String, in namespace: String, to cluster: inout ReferenceCluster,
    _ random: inout SeededGenerator
  ) {
    var policy = ReferenceCluster.Policy(
      namespace: namespace, name: name, targetKind: "Namespace", targetName: namespace,
      accounts: [], identities: [], networks: [])
    if random.chance(70),
      let server = cluster.servers.filter({ $0.namespace == namespace }).randomElement(
        using: &random)
    {
      (policy.targetKind, policy.targetName) = ("Server", server.name)
    }
    if random.chance(60),
      let route = cluster.routes.filter({ $0.namespace == namespace }).randomElement(
        using: &random)
    {
      (policy.targetKind, policy.targetName) = (
        route.isGRPC ? "GRPCRoute" : "HTTPRoute", route.name
      )
    }
    switch Int.random(in: 0...3, using: &random) {
    case 0: policy.accounts = [(random.pick(namespaces), random.pick(["planner", "browser"]))]
    case 1:
      policy.identities = [
        random.pick([
          "*", "*.agents.serviceaccount.identity.linkerd.cluster.local",
          "spiffe://cluster.local/ns/agents/sa/planner", "**.x",
        ])
      ]
    default: break
    }
    if random.chance(40) {
      policy.networks = [random.pick(["10.0.0.0/8", "0.0.0.0/0", "203.0.113.0/24"])]
    }
    cluster.policies.append(policy)
  }
}

extension ReferenceCluster {
  /// The same cluster as typed resources.
  var inventory: MeshInventory {
    var inventory = MeshInventory()
    let place = SourceLocation(path: "random.yaml", line: 1, column: 1)
    func metadata(_ group: String, _ kind: String, _ namespace: String, _ name: String, _ time: Int)
      -> ResourceMetadata
    {
      ResourceMetadata(
        reference: .init(
          kind: .init(group: group, kind: kind), namespace: namespace, name: name),
        version: "v1beta3", creationTimestamp: UTCTime(seconds: Int64(time)), location: place)
    }
    for pod in pods {
      var annotations = ["linkerd.io/inject": pod.isMeshed ? "enabled" : "disabled"]
      annotations["config.linkerd.io/default-inbound-policy"] = pod.defaultPolicy
      annotations["config.linkerd.io/opaque-ports"] = pod.opaquePort.map(String.init) ?? ""
      annotations["config.linkerd.io/proxy-require-identity-inbound-ports"] =
        pod.identityPort.map(String.init)
      let container = Container(
        name: "app",
        ports: pod.ports.map { .init(name: $0.name, number: $0.number, location: place) },
        probes: pod.probePath.map {
          [ContainerProbe(action: .http(path: $0), port: pod.ports[0].name)]
        } ?? [], location: place)
      inventory.workloads.append(
        Workload(
          id: .init(namespace: pod.namespace, name: pod.name), kind: "Deployment",
          template: .init(
            labels: pod.labels, annotations: annotations, serviceAccountName: pod.name,
            containers: [container], location: place), location: place))
    }
    for server in servers {
      let port = server.portNumber.map(PortReference.number) ?? .name(server.portName ?? "")
      inventory.linkerd.servers.append(
        LinkerdServer(
          metadata: metadata(
            "policy.linkerd.io", "Server", server.namespace, server.name, server.time),
          selector: .pods(LabelSelector(matchLabels: server.selector)),
          port: .init(port, at: place),
          proxyProtocol: server.proxyProtocol.map { .init($0, at: place) },
          accessPolicy: server.accessPolicy.map { .init($0, at: place) }))
    }
    for route in routes {
      inventory.gateway.routes.append(self.route(route, metadata, at: place))
    }
    for policy in policies { add(policy, metadata, at: place, to: &inventory) }
    return inventory
  }

  private func route(
    _ route: Route, _ metadata: (String, String, String, String, Int) -> ResourceMetadata,
    at place: SourceLocation
  ) -> GatewayAPIRoute {
    let matches = route.matches.map { match -> GatewayAPIRoute.Match in
      if route.isGRPC {
        return .init(
          grpcMethod: .init(service: match.path, method: match.method, location: place),
          location: place)
      }
      return .init(
        path: match.path.map { .init(match.isExact ? .exact : .pathPrefix, $0, location: place) },
        method: match.method, location: place)
    }
    return GatewayAPIRoute(
      metadata: metadata(
        "gateway.networking.k8s.io", route.isGRPC ? "GRPCRoute" : "HTTPRoute", route.namespace,
        route.name, route.time), kind: route.isGRPC ? .grpc : .http,
      parents: [
        .init(group: "policy.linkerd.io", kind: "Server", name: route.server, location: place)
      ],
      rules: [
        .init(
          matches: matches,
          filters: route.hasBadFilter ? [.init(type: "URLRewrite", location: place)] : [],
          location: place)
      ])
  }

  private func add(
    _ policy: Policy, _ metadata: (String, String, String, String, Int) -> ResourceMetadata,
    at place: SourceLocation, to inventory: inout MeshInventory
  ) {
    var references = policy.accounts.map {
      LinkerdReference(
        kind: "ServiceAccount", name: $0.name, namespace: $0.namespace, location: place)
    }
    if !policy.identities.isEmpty {
      inventory.linkerd.meshTLSAuthentications.append(
        .init(
          metadata: metadata(
            "policy.linkerd.io", "MeshTLSAuthentication", policy.namespace, policy.name, 0),
          identities: policy.identities.map { .init($0, at: place) }))
      references.append(
        .init(
          group: "policy.linkerd.io", kind: "MeshTLSAuthentication", name: policy.name,
          location: place))
    }
    if !policy.networks.isEmpty {
      inventory.linkerd.networkAuthentications.append(
        .init(
          metadata: metadata(
            "policy.linkerd.io", "NetworkAuthentication", policy.namespace, policy.name, 0),
          networks: policy.networks.compactMap(AddressRange.init).map {
            .init(range: $0, location: place)
          }))
      references.append(
        .init(
          group: "policy.linkerd.io", kind: "NetworkAuthentication", name: policy.name,
          location: place))
    }
    let group =
      policy.targetKind == "Namespace"
      ? "" : policy.targetKind == "Server" ? "policy.linkerd.io" : "gateway.networking.k8s.io"
    inventory.linkerd.authorizationPolicies.append(
      .init(
        metadata: metadata(
          "policy.linkerd.io", "AuthorizationPolicy", policy.namespace, policy.name, 0),
        target: .init(
          group: group, kind: policy.targetKind, name: policy.targetName, location: place),
        authentications: references, authenticationsLocation: place))
  }
}
