import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct AccessGraphTests {
  /// Every kind of dataplane, with and without NetworkPolicy.
  enum Platform: String, CaseIterable {
    case sidecars, linkerd, everyMesh

    func model(_ random: inout RandomPlatform, seed: Int) -> AccessModel {
      let hasNetwork = seed % 2 == 1
      switch self {
      case .sidecars:
        let network = RandomNetworkPolicies(
          namespaces: ["agents", "tools", "data"],
          applications: ["planner", "retriever", "browser", "store"])
        return RandomPlatform.model(
          random.policies() + (hasNetwork ? network.documents(&random) : []))
      case .linkerd:
        var cluster = RandomLinkerdCluster(seed: seed)
        let network = RandomNetworkPolicies(
          namespaces: ["agents", "tools", "data"],
          applications: ["planner", "retriever", "browser", "store"])
        return RandomPlatform.model(
          of: cluster.documents() + (hasNetwork ? network.documents(&random) : []))
      case .everyMesh:
        let network = RandomNetworkPolicies(
          namespaces: ["agents", "models", "legacy", "tools", "stores"],
          applications: ["planner", "other", "server", "cache", "cron", "browser", "vectors"])
        let istio = ["tools", "stores"].flatMap { namespace in
          (0..<random.number(3)).map { index in
            """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: r\(index), namespace: \(namespace)}
            spec:
              action: \(random.pick(["ALLOW", "DENY"]))
              selector: {matchLabels: {app: \(random.pick(["browser", "vectors", "loader"]))}}
              rules:
              - from: [{source: {\(random.pick([
                "namespaces: [tools]", "namespaces: [\"st*\"]", "principals: [\"*/sa/loader\"]",
                "principals: [\"cluster.local/ns/st*\"]", "notNamespaces: [tools]",
              ]))}}]
            """
          }
        }
        return LayeredCluster.model(istio + (hasNetwork ? network.documents(&random) : []))
      }
    }
  }

  /// Callers that are decided together come out as they do one by one.
  @Test(arguments: Platform.allCases) func everyPairIsAsItIsDecidedAlone(_ platform: Platform) {
    for seed in 0..<120 {
      var random = RandomPlatform(seed: seed)
      let model = platform.model(&random, seed: seed)
      let graph = model.accessGraph()
      var pairs = 0
      for edge in graph.edges {
        for source in graph.sourceClasses[edge.sourceClass] {
          for destination in graph.destinationClasses[edge.destinationClass] {
            let ip = source.kind == .outside ? AccessModel.outsideAddress : nil
            let alone = model.layeredReach(
              from: PeerProfile(principal: source.principal, workload: source.workload, ip: ip),
              to: destination.workload, port: destination.port)
            #expect(
              alone == .init(reach: edge.reach, layers: edge.layers),
              "\(platform) seed \(seed): \(source) \(destination)")
            pairs += 1
          }
        }
      }
      #expect(graph.outcomeCounts.values.reduce(0, +) == pairs)
    }
  }

  /// What the graph says of a pair holds of every request: `allow` and `deny` of all of them.
  @Test(arguments: Platform.allCases) func edgesAgreeWithDecisions(_ platform: Platform) {
    var compared = 0
    for seed in 0..<120 {
      var random = RandomPlatform(seed: seed)
      let model = platform.model(&random, seed: seed)
      let graph = model.accessGraph()
      for edge in graph.edges {
        for source in graph.sourceClasses[edge.sourceClass] where source.kind == .workload {
          for destination in graph.destinationClasses[edge.destinationClass] {
            let request = AccessRequest(
              source: .init(workload: source.workload),
              destination: .init(
                workload: destination.workload, port: destination.port, applicationProtocol: .http),
              http: .init(
                method: random.pick(RandomPlatform.methods), host: "x.agents",
                path: random.pick(RandomPlatform.paths)))
            let decision = model.decision(for: request).decision
            compared += 1
            switch edge.reach.outcome {
            case .allow: #expect(decision == .allow, "\(platform) seed \(seed): \(request)")
            case .deny: #expect(decision == .deny, "\(platform) seed \(seed): \(request)")
            case .partial:
              #expect(decision == .allow || decision == .deny, "\(platform) seed \(seed)")
            case .delegate, .unknown: continue
            }
          }
        }
      }
    }
    #expect(compared > 1_000)
  }

  /// The groups of one destination hold every source once, and are fewer than sources: the property above
  /// would hold of a graph that decides each pair.
  @Test(arguments: Platform.allCases) func groupsAreFewerThanSources(_ platform: Platform) {
    var grouped = 0
    for seed in 0..<40 {
      var random = RandomPlatform(seed: seed)
      let model = platform.model(&random, seed: seed)
      let sources = model.workloads.map {
        AccessGraph.Source(
          kind: .workload, principal: $0.principal, workload: $0.workload.id)
      }
      let callers = SourceGroups(sources, model: model)
      let facts = model.policyFacts()
      for port in model.portFacts() {
        let destination = AccessGraph.Destination(workload: port.workload, port: port.port)
        let policies = facts.filter { $0.attachedTo.contains(port.workload) }
        guard let groups = callers.groups(at: destination, policies) else { continue }
        #expect(groups.flatMap { $0 }.sorted() == Array(sources.indices), "seed \(seed)")
        if groups.count < sources.count { grouped += 1 }
      }
    }
    #expect(grouped > 40, "\(platform)")
  }
}
