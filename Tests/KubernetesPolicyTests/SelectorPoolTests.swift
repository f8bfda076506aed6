import MeshModel
import Testing

@testable import KubernetesPolicy

@Suite struct SelectorPoolTests {
  private static let seed = UInt64.random(in: .min ... .max)

  @Test func matchesAsTheSelectorDoes() {
    print("seed \(Self.seed)")
    var random = SeededGenerator(seed: Self.seed)
    let keys = ["app", "tier", "team"]
    let values = ["a", "b", ""]
    var matched = 0
    for _ in 0..<500 {
      var table = NetworkLabelTable()
      var pool = SelectorPool()
      let selectors = (0..<4).map { _ in
        var selector = LabelSelector()
        for key in keys where Int.random(in: 0..<4, using: &random) == 0 {
          selector.matchLabels[key] = random.pick(values)
        }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
          selector.matchExpressions.append(
            .init(
              key: random.pick(keys),
              operation: random.pick([.isIn, .notIn, .exists, .doesNotExist]),
              values: values.filter { _ in Bool.random(using: &random) }))
        }
        return selector
      }
      let places = selectors.map { pool.add($0, &table) }
      for _ in 0..<8 {
        var labels = ["other": "x"]
        for key in keys where Bool.random(using: &random) {
          labels[key] = random.pick(values + ["z"])
        }
        let numbers = table.numbers(of: labels)
        for (selector, place) in zip(selectors, places) {
          let expected = selector.matches(labels)
          if expected { matched += 1 }
          #expect(
            pool.matches(place, numbers) == expected, "seed \(Self.seed): \(selector) \(labels)")
          #expect(place.isEmpty == selector.isEmpty)
        }
      }
    }
    #expect(matched > 1000)
  }
}

@Suite struct NetworkPolicyPortTests {
  private func decision(_ ports: String, to port: Int?, declares: String = "") -> Decision {
    NetworkPolicyModel(
      inventory: Manifests.inventory(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: one, labels: {app: a}}
        spec: {containers: [{name: app, ports: [\(declares)]}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: one}
        spec: {podSelector: {}, ingress: [{ports: [\(ports)]}]}
        ---

        """)
    ).decision(
      for: AccessRequest(
        source: .init(ip: IPAddress("203.0.113.1")),
        destination: .init(workload: .init(namespace: "one", name: "a"), port: port))
    ).decision
  }

  /// Kubernetes API reference, NetworkPolicyPort.
  @Test func portsAreNumbersNamesAndRanges() {
    let http = "{name: http, containerPort: 8080}"
    #expect(decision("{port: 8080}", to: 8080) == .allow)
    #expect(decision("{port: 8080}", to: 8081) == .deny)
    #expect(decision("{port: 8000, endPort: 8099}", to: 8099) == .allow)
    #expect(decision("{port: 8000, endPort: 8099}", to: 8100) == .deny)
    #expect(decision("{port: http}", to: 8080, declares: http) == .allow)
    #expect(decision("{port: http}", to: 9090, declares: http) == .deny)
    // A name that the pod does not declare, or declares for another transport, is no port of it.
    #expect(decision("{port: http}", to: 8080) == .deny)
    #expect(
      decision(
        "{port: http}", to: 8080, declares: "{name: http, containerPort: 8080, protocol: UDP}")
        == .deny)
    #expect(decision("{protocol: UDP, port: 8080}", to: 8080) == .deny)
    #expect(decision("{protocol: TCP}", to: 1) == .allow)
    #expect(decision("", to: 1) == .allow)
    // A request that names no port.
    #expect(decision("{port: 8080}", to: nil) == .unknown)
    #expect(decision("{protocol: UDP}", to: nil) == .deny)
    #expect(decision("{port: http}", to: nil, declares: http) == .unknown)
    #expect(decision("{port: http}", to: nil) == .deny)
  }
}
