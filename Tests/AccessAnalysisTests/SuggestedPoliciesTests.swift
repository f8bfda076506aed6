import AuditModel
import DocumentReader
import ManifestReader
import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct SuggestedPoliciesTests {
  /// Suggested and replayed, nothing that was observed and allowed is refused, and nothing opens; every
  /// allowed operation was observed.
  @Test func suggestionDeniesNothingObservedAndOpensNothing() throws {
    var suggested = 0
    for seed in 0..<120 {
      var random = RandomPlatform(seed: seed)
      let model = RandomPlatform.model(random.policies())
      let traffic = (0..<25).map { _ in (key: random.observed(), sum: RandomPlatform.sum) }
      let suggestions = SuggestedPolicies(traffic, model: model)
      suggested += suggestions.policies.count
      let head = try SuggestionProperties.check(
        suggestions, traffic: traffic, model: model, seed: seed)
      for _ in 0..<40 {
        let request = random.request()
        guard let target = request.destination.workload,
          let policy = suggestions.policies.first(where: { $0.workload == target }),
          head.decision(for: request).decision == .allow
        else { continue }
        // Policies of the namespace or the mesh may grant more; those of the workload must not.
        let isBroader = model.policyFacts().contains {
          $0.action == .allow && $0.attachedTo.contains(target)
            && !policy.replaced.contains($0.policy)
        }
        let isObserved = traffic.contains { entry in
          entry.key.destination.workload == target && entry.key.method == request.http?.method
            && entry.key.pathTemplate == request.http?.path
            && (entry.key.source.principal == request.source.principal
              || entry.key.source.principal == nil)
        }
        #expect(isBroader || isObserved, "seed \(seed): \(request)")
      }
    }
    #expect(suggested > 50)
  }

  @Test func templatesBecomePatterns() {
    #expect(IstioPathTemplate.pattern(of: "/v1/plans") == "/v1/plans")
    #expect(IstioPathTemplate.pattern(of: "/v1/plans/{id}/steps") == "/v1/plans/{*}/steps")
    #expect(IstioPathTemplate.pattern(of: "/v1/files/a{*}") == "/v1/files/a*")
    #expect(IstioPathTemplate.pattern(of: "/v1/{id}/a{*}") == nil)
    #expect(IstioPathTemplate.pattern(of: "/v1/x{id}") == nil)
    #expect(IstioPathTemplate.pattern(of: "/v1/*") == nil)
  }

  @Test func templatesOfLogsAreAdmittedAndStayNarrow() throws {
    let policy = """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: planner, namespace: agents}
      spec:
        selector: {matchLabels: {app: planner}}
        rules:
        - from: [{source: {principals: ["cluster.local/ns/*"]}}]
          to: [{operation: {paths: ["/v1/*"]}}]
      """
    let model = RandomPlatform.model([policy])
    var key = RandomPlatform.call
    key.source = ObservedParty(principal: "spiffe://cluster.local/ns/tools/sa/browser")
    key.method = "GET"
    key.pathTemplate = "/v1/plans/{id}"
    let traffic = [(key: key, sum: RandomPlatform.sum)]
    let suggestions = SuggestedPolicies(traffic, model: model)
    let suggestion = try #require(suggestions.policies.first)
    #expect(suggestion.name == "planner")
    #expect(suggestion.form == .selector(["app": "planner"]))
    #expect(
      suggestion.rules.map(\.operations) == [
        [.init(port: 8080, methods: ["GET"], paths: ["/v1/plans/{*}"])]
      ])
    let head = AccessModel(
      inventory: SuggestedPolicies.applied(
        suggestions.policies, read: try SuggestionProperties.read(suggestions.policies),
        to: model.inventory))
    #expect(Replay(traffic, from: model, to: head).lines.isEmpty)
    let diff = AccessDiff(from: model, to: head)
    #expect(diff.changes.allSatisfy { $0.kind == .closes })
    #expect(!diff.changes.isEmpty)
  }

  @Test func nothingIsSuggestedWhereACallerIsInDoubt() {
    var key = RandomPlatform.call
    key.identitySource = .address
    key.isMTLS = nil
    let suggestions = SuggestedPolicies(
      [(key: key, sum: RandomPlatform.sum)], model: RandomPlatform.model([]))
    #expect(suggestions.policies.isEmpty)
    #expect(suggestions.refusals.map(\.workload.name) == ["planner"])
  }
}

@Suite struct TransitiveReachTests {
  @Test func shortestWayIsFoundUpToTheLimit() {
    let calls: [(source: String, destination: String)] = [
      ("gateway", "agent"), ("agent", "tool"), ("tool", "store"), ("agent", "agent"),
      ("store", "gateway"), ("gateway", "tool"),
    ]
    let reach = TransitiveReach(calls: calls)
    #expect(
      reach.paths(from: "gateway", hopLimit: 1).map(\.steps) == [
        ["gateway", "agent"], ["gateway", "tool"],
      ])
    let far = reach.paths(from: "gateway", hopLimit: 9)
    #expect(far.last?.steps == ["gateway", "tool", "store"])
    #expect(far.count == 3)
    #expect(reach.paths(from: "nobody", hopLimit: 3).isEmpty)
  }
}
