import MeshModel
import Testing

@testable import LinkerdPolicy

@Suite struct LinkerdPropertyTests {
  private static let seed = UInt64.random(in: .min ... .max)

  private func question(
    _ pod: ReferenceCluster.Pod, _ port: Int, _ client: ReferenceCluster.Client,
    _ request: ReferenceCluster.Request?
  ) -> AccessRequest {
    AccessRequest(
      source: .init(principal: client.identity, ip: IPAddress(client.ip)),
      destination: .init(
        workload: .init(namespace: pod.namespace, name: pod.name), port: port,
        applicationProtocol: request == nil ? .tcp : .http),
      http: request.map { .init(method: $0.method, host: "x", path: $0.path) })
  }

  private func text(_ record: DecisionRecord) -> String {
    record.decision == .deny ? "deny \(record.reason ?? "")" : record.decision.rawValue
  }

  @Test func equalsTheReferenceOnRandomClusters() {
    print("seed \(Self.seed)")
    var random = SeededGenerator(seed: Self.seed)
    var counts: [String: Int] = [:]
    for _ in 0..<400 {
      let cluster = RandomCluster.make(&random)
      let mesh = LinkerdMesh(inventory: cluster.inventory)
      for pod in cluster.pods {
        for _ in 0..<25 {
          let port = random.pick([8080, 5432, 9999])
          let client = ReferenceCluster.Client(
            identity: random.pick(RandomCluster.identities),
            ip: random.pick(RandomCluster.addresses))
          let request =
            random.chance(80)
            ? ReferenceCluster.Request(
              method: random.pick(["GET", "POST"]), path: random.pick(RandomCluster.paths)) : nil
          let expected = cluster.answer(pod, port, client, request)
          let record = mesh.decision(for: question(pod, port, client, request))
          counts[expected, default: 0] += 1
          #expect(
            text(record) == expected,
            """
            seed \(Self.seed): \(pod) port \(port) \(client) \(String(describing: request))
            \(record.decidedBy ?? ""); servers \(cluster.servers); routes \(cluster.routes)
            policies \(cluster.policies)
            """)
          if text(record) != expected { return }
        }
      }
    }
    // The clusters ask all kinds of questions.
    for kind in ["allow", "deny no-grant", "deny no-route"] { #expect(counts[kind] ?? 0 > 100) }
  }

  @Test func tracingChangesNoAnswerAndReachAgreesWithDecisions() {
    var random = SeededGenerator(seed: Self.seed)
    for _ in 0..<150 {
      let cluster = RandomCluster.make(&random)
      let mesh = LinkerdMesh(inventory: cluster.inventory)
      for pod in cluster.pods {
        let port = random.pick([8080, 5432])
        let client = ReferenceCluster.Client(
          identity: random.pick(RandomCluster.identities), ip: random.pick(RandomCluster.addresses))
        let workload = WorkloadID(namespace: pod.namespace, name: pod.name)
        let reach = mesh.reach(
          from: .init(principal: client.identity, ip: IPAddress(client.ip)), to: workload,
          port: port)
        for path in RandomCluster.paths {
          let request = question(pod, port, client, .init(method: "POST", path: path))
          let silent = mesh.decision(for: request)
          let traced = mesh.decision(for: request, isTraced: true)
          #expect(silent.trace.isEmpty && !traced.trace.isEmpty)
          #expect(silent.decision == traced.decision && silent.decidedBy == traced.decidedBy)
          switch reach.outcome {
          case .allow: #expect(silent.decision == .allow || silent.reason == "no-route")
          case .deny: #expect(silent.decision == .deny, "seed \(Self.seed)")
          default: break
          }
        }
      }
    }
  }

  @Test func orderOfResourcesDoesNotMatterAndGrantsOnlyOpen() {
    var random = SeededGenerator(seed: Self.seed)
    for _ in 0..<100 {
      let cluster = RandomCluster.make(&random)
      var shuffled = cluster.inventory
      shuffled.linkerd.servers.shuffle(using: &random)
      shuffled.gateway.routes.shuffle(using: &random)
      shuffled.linkerd.authorizationPolicies.shuffle(using: &random)
      var fewer = cluster.inventory
      if !fewer.linkerd.authorizationPolicies.isEmpty {
        fewer.linkerd.authorizationPolicies.removeLast()
      }
      let mesh = LinkerdMesh(inventory: cluster.inventory)
      let other = LinkerdMesh(inventory: shuffled)
      let smaller = LinkerdMesh(inventory: fewer)
      #expect(mesh.lints() == other.lints())
      #expect(mesh.workloadPortFacts() == other.workloadPortFacts())
      for pod in cluster.pods {
        let client = ReferenceCluster.Client(
          identity: random.pick(RandomCluster.identities), ip: random.pick(RandomCluster.addresses))
        let request = question(
          pod, 8080, client, .init(method: "GET", path: random.pick(RandomCluster.paths)))
        let record = mesh.decision(for: request)
        #expect(record.decidedBy == other.decision(for: request).decidedBy)
        if smaller.decision(for: request).decision == .allow {
          #expect(record.decision == .allow, "seed \(Self.seed): a grant closed something")
        }
      }
    }
  }
}
