import AuditModel
import MeshModel
import Testing

@testable import RegisterReader

private let place = SourceLocation(path: "register.yaml", line: 7, column: 5)

private func system(
  _ id: String, _ selectors: AISystem.WorkloadSelector..., status: AISystem.Status = .inService
) -> AISystem {
  AISystem(
    id: id, tradeName: id, status: status, roles: [], riskClass: .high, workloads: selectors,
    location: SourceLocation(path: "register.yaml", line: 3, column: 3))
}

private func register(_ systems: AISystem...) -> AIRegister {
  AIRegister(organisation: .object([]), systems: systems, location: place)
}

@Suite struct RegisterJoinTests {
  let planner = RegisterJoin.Candidate(
    id: WorkloadID(cluster: "eu-1", namespace: "agents", name: "planner"),
    labels: ["app": "planner", "part-of": "scout"],
    identity: "spiffe://example.org/ns/agents/sa/planner")
  let store = RegisterJoin.Candidate(
    id: WorkloadID(cluster: "eu-1", namespace: "data", name: "store"),
    labels: ["app": "store", "meshaudit.dev/ai-system": "b"])

  @Test func allFieldsOfASelectorHoldTogether() {
    let rows: [(AISystem.WorkloadSelector, Bool)] = [
      (.init(namespace: "agents", location: place), true),
      (.init(namespace: "data", location: place), false),
      (.init(cluster: "eu-1", namespace: "agents", location: place), true),
      (.init(cluster: "eu-2", namespace: "agents", location: place), false),
      (.init(labels: ["app": "planner"], location: place), true),
      (.init(labels: ["app": "planner", "part-of": "other"], location: place), false),
      (.init(spiffe: "spiffe://example.org/ns/agents/sa/planner", location: place), true),
      (.init(spiffe: "spiffe://example.org/ns/agents/sa/plan", location: place), false),
      (.init(spiffe: "spiffe://example.org/ns/agents/sa/plan*", location: place), true),
      (.init(spiffe: "spiffe://example.org/*", location: place), true),
      (.init(spiffe: "spiffe://example.org.evil/*", location: place), false),
      (.init(namespace: "data", spiffe: "spiffe://example.org/*", location: place), false),
    ]
    for (selector, expected) in rows {
      #expect(selector.selects(planner) == expected, "\(selector)")
    }
    #expect(
      !AISystem.WorkloadSelector(spiffe: "spiffe://example.org/*", location: place).selects(store))
  }

  @Test func linksAreTheUnionOfSelectorsAndLabels() {
    let join = RegisterJoin(
      register(
        system(
          "a", .init(namespace: "agents", location: place),
          .init(labels: ["app": "planner"], kind: "agent", location: place)),
        system("b", .init(namespace: "agents", location: place))),
      workloads: [store, planner])
    #expect(join.diagnostics.isEmpty)
    #expect(join.systems(of: planner.id) == ["a", "b"])
    #expect(join.systems(of: store.id) == ["b"])
    #expect(
      join.links.map { "\($0.systemID) \($0.workload)" } == [
        "a eu-1/agents/planner", "b eu-1/agents/planner", "b eu-1/data/store",
      ])
    #expect(join.links[0].kind == "agent")
    #expect(join.links(of: "b").count == 2)
    #expect(join.systems(of: WorkloadID(namespace: "agents", name: "planner")) == [])
  }

  @Test func selectorsWithoutAWorkloadAreReported() {
    let join = RegisterJoin(
      register(
        system("a", .init(namespace: "agents", labels: ["app": "x"], location: place)),
        system("b", .init(cluster: "us-9", namespace: "agents", location: place)),
        system("c", .init(namespace: "nowhere", location: place), status: .planned)),
      workloads: [planner])
    #expect(join.diagnostics.map(\.code) == ["selector-unmatched", "selector-elsewhere"])
    #expect(
      join.diagnostics[0].description == """
        register.yaml:7:5: warning: selector "namespace=agents, app=x" of system "a" selects no \
        workload [selector-unmatched]
          hint: compare it with the labels and identities of the pods
        """)
    #expect(join.diagnostics[1].severity == .note)
    #expect(join.diagnostics[1].hint == "the inputs are of \"eu-1\"")
  }

  @Test func aLabelThatNamesNoSystemIsReported() {
    let join = RegisterJoin(register(), workloads: [store])
    #expect(join.diagnostics.map(\.code) == ["unknown-ai-system"])
    #expect(join.links.isEmpty)
  }

  @Test func theOrderOfWorkloadsDoesNotMatter() {
    let systems = register(system("a", .init(labels: [:], spiffe: "spiffe://d/*", location: place)))
    let candidates = (0..<50).map {
      RegisterJoin.Candidate(
        id: WorkloadID(namespace: "n", name: "w\($0)"), identity: "spiffe://d/w\($0)")
    }
    let first = RegisterJoin(systems, workloads: candidates)
    let second = RegisterJoin(systems, workloads: candidates.reversed())
    #expect(first.links == second.links)
    #expect(first.links.count == 50)
  }
}
