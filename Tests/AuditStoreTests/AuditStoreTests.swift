import AuditModel
import Foundation
import GRDB
import MeshModel
import Testing

@testable import AuditStore

/// A store in a folder of its own, removed at the end.
final class TemporaryStore {
  let folder: URL
  var path: String { folder.appending(path: "audit.sqlite").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}

@Suite struct AuditStoreTests {
  private let place = SourceLocation(path: "mesh/a.yaml", line: 3, column: 5)

  private func facts(workload name: String = "planner") -> RunFacts {
    let workload = Workload(
      id: WorkloadID(namespace: "agents", name: name), kind: "Deployment",
      template: PodTemplate(labels: ["app": name], serviceAccountName: name, location: place),
      location: place)
    let policy = PolicyFact(
      layer: .istio,
      policy: ResourceReference(
        kind: ResourceKind(group: "security.istio.io", kind: "AuthorizationPolicy"),
        namespace: "agents", name: name),
      action: .allow, scope: .workload, location: place, attachedTo: [workload.id],
      rules: [
        .init(
          index: 0,
          sources: [
            .init(
              terms: [.init(kind: "principal", value: "*", location: place)], location: place)
          ],
          operations: [
            .init(
              terms: [
                .init(kind: "method", value: "GET", location: place),
                .init(kind: "path", value: "/a", isNegated: true, location: place),
              ], location: place)
          ], location: place)
      ])
    return RunFacts(
      inventory: MeshInventory(),
      workloads: [
        WorkloadFact(
          workload: workload, dataplane: .sidecar, dataplaneReason: "label",
          principal: "spiffe://td/ns/agents/sa/\(name)", layer: .istio)
      ],
      ports: [
        WorkloadPortFact(
          workload: workload.id, port: 8080, mtlsMode: .strict, mtlsDecidedBy: "mesh",
          location: place)
      ],
      policies: [policy],
      graph: AccessGraph(
        sourceClasses: [[.init(kind: .unauthenticated)]],
        destinationClasses: [[.init(workload: workload.id, port: 8080)]],
        edges: [
          .init(sourceClass: 0, destinationClass: 0, reach: Reach(.deny, layer: .istio))
        ]),
      settings: [], telemetry: [], certificates: [], privateKeys: [], register: nil, members: [],
      observedDecisions: [], inputs: [], diagnostics: [], hasTraffic: false)
  }

  private let start = RunStart(
    key: "run-1", asOf: UTCTime(seconds: 0), startedAt: UTCTime(seconds: 0), toolVersion: "test",
    rulesDigest: "", cluster: "")

  private func report(_ findings: [Finding] = [], asOf: Int64 = 0) -> AuditReport {
    AuditReport(
      run: .init(
        id: "run-1", sequence: 1, toolVersion: "test", asOf: UTCTime(seconds: asOf),
        startedAt: UTCTime(seconds: asOf), finishedAt: UTCTime(seconds: asOf), rulesDigest: "",
        arguments: [], failOn: .high, cluster: ""),
      scope: .init(
        namespaces: [], workloadCount: 0, identityCount: 0, policyCount: 0, certificateCount: 0,
        observedRequestCount: 0, verifiedRequestCount: 0, trafficFirst: nil, trafficLast: nil,
        edgeCounts: [:]),
      inputs: [], diagnostics: [], assumptions: [],
      rules: [
        Rule(
          id: "LP-001", name: "x", pack: "p", title: "t", question: "", why: "", remediation: "",
          severity: .high, confidence: .high, reads: [], needs: [], parameters: [], references: [],
          since: "0.1", aliases: [], sql: "", location: place)
      ],
      findings: findings, frameworks: [], systems: [], waivers: [], history: [])
  }

  private func finding(_ status: FindingStatus) -> Finding {
    Finding(
      ruleID: "LP-001", subject: "workload agents/planner", status: status, severity: .high,
      message: "m", fingerprint: "fp1:a")
  }

  private func finish(_ store: AuditStore, _ run: RunID, _ report: AuditReport) throws {
    try store.addResults(run, report: report, snapshot: Parts(parts: [[1], [2]]))
    try store.finish(run, report: report, verdict: report.verdict())
  }

  @Test func everyViewHasTheColumnsThatItDocuments() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    let run = try store.begin(start, facts: facts())
    try finish(store, run, report())
    for view in View.all {
      let columns = try store.database.read { connection in
        let cursor = try Row.fetchCursor(connection, sql: "select * from \"\(view.name)\"")
        while try cursor.next() != nil {}
        return try connection.columns(in: view.name).map(\.name)
      }
      #expect(columns == view.columns.map(\.name), "view \(view.name)")
    }
  }

