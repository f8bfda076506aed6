import AuditModel
import MeshModel
import Testing

@testable import AccessAnalysis

/// Who may call the stop endpoint that a register declares.
@Suite struct StopPathsTests {
  private static let platform = [
    """
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, labels: {istio-injection: enabled}}
    """,
    LayeredCluster.workload("agents/planner"), LayeredCluster.workload("agents/caller"),
  ]

  private static func policy(_ operation: String) -> String {
    """
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: planner, namespace: agents}
    spec:
      selector: {matchLabels: {app: planner}}
      rules:
      - from:
        - source:
            principals: [cluster.local/ns/agents/sa/caller, cluster.local/ns/ops/sa/console]
        to: [{operation: {\(operation)}}]
    """
  }

  private static func facts(_ operation: String, endpoint: String = "POST /admin/stop")
    -> [StopPathFact]
  {
    let model = RandomPlatform.model(of: platform + [policy(operation)])
    let stop = JSONValue.object([
      .init("workload", .string("agents/planner")), .init("endpoint", .string(endpoint)),
    ])
    let place = SourceLocation(path: "register.yaml", line: 3, column: 3)
    let system = AISystem(
      id: "a", tradeName: "A", status: .inService, roles: [], riskClass: .high,
      oversightPrincipals: ["spiffe://cluster.local/ns/ops/sa/console"],
      entry: .object([.init("oversight", .object([.init("stop", stop)]))]), location: place)
    return model.stopPaths(
      of: AIRegister(organisation: .object([]), systems: [system], location: place),
      in: model.accessGraph())
  }

  private static func decision(of source: String, in facts: [StopPathFact]) -> Decision? {
    facts.first { $0.source == source }?.decision
  }

  @Test func pathsAreComparedAsTheProxyDoes() {
    let rows: [(String, Decision)] = [
      ("paths: [/admin/stop]", .allow), ("paths: [\"/admin/*\"]", .allow),
      ("paths: [\"*/stop\"]", .allow), ("methods: [GET]", .deny), ("paths: [/admin]", .deny),
      ("notPaths: [/admin/stop]", .deny),
    ]
    for (operation, expected) in rows {
      let facts = Self.facts(operation)
      #expect(Self.decision(of: "agents/caller", in: facts) == expected, "\(operation)")
      #expect(Self.decision(of: "unauthenticated", in: facts) == .deny, "\(operation)")
    }
  }

  @Test func aHostThatTheEndpointDoesNotSayIsNoDenial() {
    let facts = Self.facts("hosts: [planner.agents]")
    #expect(Self.decision(of: "agents/caller", in: facts) == .unknown)
    #expect(Self.decision(of: "agents/planner", in: facts) == .deny)
  }

  @Test func overseersWithoutWorkloadAreAsked() {
    let facts = Self.facts("methods: [POST]")
    let overseers = facts.filter(\.isOverseer)
    #expect(overseers.map(\.sourceKind) == ["identity"])
    #expect(overseers.map(\.decision) == [.allow])
  }

  @Test func anEndpointThatCannotBeReadHasNoCallers() {
    #expect(Self.facts("methods: [POST]", endpoint: "stop").isEmpty)
  }
}
