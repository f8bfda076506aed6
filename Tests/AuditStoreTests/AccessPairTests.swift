import AuditModel
import GRDB
import MeshModel
import Testing

@testable import AuditStore

/// The access graph in the store: kept by exceptions, shown pair by pair.
@Suite struct AccessPairTests {
  private static let place = SourceLocation(path: "mesh/a.yaml", line: 1, column: 1)

  private static func workload(_ index: Int) -> WorkloadID {
    WorkloadID(namespace: "agents", name: "w\(index)")
  }

  /// A graph over `count` workloads in which most pairs come out alike, from a seed.
  private static func graph(_ count: Int, seed: UInt64) -> AccessGraph {
    var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let outcomes = [Reach.Outcome.deny, .allow, .partial, .delegate].map {
      AccessGraph.Outcome(reach: Reach($0, layer: .istio, decidedBy: ["rule-\($0.rawValue)"]))
    }
    // Sources in classes of one or two.
    var sources: [[AccessGraph.Source]] = [[.init(kind: .unauthenticated)]]
    for index in 0..<count {
      let source = AccessGraph.Source(
        kind: .workload, principal: "td/\(index)", workload: workload(index))
      if next(3) == 0, sources.count > 1 {
        sources[sources.count - 1].append(source)
      } else {
        sources.append([source])
      }
    }
    let columns = (0..<count).map { _ in
      let rest = Int32(next(4))
      return sources.map { _ in next(5) == 0 ? Int32(next(4)) : rest }
    }
    return AccessGraph(
      sourceClasses: sources,
      destinationClasses: (0..<count).map { [.init(workload: workload($0), port: 8080)] },
      outcomes: outcomes, columns: columns)
  }

  private static func facts(_ graph: AccessGraph, count: Int) -> RunFacts {
    RunFacts(
      inventory: MeshInventory(),
      workloads: (0..<count).map { index in
        WorkloadFact(
          workload: Workload(
            id: workload(index), kind: "Deployment",
            template: PodTemplate(serviceAccountName: "w\(index)", location: place),
            location: place), dataplane: .sidecar, dataplaneReason: "label",
          principal: "td/\(index)", layer: .istio)
      }, ports: [], policies: [], graph: graph, settings: [], telemetry: [], certificates: [],
      privateKeys: [], register: nil, members: [], observedDecisions: [], inputs: [],
      diagnostics: [], hasTraffic: false)
  }

  private static func start(_ key: String) -> RunStart {
    RunStart(
      key: key, asOf: UTCTime(seconds: 0), startedAt: UTCTime(seconds: 0), toolVersion: "test",
      rulesDigest: "", cluster: "")
  }

  private static let pairs = """
    select e.source || ' ' || w.name || ' ' || e.port || ' ' || e.decision || ' ' || e.decided_by
    from access_edge e
    join workload w on w.workload_id = e.destination_workload_id
    """

  /// Every pair of members once, with its own outcome, in the second run of a file as in the first.
  @Test func everyPairIsShownOnce() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    for seed in 0..<20 {
      let graph = Self.graph(12, seed: UInt64(seed))
      _ = try store.begin(Self.start("run-\(seed)"), facts: Self.facts(graph, count: 12))
      var expected: [String] = []
      for edge in graph.edges {
        for source in graph.sourceClasses[edge.sourceClass] {
          for destination in graph.destinationClasses[edge.destinationClass] {
            let decision = edge.reach.outcome.rawValue
            expected.append(
              "\(source.name) \(destination.workload.name) 8080 \(decision) [\"rule-\(decision)\"]")
          }
        }
      }
      let found = try store.database.read { try String.fetchAll($0, sql: Self.pairs) }
      #expect(found.sorted() == expected.sorted(), "seed \(seed)")
    }
  }

  /// Rows are those of what differs: one for each destination where all come out alike.
  @Test func whatIsAlikeIsKeptOnce() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    var graph = Self.graph(40, seed: 7)
    graph = AccessGraph(
      sourceClasses: graph.sourceClasses, destinationClasses: graph.destinationClasses,
      outcomes: graph.outcomes,
      columns: graph.columns.map { column in
        column.indices.map { $0 == 3 ? Int32(1) : Int32(0) }
      })
    _ = try store.begin(Self.start("run"), facts: Self.facts(graph, count: 40))
    let rows = try store.database.read {
      try Int.fetchOne($0, sql: "select count(*) from access_class_pairs")
    }
    #expect(rows == 80)
  }

  /// What an earlier version wrote, one row for each pair of classes, is still shown.
  @Test func edgesOfEarlierVersionsAreCarriedOver() throws {
    let folder = try TemporaryStore()
    do {
      let database = try DatabaseQueue(path: folder.path)
      try Migrations.migrator.migrate(database, upTo: "008-counter-days")
      try database.write { connection in
        for statement in [
          """
          insert into runs (run_id, run_key, sequence, as_of, started_at, tool_version, rules_digest,
            cluster, outcome)
          values (1, 'k', 1, '2026-11-20T06:00:00Z', '2026-11-20T06:00:00Z', 'test', '', '', 'clean')
          """,
          "insert into current_run (singleton, run_id) values (1, 1)",
          """
          insert into workloads (workload_id, run_id, cluster, namespace, name, kind, service_account,
            layer, dataplane, dataplane_reason, labels, annotations, uses_host_network)
          values (1, 1, '', 'agents', 'w0', 'Deployment', 'w0', 'istio', 'sidecar', '', '{}', '{}', 0)
          """,
          """
          insert into access_sources (run_id, class_id, kind, name) values
            (1, 1, 'unauthenticated', 'unauthenticated'), (1, 2, 'outside', 'outside')
          """,
          "insert into access_destinations (run_id, class_id, workload_id, port) values (1, 1, 1, 80)",
          """
          insert into access_edges (run_id, source_class_id, destination_class_id, decision, layer,
            operations, decided_by)
          values (1, 1, 1, 'allow', 'istio', '[]', '["r"]'), (1, 2, 1, 'deny', 'istio', '[]', '[]')
          """,
        ] { try connection.execute(sql: statement) }
      }
      try database.close()
    }
    let store = try AuditStore(path: folder.path)
    let found = try store.database.read { try String.fetchAll($0, sql: Self.pairs) }
    #expect(
      found.sorted() == ["outside w0 80 deny []", "unauthenticated w0 80 allow [\"r\"]"])
  }
}
