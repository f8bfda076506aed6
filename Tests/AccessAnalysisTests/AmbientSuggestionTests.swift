import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

/// Small ambient meshes, with and without waypoints, from a seed.
struct RandomAmbientMesh {
  private var random: RandomPlatform
  let hasWaypoint: Bool

  init(seed: Int) {
    random = RandomPlatform(seed: seed)
    hasWaypoint = seed % 2 == 1
  }

  mutating func documents() -> [String] {
    let namespaces = ["agents", "tools", "data"].map { name in
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: \(name)
        labels: {istio.io/dataplane-mode: ambient\(hasWaypoint ? ", istio.io/use-waypoint: waypoint" : "")}
      """
    }
    let workloads = Array(RandomPlatform.base.dropFirst(3))
    let services = RandomPlatform.workloads.map { workload in
      let parts = workload.split(separator: "/")
      return """
        apiVersion: v1
        kind: Service
        metadata: {name: \(parts[1]), namespace: \(parts[0])}
        spec:
          selector: {app: \(parts[1])}
          ports: [{name: http, port: 80, targetPort: 8080}]
        """
    }
    let waypoints = ["agents", "tools", "data"].map { name in
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: waypoint, namespace: \(name), labels: {istio.io/waypoint-for: service}}
      spec:
        gatewayClassName: istio-waypoint
        listeners: [{name: mesh, port: 15008, protocol: HBONE}]
      """
    }
    let policies = (0..<random.number(4)).map { policy($0) }
    return namespaces + workloads + services + (hasWaypoint ? waypoints : []) + policies
  }

  private mutating func policy(_ index: Int) -> String {
    let workload = random.pick(RandomPlatform.workloads)
    let parts = workload.split(separator: "/")
    let principals = (0..<(1 + random.number(3))).map { _ in
      "\"\(RandomPlatform.identity(random.pick(RandomPlatform.workloads)))\""
    }
    let source = "from: [{source: {principals: [\(principals.joined(separator: ", "))]}}]"
    let operation =
      hasWaypoint && random.number(2) == 0 ? ", to: [{operation: {methods: [GET, POST]}}]" : ""
    let target =
      hasWaypoint
      ? "targetRefs: [{group: \"\", kind: Service, name: \(parts[1])}]"
      : "selector: {matchLabels: {app: \(parts[1])}}"
    return """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: p\(index), namespace: \(parts[0])}
      spec:
        \(target)
        action: \(random.number(4) == 0 ? "DENY" : "ALLOW")
        rules: [{\(source)\(operation)}]
      """
  }

  /// A line of ztunnel's, or of a waypoint's proxy.
  mutating func observed() -> ObservedRequestKey {
    var key = random.observed()
    if key.source.principal == nil {
      key.source = ObservedParty(
        principal: "spiffe://" + RandomPlatform.identity("agents/planner"),
        workload: WorkloadID(namespace: "agents", name: "planner"))
      key.isMTLS = true
    }
    guard !hasWaypoint else {
      key.identitySource = .xfcc
      return key
    }
    key.identitySource = .ztunnel
    key.protocolName = "tcp"
    key.method = nil
    key.pathTemplate = nil
    key.responseClass = "tcp"
    key.format = "ztunnel"
    return key
  }
}

@Suite struct AmbientSuggestionTests {
  /// Suggested and replayed, nothing observed is refused and nothing opens; every allowed operation was
  /// observed where no other policy grants more.
  @Test func suggestionDeniesNothingObservedAndOpensNothing() throws {
    var suggested = [false: 0, true: 0]
    for seed in 0..<160 {
      var random = RandomAmbientMesh(seed: seed)
      let model = RandomPlatform.model(of: random.documents())
      let traffic = (0..<20).map { _ in (key: random.observed(), sum: RandomPlatform.sum) }
      let suggestions = SuggestedPolicies(traffic, model: model)
      suggested[random.hasWaypoint, default: 0] += suggestions.policies.count
      let head = try SuggestionProperties.check(
        suggestions, traffic: traffic, model: model, seed: seed)
      for _ in 0..<40 {
        let key = random.observed()
        guard let target = key.destination.workload,
          let policy = suggestions.policies.first(where: { $0.workload == target }),
          head.observedDecisions(on: [key]).first?.decision == .allow
        else { continue }
        let isBroader = model.policyFacts().contains {
          $0.action == .allow && $0.attachedTo.contains(target)
            && !policy.replaced.contains($0.policy)
        }
        let isObserved = traffic.contains { entry in
          entry.key.destination.workload == target && entry.key.method == key.method
            && entry.key.pathTemplate == key.pathTemplate
            && entry.key.source.principal == key.source.principal
        }
        #expect(isBroader || isObserved, "seed \(seed): \(key)")
      }
    }
    #expect(suggested[false, default: 0] > 50, "\(suggested)")
    #expect(suggested[true, default: 0] > 50, "\(suggested)")
  }
}
