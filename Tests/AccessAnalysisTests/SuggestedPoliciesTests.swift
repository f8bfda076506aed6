import AuditModel
import DocumentReader
import ManifestReader
import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct SuggestedPoliciesTests {
  /// The policies as the resources that their YAML would be read as.
  private func resources(_ policies: [SuggestedPolicy]) -> [IstioAuthorizationPolicy] {
    let place = SourceLocation(path: "suggested")
    func values(_ field: IstioAuthorizationPolicy.Field, _ list: [String])
      -> [IstioAuthorizationPolicy.Term]
    {
      list.isEmpty ? [] : [.init(field: field, values: list.map { Located($0, at: place) })]
    }
    return policies.map { policy in
      IstioAuthorizationPolicy(
        metadata: ResourceMetadata(
          reference: ResourceReference(
            kind: ResourceKind(group: "security.istio.io", kind: "AuthorizationPolicy"),
            namespace: policy.workload.namespace, name: policy.name), location: place),
        attachment: IstioAttachment(selector: LabelSelector(matchLabels: policy.labels)),
        action: .allow,
        rules: policy.rules.map { rule in
          IstioAuthorizationPolicy.Rule(
            sources: rule.principals.isEmpty
              ? [] : [.init(terms: values(.principals, rule.principals), location: place)],
            operations: rule.operations.map {
              .init(
                terms: values(.ports, [String($0.port)]) + values(.methods, $0.methods)
                  + values(.paths, $0.paths), location: place)
            }, conditions: [], location: place)
        })
    }
  }

  /// Suggested and replayed, nothing that was observed and allowed is refused, and nothing opens; every
  /// allowed operation was observed.
  @Test func suggestionDeniesNothingObservedAndOpensNothing() {
    var suggested = 0
    for seed in 0..<120 {
      var random = RandomPlatform(seed: seed)
      let model = RandomPlatform.model(random.policies())
      let traffic = (0..<25).map { _ in (key: random.observed(), sum: RandomPlatform.sum) }
      let suggestions = SuggestedPolicies(traffic, model: model)
      suggested += suggestions.policies.count
      let applied = SuggestedPolicies.applied(
        suggestions.policies, read: resources(suggestions.policies), to: model.inventory)
      let head = AccessModel(inventory: applied)
      let replay = Replay(traffic, from: model, to: head)
      #expect(replay.requestCounts[.breaks] == nil, "seed \(seed): \(replay.lines)")
      #expect(replay.requestCounts[.opens] == nil, "seed \(seed): \(replay.lines)")
      let diff = AccessDiff(from: model, to: head)
      #expect(
        diff.changes.allSatisfy { $0.opened.isEmpty },
        "seed \(seed): \(diff.changes.filter { !$0.opened.isEmpty })")
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
    #expect(suggestion.labels == ["app": "planner"])
    #expect(
      suggestion.rules.map(\.operations) == [
        [.init(port: 8080, methods: ["GET"], paths: ["/v1/plans/{*}"])]
      ])
    let head = AccessModel(
      inventory: SuggestedPolicies.applied(
        suggestions.policies, read: resources(suggestions.policies), to: model.inventory))
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
