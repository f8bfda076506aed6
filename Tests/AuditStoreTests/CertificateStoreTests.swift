import AuditModel
import GRDB
import MeshModel
import Testing

@testable import AuditStore

@Suite struct CertificateStoreTests {
  private let place = SourceLocation(path: "certificates/a.pem", line: 1, column: 1)
  private static let planner = "spiffe://prod.example/ns/agents/sa/planner"

  private func time(_ text: String) throws -> UTCTime { try #require(UTCTime(text)) }

  private func record(
    _ id: String, from start: String, to end: String, key: String = "key",
    role: CertificateRole = .leaf, subject: String = "", uri: String? = planner
  ) throws -> CertificateRecord {
    var facts = CertificateFacts(id: id, sha256: id, parseStatus: .complete)
    facts.spkiSHA256 = key
    facts.serial = id
    facts.subject = subject
    facts.issuer = "CN=root"
    facts.notBefore = try time(start)
    facts.notAfter = try time(end)
    facts.subjectAlternativeNames = uri.map { [SubjectAlternativeName(.uri, $0)] } ?? []
    facts.isCA = role == .anchor
    facts.hasBasicConstraints = true
    facts.keyUsages = role == .anchor ? ["keyCertSign"] : ["digitalSignature", "cRLSign"]
    facts.isKeyUsageCritical = true
    return CertificateRecord(
      facts: facts, der: nil,
      sighting: CertificateSighting(
        certificateID: id, place: CertificatePlace(source: .pem, location: place), position: 0,
        role: role))
  }

  private func begin(
    _ store: AuditStore, _ records: [CertificateRecord], asOf: String = "2026-11-20T06:00:00Z",
    chains: [CertificateChain] = [], policies: [PolicyFact] = []
  ) throws -> RunID {
    let start = RunStart(
      key: "run", asOf: try time(asOf), startedAt: try time(asOf), toolVersion: "test",
      rulesDigest: "", cluster: "")
    return try store.begin(
      start,
      facts: RunFacts(
        inventory: MeshInventory(), workloads: [], ports: [], policies: policies,
        graph: AccessGraph(sourceClasses: [], destinationClasses: [], edges: []), settings: [],
        telemetry: [], certificates: CertificateStock(records, chains: chains), privateKeys: [],
        register: nil, members: [],
        observedDecisions: [], inputs: [], diagnostics: [], hasTraffic: false))
  }

  private func rows(_ store: AuditStore, _ sql: String) throws -> [Row] {
    try store.database.read { try Row.fetchAll($0, sql: sql) }
  }

  @Test func certificatesOfEarlierRunsStayInTheRotation() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    _ = try begin(
      store, [try record("a1", from: "2026-11-18T00:00:00Z", to: "2026-11-19T00:00:00Z")],
      asOf: "2026-11-18T06:00:00Z")
    let later = [
      try record("a2", from: "2026-11-19T06:00:00Z", to: "2026-11-20T06:00:00Z", key: "other")
    ]
    _ = try begin(store, later, asOf: "2026-11-19T07:00:00Z")
    _ = try begin(store, later, asOf: "2026-11-20T05:00:00Z")
    let found = try rows(
      store, "select * from certificate_rotation where role = 'leaf' order by position")
    #expect(found.map { $0["serial"] as String } == ["a1", "a2"])
    #expect(found[0]["previous_serial"] as String? == nil)
    #expect(found[1]["previous_not_after"] == "2026-11-19T00:00:00Z")
    #expect(found[1]["has_previous_key"] == 0)
    #expect(found[1]["first_seen"] == "2026-11-19T07:00:00Z")
    #expect(found[1]["last_seen"] == "2026-11-20T05:00:00Z")
    #expect(found[1]["certificate_count"] == 2)
  }

