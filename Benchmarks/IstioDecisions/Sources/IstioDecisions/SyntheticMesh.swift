import MeshModel

/// A mesh of the size in issue 3: 2,000 workloads with a service each, in 100 namespaces, and 5,000
/// AuthorizationPolicies of one to three rules, one in seven of them DENY, one in twenty without
/// selector.
struct SyntheticMesh {
  static let namespaceCount = 100
  static let applicationCount = 20

  private(set) var inventory = MeshInventory()
  private let place = SourceLocation(path: "bench", line: 1, column: 1)

  init(random: inout SeededRandom) {
    // With a MeshConfig the trust domain of each peer is compared, as in every real mesh.
    var config = IstioMeshConfig()
    config.source = .configMap
    inventory.istio.meshConfigs = [config]
    for number in 0..<Self.namespaceCount {
      var metadata = metadata("", "Namespace", "", "team-\(number)")
      metadata.labels = ["istio-injection": "enabled"]
      inventory.kubernetes.namespaces.append(Namespace(metadata: metadata))
    }
    for number in 0..<Self.namespaceCount * Self.applicationCount { addWorkload(number) }
    for number in 0..<5_000 { addPolicy(number, &random) }
    inventory.istio.peerAuthentications.append(
      IstioPeerAuthentication(
        metadata: metadata("security.istio.io", "PeerAuthentication", "istio-system", "default"),
        mode: .strict))
  }

  private mutating func addWorkload(_ number: Int) {
    let namespace = "team-\(number % Self.namespaceCount)"
    let name = "svc-\(number / Self.namespaceCount)"
    let template = PodTemplate(
      labels: ["app": name, "version": "v1", "tier": number % 3 == 0 ? "gold" : "standard"],
      serviceAccountName: name,
      containers: [
        Container(
          name: "app", ports: [ContainerPort(number: 8080, location: place)], location: place)
      ], location: place)
    inventory.workloads.append(
      Workload(
        id: WorkloadID(namespace: namespace, name: name), kind: "Deployment", template: template,
        location: place))
    inventory.kubernetes.services.append(
      Service(
        metadata: metadata("", "Service", namespace, name),
        ports: [ServicePort(name: "http", port: 80, targetPort: "8080", location: place)],
        selector: ["app": name]))
  }

  private mutating func addPolicy(_ number: Int, _ random: inout SeededRandom) {
    let rules = (0...random.next(3)).map { _ in rule(&random) }
    let selector =
      random.next(20) == 0
      ? nil
      : LabelSelector(matchLabels: ["app": "svc-\(random.next(Self.applicationCount))"])
    inventory.istio.authorizationPolicies.append(
      IstioAuthorizationPolicy(
        metadata: metadata(
          "security.istio.io", "AuthorizationPolicy", "team-\(number % Self.namespaceCount)",
          "policy-\(number)"), attachment: IstioAttachment(selector: selector),
        action: number % 7 == 0 ? .deny : .allow, rules: rules))
  }

  private func rule(_ random: inout SeededRandom) -> IstioAuthorizationPolicy.Rule {
    let source: IstioAuthorizationPolicy.Clause
    if random.next(3) == 0 {
      source = clause([(.namespaces, (0..<2).map { _ in "team-\(random.next(100))" })])
    } else {
      source = clause([
        (
          .principals,
          (0..<4).map { _ in
            "cluster.local/ns/team-\(random.next(100))/sa/svc-\(random.next(20))"
          }
        )
      ])
    }
    let operation = clause([
      (.methods, ["GET", "POST"]), (.paths, ["/v\(random.next(4))/*", "/api/{*}/items"]),
      (.ports, ["8080"]),
    ])
    return IstioAuthorizationPolicy.Rule(
      sources: [source], operations: [operation], location: place)
  }

  private func clause(_ terms: [(IstioAuthorizationPolicy.Field, [String])])
    -> IstioAuthorizationPolicy.Clause
  {
    IstioAuthorizationPolicy.Clause(
      terms: terms.map { field, values in
        IstioAuthorizationPolicy.Term(
          field: field, values: values.map { Located($0, at: place) })
      }, location: place)
  }

  private func metadata(_ group: String, _ kind: String, _ namespace: String, _ name: String)
    -> ResourceMetadata
  {
    ResourceMetadata(
      reference: ResourceReference(
        kind: ResourceKind(group: group, kind: kind), namespace: namespace, name: name),
      location: place)
  }
}
