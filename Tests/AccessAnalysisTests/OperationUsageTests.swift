import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct OperationUsageTests {
  private static let planner = WorkloadID(namespace: "agents", name: "planner")

  private static func model(_ rules: String) -> AccessModel {
    RandomPlatform.model([
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: planner, namespace: agents}
      spec:
        selector: {matchLabels: {app: planner}}
        rules:
      \(rules)
      """
    ])
  }

  private static func call(_ method: String, _ path: String) -> ObservedRequestKey {
    var key = RandomPlatform.call
    key.source = ObservedParty(
      principal: "spiffe://cluster.local/ns/tools/sa/browser",
      workload: WorkloadID(namespace: "tools", name: "browser"))
    key.destination = ObservedParty(workload: planner)
    key.method = method
    key.pathTemplate = path
    return key
  }

  private static func usage(_ rules: String, _ keys: [ObservedRequestKey]) -> OperationUsage {
    let model = model(rules)
    return model.operationUsage(of: model.observedDecisions(on: keys))
  }

  private static func text(_ operation: GrantedOperation) -> String {
    "\(operation.method ?? "-") \(operation.path ?? "-")"
  }

  @Test func everyMethodOnEveryPathIsOneOperation() {
    let call = Self.call("GET", "/v1/plans/{id}")
    let usage = Self.usage(
      #"  - to: [{operation: {methods: [GET, POST], paths: ["/v1/plans/*", "/admin"]}}]"#, [call])
    #expect(
      usage.granted.map(Self.text) == [
        "GET /admin", "POST /admin", "GET /v1/plans/*", "POST /v1/plans/*",
      ])
    #expect(usage.uses[call]?.map { Self.text(usage.granted[$0]) } == ["GET /v1/plans/*"])
  }

  @Test func pathsWithoutMethodsGrantThemAll() {
    let usage = Self.usage(
      #"  - to: [{operation: {paths: ["/v1/*"], notMethods: [DELETE]}}]"#,
      [Self.call("GET", "/v1/a")])
    #expect(
      usage.granted.map(\.method) == ["GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
  }

  @Test func ruleWithoutOperationsGrantsThePort() {
    let call = Self.call("GET", "/v1/a")
    let usage = Self.usage("  - from: [{source: {namespaces: [tools]}}]", [call])
    #expect(usage.granted.map(Self.text) == ["- -"])
    #expect(usage.granted.map(\.port) == [8080])
    #expect(usage.uses[call] == [0])
  }

  @Test func ofUnwatchedWorkloadsNothingIsSaid() {
    #expect(Self.usage("  - to: [{operation: {methods: [GET]}}]", []).granted.isEmpty)
  }

  @Test func deniedRequestsAreNoUse() {
    var call = Self.call("GET", "/v1/a")
    call.outcome = .denied
    #expect(Self.usage("  - to: [{operation: {methods: [GET]}}]", [call]).uses.isEmpty)
  }

  /// Whatever is used was granted by the rule that the decision names.
  @Test func usesAreOfTheGrantingRule() {
    var count = 0
    for seed in 0..<80 {
      var random = RandomPlatform(seed: seed)
      let model = RandomPlatform.model(random.policies())
      let decisions = model.observedDecisions(on: (0..<20).map { _ in random.observed() })
      let usage = model.operationUsage(of: decisions)
      for decision in decisions {
        guard let granted = decision.grantedBy else {
          #expect(usage.uses[decision.key] == nil, "seed \(seed)")
          continue
        }
        let used = usage.uses[decision.key] ?? []
        #expect(!used.isEmpty, "seed \(seed): \(decision)")
        for place in used {
          let operation = usage.granted[place]
          let id =
            "ns[\(operation.policy.namespace)]-policy[\(operation.policy.name)]-rule[\(operation.ruleIndex)]"
          #expect(id == granted, "seed \(seed)")
          #expect(operation.method == nil || operation.method == decision.key.method)
          count += 1
        }
      }
    }
    #expect(count > 100)
  }
}

@Suite struct RedundantRulesTests {
  /// Taking a redundant rule away changes no decision.
  @Test func withoutThemNothingChanges() {
    var found = 0
    for seed in 0..<150 {
      var random = RandomPlatform(seed: seed)
      let model = RandomPlatform.model(
        (0..<4).map { random.policy($0, action: $0 == 3 ? nil : "ALLOW") })
      guard let redundant = model.redundantRules().first else { continue }
      found += 1
      var inventory = model.inventory
      for index in inventory.istio.authorizationPolicies.indices
      where inventory.istio.authorizationPolicies[index].reference == redundant.policy {
        inventory.istio.authorizationPolicies[index].rules.remove(at: redundant.ruleIndex)
      }
      let without = AccessModel(inventory: inventory)
      for _ in 0..<60 {
        let request = random.request()
        #expect(
          model.decision(for: request).decision == without.decision(for: request).decision,
          "seed \(seed): \(redundant) \(request)")
      }
    }
    #expect(found > 20)
  }

  @Test func ofTwoEqualRulesTheLaterOneIsRedundant() {
    let rule = "{to: [{operation: {methods: [GET]}}]}"
    let model = RandomPlatform.model([
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: planner, namespace: agents}
      spec: {selector: {matchLabels: {app: planner}}, rules: [\(rule), \(rule)]}
      """
    ])
    #expect(model.redundantRules().map(\.ruleIndex) == [1])
    #expect(model.redundantRules().map(\.coveringRuleIndex) == [0])
  }
}
