import MeshModel
import Testing

@testable import AccessAnalysis

@Suite struct ReplayTests {
  @Test func replayAgainstItselfChangesNothing() {
    for seed in 0..<80 {
      var random = RandomPlatform(seed: seed)
      let model = RandomPlatform.model(random.policies())
      let traffic = (0..<40).map { _ in (key: random.observed(), sum: RandomPlatform.sum) }
      let replay = Replay(traffic, from: model, to: model)
      #expect(replay.lines.allSatisfy { $0.effect == .unexplained }, "seed \(seed)")
      #expect(replay.requestCounts.values.reduce(0, +) == 120)
    }
  }

  @Test func effectsFollowTheDecisions() {
    var breaks = 0
    for seed in 0..<80 {
      var random = RandomPlatform(seed: seed)
      let (base, head) = (
        RandomPlatform.model(random.policies()), RandomPlatform.model(random.policies())
      )
      let key = random.observed()
      let line = Replay([(key: key, sum: RandomPlatform.sum)], from: base, to: head).lines.first
      let request = AccessRequest(
        source: .init(principal: key.source.principal),
        destination: .init(
          workload: key.destination.workload, port: 8080, applicationProtocol: .http),
        http: .init(method: key.method, path: key.pathTemplate))
      let (old, new) = (base.decision(for: request), head.decision(for: request))
      if line?.effect == .breaks {
        breaks += 1
        #expect(old.decision == .allow && new.decision == .deny, "seed \(seed)")
      }
      if line?.effect == .opens {
        #expect(old.decision == .deny && new.decision == .allow, "seed \(seed)")
      }
    }
    #expect(breaks > 3)
  }

  @Test func renamedIdentityIsReplayedUnderItsNewName() {
    func policy(_ account: String) -> String {
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: planner, namespace: agents}
      spec:
        selector: {matchLabels: {app: planner}}
        rules: [{from: [{source: {principals: [cluster.local/ns/tools/sa/\(account)]}}]}]
      """
    }
    let renamed = RandomPlatform.base.map {
      $0.contains("name: browser, namespace")
        ? $0.replacing("serviceAccountName: browser", with: "serviceAccountName: web") : $0
    }
    let base = RandomPlatform.model([policy("browser")])
    let head = RandomPlatform.model(of: renamed + [policy("web")])
    let forgotten = RandomPlatform.model(of: renamed + [policy("browser")])
    var key = RandomPlatform.call
    key.source = ObservedParty(principal: "spiffe://cluster.local/ns/tools/sa/browser")
    let traffic = [(key: key, sum: RandomPlatform.sum)]
    #expect(Replay(traffic, from: base, to: head).lines.isEmpty)
    #expect(Replay(traffic, from: base, to: forgotten).lines.map(\.effect) == [.breaks])
  }
}

extension RandomPlatform {
  static var call: ObservedRequestKey {
    var random = RandomPlatform(seed: 1)
    var key = random.observed()
    key.destination = ObservedParty(workload: WorkloadID(namespace: "agents", name: "planner"))
    key.identitySource = .peerURISAN
    key.isMTLS = true
    return key
  }
}

@Suite struct ObservedPathTests {
  @Test(arguments: [
    ("/v1/documents/{id}", "/v1/search", false), ("/v1/documents/{id}", "/v1/documents/7", true),
    ("/v1/documents/{id}", "/v1/*", true), ("/v1/documents/{id}", "/v1/documents/7/*", true),
    ("/v1/documents/{id}", "/v2/*", false), ("/v1/documents/{id}", "*/7", true),
    ("/v1/documents/{id}", "/v1/{*}/7", true), ("/v1/files/a{*}", "/v1/files/abc", true),
    ("/v1/documents/{id}/text", "/v1/documents/7/raw", false),
  ])
  func literalPartsDecide(template: String, pattern: String, mayMatch: Bool) {
    #expect(ObservedPath.mayBe(in: template, path: pattern) == mayMatch)
  }

  @Test func placeholdersAreFilled() {
    #expect(ObservedPath.representative(of: "/v1/plans") == "/v1/plans")
    #expect(!ObservedPath.representative(of: "/v1/{id}/a{*}").contains("{"))
  }
}