  @Test func grantListsTermsOfSourceAndOperation() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    _ = try store.begin(start, facts: facts())
    let row = try store.database.read { connection in
      try #require(
        try Row.fetchOne(connection, sql: "select subject, methods, paths, ports from \"grant\""))
    }
    #expect(row["subject"] == #"["principal=*"]"#)
    #expect(row["methods"] == #"["GET"]"#)
    #expect(row["paths"] == #"["!/a"]"#)
    #expect(row["ports"] == "[]")
  }

  @Test func killedRunLeavesTheEarlierOneInCharge() throws {
    let folder = try TemporaryStore()
    do {
      let store = try AuditStore(path: folder.path)
      try finish(store, try store.begin(start, facts: facts(workload: "first")), report())
      _ = try store.begin(start, facts: facts(workload: "killed"))
    }
    let store = try AuditStore(path: folder.path)
    let names = try store.database.read { connection in
      try String.fetchAll(connection, sql: "select name from workload")
    }
    #expect(names == ["first"])
    #expect(try store.runs().count == 1)
    let orphans = try store.database.read { connection in
      try Int.fetchOne(connection, sql: "select count(*) from workloads where name = 'killed'")
    }
    #expect(orphans == 0)
  }

  @Test func finishingLetsGoOfOlderConfiguration() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    for name in ["a", "b", "c"] {
      try finish(store, try store.begin(start, facts: facts(workload: name)), report())
    }
    let names = try store.database.read { connection in
      try String.fetchAll(connection, sql: "select name from workloads")
    }
    #expect(names == ["c"])
    #expect(try store.runs().map(\.sequence) == [1, 2, 3])
    #expect(try store.snapshot(sequence: 1) == [[1], [2]])
  }

  private func key(path: String = "/v1/{id}") -> ObservedRequestKey {
    ObservedRequestKey(
      day: "2026-11-13", side: .server, source: .init(principal: "spiffe://td/ns/a/sa/b"),
      destination: .init(workload: WorkloadID(namespace: "agents", name: "planner")), port: 8080,
      protocolName: "http", method: "GET", pathTemplate: path, responseClass: "2xx",
      outcome: .allowed, deniedBy: nil, identitySource: .peerURISAN, isPathTrusted: true,
      isMTLS: nil, format: "custom")
  }

  private func sum(_ count: Int, at seconds: Int64) -> ObservedRequestSum {
    ObservedRequestSum(
      count: count, firstSeen: UTCTime(seconds: seconds), lastSeen: UTCTime(seconds: seconds + 1))
  }

  @Test func equalContentsCountOnce() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    #expect(
      try store.addTraffic([key(): sum(2, at: 10)], contentDigest: "x", byteCount: 1, path: "a.log")
    )
    #expect(
      try !store.addTraffic(
        [key(): sum(2, at: 10)], contentDigest: "x", byteCount: 1, path: "b.log"))
    let traffic = try store.traffic()
    #expect(traffic.map(\.sum.count) == [2])
  }

  @Test func contentsThatStartAlikeAreToldApart() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    let time = try #require(UTCTime("2026-11-19T06:00:00Z"))
    for (digest, count) in [("first", 100), ("second", 200)] {
      _ = try store.addTraffic(
        [:], contentDigest: digest, byteCount: count, path: "a.log", head: "h", countedAt: time)
    }
    func relation(_ digest: String, _ count: Int, counted: Int = 0, head: String = "h") throws
      -> EarlierContents.Relation?
    {
      try store.earlierContents(
        head: head, contentDigest: digest, byteCount: count, countedByteCount: counted)?.relation
    }
    #expect(try relation("first", 100) == .same)
    #expect(try relation("third", 300, counted: 200) == .grown)
    // The first hundred bytes are as they were, and the rest is not.
    #expect(try relation("third", 300, counted: 100) == .changed)
    #expect(try relation("third", 200) == .changed)
    #expect(try relation("third", 150) == .shortened)
    #expect(try relation("third", 300, head: "other") == nil)
    #expect(try relation("third", 300, head: "") == nil)
  }

  @Test func sumsOfOneKeyAddUpOverInputs() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    _ = try store.addTraffic(
      [key(): sum(2, at: 10)], contentDigest: "x", byteCount: 1, path: "a.log")
    _ = try store.addTraffic(
      [key(): sum(3, at: 5), key(path: "/other"): sum(1, at: 7)], contentDigest: "y", byteCount: 2,
      path: "b.log")
    let traffic = try store.traffic()
    let first = try #require(traffic.first { $0.key == key() })
    #expect(traffic.count == 2)
    #expect(
      first.sum
        == ObservedRequestSum(
          count: 5, firstSeen: UTCTime(seconds: 5), lastSeen: UTCTime(seconds: 11)))
  }

  @Test func equalTrafficMakesEqualRows() throws {
    func rows(_ paths: [String]) throws -> [String] {
      let folder = try TemporaryStore()
      let store = try AuditStore(path: folder.path)
      var traffic: [ObservedRequestKey: ObservedRequestSum] = [:]
      for path in paths { traffic[key(path: path)] = sum(1, at: 1) }
      _ = try store.addTraffic(traffic, contentDigest: "x", byteCount: 1, path: "a.log")
      let keys = try store.trafficKeys()
      #expect(keys.map(\.id) == Array(1...Int64(paths.count)))
      #expect(try store.traffic().map(\.key) == keys.map(\.key))
      return keys.compactMap(\.key.pathTemplate)
    }
    let paths = (0..<50).map { "/p\($0)" }
    let first = try rows(paths)
    #expect(Set(first) == Set(paths))
    for _ in 0..<3 { #expect(try rows(paths.shuffled()) == first) }
  }

  @Test func resultsOfARunThatWasNotFinishedGoWithIt() throws {
    let folder = try TemporaryStore()
    do {
      let store = try AuditStore(path: folder.path)
      let run = try store.begin(start, facts: facts())
      try finish(store, run, report([finding(.pass)]))
      let killed = try store.begin(start, facts: facts())
      try store.addResults(
        killed, report: report([finding(.fail)]), snapshot: Parts(parts: [[3], [4]]))
    }
    let store = try AuditStore(path: folder.path)
    #expect(try store.runs().count == 1)
    #expect(try store.snapshot(sequence: nil) == [[1], [2]])
    #expect(try store.firstSeen().isEmpty)
    let counts = try store.database.read { connection in
      try Row.fetchOne(
        connection,
        sql: """
          select (select count(*) from report_parts), (select count(distinct run_id) from run_counts),
            (select group_concat(status) from finding)
          """)
    }
    #expect(counts?[0] == 1)
    #expect(counts?[1] == 1)
    #expect(counts?[2] == "pass")
  }

  @Test func lifeOfAFindingResolvesOnlyWhenItsRuleWasAssessed() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    func run(_ status: FindingStatus?, asOf: Int64) throws -> String? {
      let id = try store.begin(start, facts: facts())
      try finish(store, id, report(status.map { [finding($0)] } ?? [], asOf: asOf))
      return try store.database.read { connection in
        try String.fetchOne(connection, sql: "select resolved_at from finding_life")
      }
    }
    #expect(try run(.fail, asOf: 0) == nil)
    #expect(try run(.notAssessed, asOf: 100) == nil)
    #expect(try store.firstSeen()["fp1:a"] == UTCTime(seconds: 0))
    #expect(try run(nil, asOf: 200) == "1970-01-01T00:03:20Z")
    #expect(try run(.fail, asOf: 300) == nil)
    #expect(try store.firstSeen()["fp1:a"] == UTCTime(seconds: 300))
  }

  @Test func fileThatIsNoDatabaseIsNamedAndKept() throws {
    let folder = try TemporaryStore()
    let text = Data(String(repeating: "not a database ", count: 100).utf8)
    try text.write(to: URL(fileURLWithPath: folder.path))
    #expect(throws: StoreError(.notADatabase, "")) { try AuditStore(path: folder.path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)) == text)
  }

  @Test func newerSchemaIsRefused() throws {
    let folder = try TemporaryStore()
    do {
      let store = try AuditStore(path: folder.path)
      try store.database.write { connection in
        try connection.execute(sql: "insert into grdb_migrations (identifier) values ('999-later')")
      }
    }
    #expect(throws: StoreError(.newerSchema, "")) { try AuditStore(path: folder.path) }
  }

  @Test func viewNamesAreUniqueAndDocumented() {
    #expect(Set(View.all.map(\.name)).count == View.all.count)
    for view in View.all {
      #expect(!view.description.isEmpty)
      #expect(ViewDocumentation.markdown.contains("### `\(view.name)`"))
      #expect(Set(view.columns.map(\.name)).count == view.columns.count)
    }
  }
}

private struct Parts: StoredReport {
  var parts: [[UInt8]]

  var partCount: Int { parts.count }
  func part(_ index: Int) throws -> [UInt8] { parts[index] }
}
