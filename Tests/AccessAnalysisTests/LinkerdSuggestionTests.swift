import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

/// Small clusters of a few workloads and random Linkerd policies, from a seed.
struct RandomLinkerdCluster {
  private var random: RandomPlatform

  init(seed: Int) { random = RandomPlatform(seed: seed) }

  static func identity(_ workload: String) -> String {
    let parts = workload.split(separator: "/")
    return
      "\(parts[1]).\(parts[0]).serviceaccount.identity.linkerd.cluster.local"
  }

  private static let defaults = [
    "all-unauthenticated", "cluster-unauthenticated", "all-authenticated", "deny",
  ]

  mutating func documents() -> [String] {
    let namespaces = ["agents", "tools", "data"].map { name in
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: \(name)
        annotations:
          linkerd.io/inject: enabled
          config.linkerd.io/default-inbound-policy: \(random.pick(Self.defaults))
      """
    }
    let workloads = RandomPlatform.workloads.map { workload in
      let parts = workload.split(separator: "/")
      let probe =
        random.number(2) == 0
        ? "" : "\n            livenessProbe: {httpGet: {path: /live, port: 8080}}"
      return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(parts[1]), namespace: \(parts[0])}
        spec:
          selector: {matchLabels: {app: \(parts[1])}}
          template:
            metadata: {labels: {app: \(parts[1])}}
            spec:
              serviceAccountName: \(parts[1])
              containers:
              - name: main
                image: "x:1"
                ports: [{name: http, containerPort: 8080}]\(probe.replacing("            ", with: "        "))
        """
    }
    var policies: [String] = []
    for workload in RandomPlatform.workloads where random.number(2) == 0 {
      policies += self.policies(of: workload)
    }
    return namespaces + workloads + policies
  }

  private mutating func policies(of workload: String) -> [String] {
    let parts = workload.split(separator: "/")
    let (namespace, name) = (parts[0], parts[1])
    let access = random.number(3) == 0 ? "\n  accessPolicy: \(random.pick(Self.defaults))" : ""
    var result = [
      """
      apiVersion: policy.linkerd.io/v1beta3
      kind: Server
      metadata: {name: \(name), namespace: \(namespace)}
      spec:
        podSelector: {matchLabels: {app: \(name)}}
        port: 8080\(access)
      """
    ]
    let callers = (0..<(1 + random.number(2))).map { _ in
      "\"\(Self.identity(random.pick(RandomPlatform.workloads)))\""
    }
    result.append(
      """
      apiVersion: policy.linkerd.io/v1alpha1
      kind: MeshTLSAuthentication
      metadata: {name: \(name)-callers, namespace: \(namespace)}
      spec: {identities: [\(random.number(4) == 0 ? "\"*\"" : callers.joined(separator: ", "))]}
      """)
    let hasRoute = random.number(3) == 0
    if hasRoute {
      result.append(
        """
        apiVersion: policy.linkerd.io/v1beta3
        kind: HTTPRoute
        metadata: {name: \(name)-v1, namespace: \(namespace)}
        spec:
          parentRefs: [{group: policy.linkerd.io, kind: Server, name: \(name)}]
          rules:
          - matches: [{path: {type: PathPrefix, value: /v1}}]
        """)
    }
    result.append(
      """
      apiVersion: policy.linkerd.io/v1alpha1
      kind: AuthorizationPolicy
      metadata: {name: \(name), namespace: \(namespace)}
      spec:
        targetRef:
          group: policy.linkerd.io
          kind: \(hasRoute ? "HTTPRoute" : "Server")
          name: \(hasRoute ? "\(name)-v1" : String(name))
        requiredAuthenticationRefs:
        - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: \(name)-callers}
      """)
    return result
  }

  mutating func number(_ bound: Int) -> Int { random.number(bound) }

  mutating func observed() -> ObservedRequestKey {
    var key = random.observed()
    if let workload = key.source.workload {
      key.source.principal = Self.identity(workload.description)
      key.identitySource = .linkerd
    }
    if random.number(4) == 0 { key.pathTemplate = "/v1/plans/{id}" }
    key.format = "linkerd-json"
    return key
  }
}

@Suite struct LinkerdSuggestionTests {
  /// Suggested and replayed, nothing observed is refused and nothing opens; every allowed operation of a
  /// narrowed port was observed, up to its template.
  @Test func suggestionDeniesNothingObservedAndOpensNothing() throws {
    var suggested = 0
    var narrowed = 0
    for seed in 0..<150 {
      var random = RandomLinkerdCluster(seed: seed)
      let model = RandomPlatform.model(of: random.documents())
      let traffic = (0..<25).map { _ in (key: random.observed(), sum: RandomPlatform.sum) }
      let suggestions = SuggestedPolicies(traffic, model: model)
      suggested += suggestions.policies.count
      let head = try SuggestionProperties.check(
        suggestions, traffic: traffic, model: model, seed: seed)
      for _ in 0..<60 {
        var key = random.observed()
        if key.pathTemplate == "/v1/plans/{id}" { key.pathTemplate = "/v1/plans/8" }
        guard let target = key.destination.workload,
          let policy = suggestions.policies.first(where: { $0.workload == target }),
          case .servers(let servers) = policy.form,
          head.observedDecisions(on: [key]).first?.decision == .allow
        else { continue }
        let isRouted = servers.allSatisfy { $0.withoutRoutes == nil }
        let isObserved = traffic.contains { entry in
          entry.key.destination.workload == target
            && entry.key.source.principal == key.source.principal
            && (!isRouted
              || entry.key.method == key.method
                && (entry.key.pathTemplate == key.pathTemplate
                  || (entry.key.pathTemplate == "/v1/plans/{id}"
                    && key.pathTemplate?.hasPrefix("/v1/plans/") == true)))
        }
        #expect(isObserved, "seed \(seed): \(key)")
        narrowed += 1
      }
    }
    #expect(suggested > 100)
    #expect(narrowed > 300)
  }

  /// A second suggestion from the same traffic, on top of the first, changes nothing any more.
  @Test func suggestionIsStable() throws {
    for seed in 0..<40 {
      var random = RandomLinkerdCluster(seed: seed)
      let model = RandomPlatform.model(of: random.documents())
      let traffic = (0..<25).map { _ in (key: random.observed(), sum: RandomPlatform.sum) }
      let first = SuggestedPolicies(traffic, model: model)
      let head = try SuggestionProperties.check(first, traffic: traffic, model: model, seed: seed)
      let second = SuggestedPolicies(traffic, model: head)
      let again = try SuggestionProperties.check(
        second, traffic: traffic, model: head, seed: seed)
      #expect(AccessDiff(from: head, to: again).changes.isEmpty, "seed \(seed)")
    }
  }

  @Test func templatesBecomeWholeSegments() {
    func text(_ template: String) -> String? {
      LinkerdPathTemplate.match(of: template, method: "GET").map {
        "\($0.comparison.rawValue) \($0.path)"
      }
    }
    #expect(text("/v1/plans") == "Exact /v1/plans")
    #expect(text("/v1/plans/{id}/steps.json") == #"RegularExpression /v1/plans/[^/]+/steps\.json"#)
    #expect(text("/v1/files/{*}") == "PathPrefix /v1/files")
    #expect(text("/v1/fi{*}") == nil)
  }
}