  /// Three certificates of 24 hours, the second with a gap before it, as three inventories meet them.
  @Test(
    arguments: [
      // One inventory shows both: the gap is known.
      ([["a1", "a2", "a3"]], [true, true], 3_600),
      ([["a1"], ["a1", "a2"], ["a3"]], [true, false], 3_600),
      // The old one was still shown after its end.
      ([["a1"], [], ["a1"], ["a2", "a3"]], [true, true], 3_600),
      // Between two inventories others may have come and gone.
      ([["a1"], ["a2"], ["a3"]], [false, false], nil),
      ([["a1"], ["a2"], ["a2", "a3"]], [false, true], 0),
    ] as [([[String]], [Bool], Int64?)])
  func aRenewalIsSeenWhereAnInventoryShowsBothCertificates(
    _ inventories: [[String]], _ isSeen: [Bool], _ gap: Int64?
  ) throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    let records = [
      "a1": try record("a1", from: "2026-11-18T00:00:00Z", to: "2026-11-18T23:00:00Z"),
      "a2": try record("a2", from: "2026-11-19T00:00:00Z", to: "2026-11-20T00:00:00Z"),
      "a3": try record("a3", from: "2026-11-19T12:00:00Z", to: "2026-11-20T12:00:00Z"),
    ]
    // The third is after the end of the first certificate.
    let times = [
      "2026-11-18T20:30:00Z", "2026-11-18T21:30:00Z", "2026-11-18T23:30:00Z",
      "2026-11-19T13:00:00Z",
    ]
    for (names, asOf) in zip(inventories, times) {
      _ = try begin(store, names.compactMap { records[$0] }, asOf: asOf)
    }
    let found = try rows(
      store, "select is_seen from certificate_rotation where position > 1 order by position")
    #expect(found.map { $0["is_seen"] as Bool } == isSeen)
    let succession = try #require(try store.certificateSuccession(of: Self.planner))
    #expect(succession.certificateCount == 3)
    #expect(succession.longestGapSeconds == gap)
  }

  @Test func sameInputsTwiceLeaveTheSameLives() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    let records = [try record("a1", from: "2026-11-18T00:00:00Z", to: "2026-11-19T00:00:00Z")]
    _ = try begin(store, records + records)
    let first = try rows(store, "select * from certificate_rotation")
    _ = try begin(store, records)
    #expect(try rows(store, "select * from certificate_rotation") == first)
    #expect(first.count == 1)
  }

  @Test func everyPlaceOfACertificateIsASighting() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    let one = try record("a1", from: "2026-11-18T00:00:00Z", to: "2026-11-19T00:00:00Z")
    var other = one
    other.sighting.place.source = .kubernetesSecret
    other.sighting.place.namespace = "agents"
    _ = try begin(store, [one, other])
    #expect(try rows(store, "select * from certificate").count == 1)
    let found = try rows(store, "select * from certificate_sighting order by sighting_id")
    #expect(found.map { $0["source"] as String } == ["pem", "kubernetes-secret"])
    #expect(found[1]["namespace"] == "agents")
    #expect(found[0]["svid_failures"] == #"["X14"]"#)
  }

  @Test func chainsNameTheirCertificates() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    let records = [
      try record("leaf", from: "2026-11-18T00:00:00Z", to: "2026-11-19T00:00:00Z"),
      try record(
        "root", from: "2026-01-01T00:00:00Z", to: "2036-01-01T00:00:00Z", key: "root",
        role: .anchor, subject: "CN=root", uri: nil),
    ]
    let chain = CertificateChain(
      certificateID: "leaf", outcome: .complete, path: ["leaf", "root"], anchorID: "root",
      trustDomain: "prod.example", pathCount: 1, anchorCount: 1)
    _ = try begin(store, records, chains: [chain])
    let found = try rows(
      store,
      """
      select h.outcome, a.subject, a.trust_domain, a.chain_count
      from certificate_chain h
      join trust_anchor a on a.certificate_id = h.anchor_certificate_id
      """)
    #expect(found.count == 1)
    #expect(found[0]["outcome"] == "complete")
    #expect(found[0]["subject"] == "CN=root")
    #expect(found[0]["trust_domain"] == "prod.example")
    #expect(found[0]["chain_count"] == 1)
  }

  @Test func presenceJoinsGrantsAndCertificates() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    func source(_ value: String) -> PolicyFact.Clause {
      .init(terms: [.init(kind: "principal", value: value, location: place)], location: place)
    }
    let policy = PolicyFact(
      layer: .istio,
      policy: ResourceReference(
        kind: ResourceKind(group: "security.istio.io", kind: "AuthorizationPolicy"),
        namespace: "agents", name: "planner"),
      action: .allow, scope: .workload, location: place, attachedTo: [],
      rules: [
        .init(
          index: 0,
          sources: [
            source("prod.example/ns/agents/sa/planner"), source("prod.example/ns/agents/sa/gone"),
            source("prod.example/ns/*"),
          ], operations: [], location: place)
      ])
    _ = try begin(
      store, [try record("a1", from: "2026-11-18T00:00:00Z", to: "2026-11-19T00:00:00Z")],
      policies: [policy])
    let found = try rows(
      store, "select * from identity_presence order by principal")
    #expect(
      found.map { $0["principal"] as String } == [
        "spiffe://prod.example/ns/agents/sa/gone", Self.planner,
      ])
    #expect(found.map { $0["is_granted"] as Int } == [1, 1])
    #expect(found.map { $0["certificate_count"] as Int } == [0, 1])
    #expect(found[0]["trust_domain"] == "prod.example")
  }

  @Test func aHolderIsAWorkloadByItsIdentityAndACABySubject() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    let day = ("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")
    _ = try begin(
      store,
      [
        try record("leaf", from: day.0, to: day.1),
        try record("old", from: "2026-11-18T00:00:00Z", to: "2026-11-19T00:00:00Z"),
        try record(
          "ca", from: day.0, to: day.1, role: .anchor, subject: "CN=root",
          uri: "spiffe://prod.example"),
        try record("web", from: day.0, to: day.1, subject: "CN=web", uri: nil),
      ])
    let names = try rows(store, "select fingerprint, name from certificate order by fingerprint")
    #expect(
      names.map { "\($0["fingerprint"] as String) \($0["name"] as String)" } == [
        "ca CN=root", "leaf \(Self.planner)", "old \(Self.planner)", "web CN=web",
      ])
    let newest = try rows(
      store, "select serial, certificate_count from newest_certificate order by serial")
    #expect(newest.map { $0["serial"] as String } == ["leaf", "web"])
    #expect(newest.map { $0["certificate_count"] as Int } == [2, 1])
  }

  @Test func aLeafHasARowForEachRequirementThatItFailsAndOneThatPasses() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    _ = try begin(
      store,
      [
        try record("leaf", from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z"),
        try record(
          "ca", from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z", role: .anchor,
          subject: "CN=root", uri: "spiffe://prod.example"),
      ])
    let found = try rows(
      store,
      "select name, status, coalesce(requirement, '') as code from svid_leaf order by status, code")
    #expect(found.allSatisfy { $0["name"] as String == Self.planner })
    #expect(
      found.map { "\($0["status"] as String) \($0["code"] as String)" }
        == [
          "fail X14", "not-assessed X4", "not-assessed X15", "not-assessed X16", "pass ",
        ].sorted())
  }

  @Test func revocationSourcesAreKept() throws {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    var leaf = try record("leaf", from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z")
    leaf.facts.revocationSources = [.init(.ocsp, "http://ocsp.example")]
    _ = try begin(store, [leaf])
    let found = try rows(store, "select kind, address from certificate_revocation_source")
    #expect(found.map { $0["kind"] as String } == ["ocsp"])
    #expect(found.map { $0["address"] as String } == ["http://ocsp.example"])
  }
}
