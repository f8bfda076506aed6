import MeshModel

/// Random meshes and requests from a printed seed.
struct RandomMesh {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  mutating func number(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func pick<Element>(_ list: [Element]) -> Element { list[number(list.count)] }

  mutating func some<Element>(_ list: [Element]) -> [Element] {
    (0...number(2)).map { _ in pick(list) }
  }

  static let place = SourceLocation(path: "random", line: 1, column: 1)
  static let labels = ["app": "tools", "version": "v2"]

  private static let fields: [(IstioAuthorizationPolicy.Field, [String])] = [
    (
      .principals,
      [
        "*", "cluster.local/ns/agents/sa/planner", "old.example/ns/agents/sa/planner",
        "*/sa/planner",
        "cluster.local/ns/agents/*", "*/ns/data/sa/*", "corp.example/ns/data/sa/loader",
      ]
    ),
    (.namespaces, ["agents", "data", "a*", "*ta", "*", "ag*ts"]),
    (.serviceAccounts, ["planner", "data/loader", "agents/planner"]),
    (.ipBlocks, ["10.0.0.0/8", "192.168.7.7", "2001:db8::/32"]),
    (.remoteIPBlocks, ["10.1.0.0/16", "172.16.0.0/12"]),
    (.requestPrincipals, ["*", "https://idp/alice", "https://idp/*", "*/bob"]),
    (.hosts, ["tools.agents", "*.example", "TOOLS*", "*"]),
    (.methods, ["GET", "POST", "P*", "*"]),
    (.paths, ["/v1/*", "/v1/search", "*/admin", "/", "*"]),
    (.ports, ["8080", "9090"]),
  ]

  private mutating func clause(_ names: [IstioAuthorizationPolicy.Field])
    -> IstioAuthorizationPolicy.Clause
  {
    var terms: [IstioAuthorizationPolicy.Term] = []
    for (field, values) in Self.fields where names.contains(field) && number(3) == 0 {
      let list = some(values).map { Located($0, at: Self.place) }
      terms.append(
        number(3) == 0
          ? .init(field: field, notValues: list) : .init(field: field, values: list))
    }
    return .init(terms: terms, location: Self.place)
  }

  private mutating func condition() -> IstioAuthorizationPolicy.Condition {
    let (key, values) = pick([
      ("source.namespace", ["agents", "d*"]), ("source.principal", ["*", "*/sa/planner"]),
      ("destination.port", ["8080"]), ("source.ip", ["10.0.0.0/8"]),
      ("request.headers[X-Tier]", ["gold", "s*", "*"]), ("connection.sni", ["outbound*", "*"]),
    ])
    let list = some(values).map { Located($0, at: Self.place) }
    let located = Located(key, at: Self.place)
    return number(3) == 0
      ? .init(key: located, notValues: list) : .init(key: located, values: list)
  }

  mutating func policy(_ number: Int) -> IstioAuthorizationPolicy {
    let rules = (0..<self.number(3)).map { _ in
      IstioAuthorizationPolicy.Rule(
        sources: (0..<self.number(3)).map { _ in
          clause(IstioAuthorizationPolicy.Field.ofSources)
        },
        operations: (0..<self.number(3)).map { _ in
          clause(IstioAuthorizationPolicy.Field.ofOperations)
        },
        conditions: (0..<self.number(2)).map { _ in condition() }, location: Self.place)
    }
    let selector = pick([
      nil, LabelSelector(), LabelSelector(matchLabels: ["app": "tools"]),
      LabelSelector(matchLabels: ["app": "other"]),
    ])
    return IstioAuthorizationPolicy(
      metadata: ResourceMetadata(
        reference: ResourceReference(
          kind: ResourceKind(group: "security.istio.io", kind: "AuthorizationPolicy"),
          namespace: pick(["agents", "agents", "istio-system", "data"]), name: "p\(number)"),
        annotations: self.number(6) == 0 ? ["istio.io/dry-run": "true"] : [:],
        location: Self.place),
      attachment: IstioAttachment(selector: selector),
      action: pick([.allow, .allow, .deny, .audit]), rules: rules)
  }

  mutating func inventory() -> MeshInventory {
    var inventory = MeshInventory()
    inventory.istio.authorizationPolicies = (0...number(4)).map { policy($0) }
    var config = IstioMeshConfig()
    config.source = .configMap
    config.trustDomain = pick(["cluster.local", "corp.example"])
    config.trustDomainAliases = pick([[], ["old.example"]])
    inventory.istio.meshConfigs = [config]
    inventory.workloads = [
      Workload(
        id: WorkloadID(namespace: "agents", name: "tools"), kind: "Deployment",
        template: PodTemplate(
          labels: Self.labels, containers: [Container(name: "istio-proxy", location: Self.place)],
          location: Self.place), location: Self.place)
    ]
    return inventory
  }

  mutating func principal() -> String? {
    pick([
      nil, "spiffe://cluster.local/ns/agents/sa/planner", "spiffe://corp.example/ns/data/sa/loader",
      "spiffe://old.example/ns/agents/sa/planner", "spiffe://corp.example/ns/agents/sa/planner",
    ])
  }

  mutating func request(principal: String?? = nil, port: Int? = nil) -> AccessRequest {
    let isTCP = number(4) == 0
    var token: JSONValue?
    if !isTCP, number(2) == 0 {
      token = ["iss": "https://idp", "sub": .string(pick(["alice", "bob"]))]
    }
    return AccessRequest(
      source: .init(
        principal: principal ?? self.principal(),
        ip: IPAddress(pick(["10.1.2.3", "192.168.7.7", "2001:db8::7"])),
        remoteIP: IPAddress(pick(["10.1.2.3", "172.16.0.9"]))),
      destination: .init(
        workload: WorkloadID(namespace: "agents", name: "tools"), port: port ?? pick([8080, 9090]),
        applicationProtocol: isTCP ? .tcp : .http, ip: IPAddress("10.9.9.9")),
      sni: pick(["", "outbound_.8080_._.tools"]),
      http: isTCP
        ? nil
        : .init(
          method: pick(["GET", "POST", "PUT"]),
          host: pick(["tools.agents", "Tools.Agents:8080", "api.example"]),
          path: pick(["/", "/v1/search", "/v1/search?q=/v1/admin", "/v2/admin"]),
          headers: pick([[:], ["x-tier": "gold"], ["x-tier": "silver"]])),
      jwt: token)
  }
}
