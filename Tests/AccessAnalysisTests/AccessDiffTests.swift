import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct AccessDiffTests {
  private static let seeds = 0..<150

  @Test func meshAgainstItselfHasNoChange() {
    for seed in Self.seeds {
      var random = RandomPlatform(seed: seed)
      let policies = random.policies()
      let diff = AccessDiff(
        from: RandomPlatform.model(policies), to: RandomPlatform.model(policies.reversed()))
      #expect(diff.changes.isEmpty, "seed \(seed): \(diff.changes)")
    }
  }

  @Test func addingADenyNeverOpens() {
    var closing = 0
    for seed in Self.seeds {
      var random = RandomPlatform(seed: seed)
      let policies = random.policies()
      let deny = random.policy(99, action: "DENY")
      let diff = AccessDiff(
        from: RandomPlatform.model(policies), to: RandomPlatform.model(policies + [deny]))
      for change in diff.changes {
        #expect(change.kind == .closes || change.kind == .unknown, "seed \(seed): \(change)")
        #expect(change.opened.isEmpty, "seed \(seed): \(change)\n\(policies)\n\(deny)")
        #expect(change.causes.first?.location != nil, "seed \(seed): \(change)")
      }
      closing += diff.changes.count
      let back = AccessDiff(
        from: RandomPlatform.model(policies + [deny]), to: RandomPlatform.model(policies))
      #expect(back.changes.allSatisfy { $0.closed.isEmpty }, "seed \(seed)")
    }
    #expect(closing > 100)
  }

  /// What differs between two meshes for a single request is in the diff, in the right direction.
  @Test func everyDecisionThatChangesIsInTheDiff() {
    var changed = 0
    for seed in Self.seeds {
      var random = RandomPlatform(seed: seed)
      let first = RandomPlatform.model(random.policies())
      let second = RandomPlatform.model(random.policies())
      let diff = AccessDiff(from: first, to: second)
      for _ in 0..<60 {
        let request = random.request()
        let (before, after) = (first.decision(for: request), second.decision(for: request))
        guard before.decision != after.decision, let target = request.destination.workload else {
          continue
        }
        changed += 1
        let source = RandomPlatform.workload(of: request.source.principal)
        let entry = diff.changes.first { change in
          change.destinations.contains { $0.workload == target && $0.port == 8080 }
            && change.sources.contains {
              source == nil ? $0.kind == .unauthenticated : $0.workload == source
            }
        }
        #expect(entry != nil, "seed \(seed): \(request)")
        let isOpening = before.decision == .deny
        #expect(
          entry.map { (isOpening ? $0.opened : $0.closed).isEmpty == false } ?? false,
          "seed \(seed): \(request) \(before.decision) -> \(after.decision), \(String(describing: entry))"
        )
      }
    }
    #expect(changed > 500)
  }

  @Test func graphAgreesWithDecisions() {
    var compared = 0
    for seed in Self.seeds {
      var random = RandomPlatform(seed: seed)
      let model = RandomPlatform.model(random.policies())
      let graph = model.accessGraph()
      for _ in 0..<40 {
        let request = random.request()
        guard let target = request.destination.workload else { continue }
        let source = RandomPlatform.workload(of: request.source.principal)
        let row = graph.sourceClasses.firstIndex {
          $0.contains { source == nil ? $0.kind == .unauthenticated : $0.workload == source }
        }
        let column = graph.destinationClasses.firstIndex {
          $0.contains { $0.workload == target && $0.port == 8080 }
        }
        let edge = graph.edges.first { $0.sourceClass == row && $0.destinationClass == column }
        let decision = model.decision(for: request).decision
        compared += 1
        switch edge?.reach.outcome {
        case .allow?: #expect(decision == .allow, "seed \(seed): \(request)")
        case .deny?: #expect(decision == .deny, "seed \(seed): \(request)")
        case .partial?: #expect(decision == .allow || decision == .deny, "seed \(seed)")
        case .delegate?, .unknown?, nil: Issue.record("seed \(seed): \(String(describing: edge))")
        }
      }
    }
    #expect(compared == 6_000)
  }

  @Test func changedLineIsNamed() {
    let policy = """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: planner, namespace: agents}
      spec:
        selector: {matchLabels: {app: planner}}
        rules:
        - from:
          - source:
              principals:
              - cluster.local/ns/agents/sa/retriever
          to: [{operation: {methods: [POST]}}]
      """
    let wider = policy.replacing(
      "- cluster.local/ns/agents/sa/retriever",
      with: "- cluster.local/ns/agents/sa/retriever\n        - cluster.local/ns/tools/sa/browser")
    let diff = AccessDiff(from: RandomPlatform.model([policy]), to: RandomPlatform.model([wider]))
    #expect(diff.changes.count == 1)
    let change = diff.changes[0]
    #expect(change.kind == .opens)
    #expect(change.sources.map(\.name) == ["tools/browser"])
    #expect(change.causes.map(\.text) == ["AuthorizationPolicy agents/planner"])
    #expect(change.causes[0].location?.line == 11)

    let lost = AccessDiff(from: RandomPlatform.model([policy]), to: RandomPlatform.model([]))
    #expect(lost.changes.allSatisfy { $0.kind == .opens })
    #expect(lost.changes.contains { $0.reachesTheUnknown })
    #expect(lost.changes[0].causes[0].action == .removed)
    #expect(lost.changes[0].causes[0].baseLocation != nil)
  }

  @Test func mTLSModeExplainsAChangeWithoutPolicy() {
    func mode(_ mode: String) -> String {
      """
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: default, namespace: agents}
      spec: {mtls: {mode: \(mode)}}
      """
    }
    let diff = AccessDiff(
      from: RandomPlatform.model([mode("STRICT")]), to: RandomPlatform.model([mode("PERMISSIVE")]))
    #expect(!diff.changes.isEmpty)
    #expect(diff.changes.allSatisfy { $0.kind == .opens && $0.reachesTheUnknown })
    #expect(diff.changes[0].causes.map(\.text) == ["PeerAuthentication agents/default"])
  }
}
