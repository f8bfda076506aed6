import AuditModel
import GRDB
import MeshModel
import Testing

@testable import AuditStore

@Suite struct LayerStoreTests {
  private static let place = SourceLocation(path: "mesh/a.yaml", line: 3, column: 5)
  private static let planner = WorkloadID(namespace: "agents", name: "planner")
  private static let principal = "planner.agents.serviceaccount.identity.linkerd.td.example"

  private func facts() -> RunFacts {
    let workload = Workload(
      id: Self.planner, kind: "Deployment",
      template: PodTemplate(serviceAccountName: "planner", location: Self.place),
      location: Self.place)
    let allow = Reach(.allow, layer: .linkerd, decidedBy: ["authorizationpolicy:agents/planner"])
    let deny = Reach(.deny, layer: .networkPolicy, decidedBy: ["NetworkPolicy agents/x ingress[0]"])
    var facts = RunFacts(
      inventory: MeshInventory(),
      workloads: [
        WorkloadFact(
          workload: workload, dataplane: .linkerd, dataplaneReason: "annotation",
          principal: Self.principal, layer: .linkerd)
      ], ports: [], policies: [],
      graph: AccessGraph(
        sourceClasses: [
          [.init(kind: .workload, principal: Self.principal, workload: Self.planner)],
          [.init(kind: .unauthenticated)],
        ],
        destinationClasses: [[.init(workload: Self.planner, port: 8080)]],
        edges: [
          .init(
            sourceClass: 0, destinationClass: 0, reach: deny,
            layers: LayerOutcomes(mesh: allow, network: deny, wirePort: 4143)),
          .init(
            sourceClass: 1, destinationClass: 0, reach: Reach(.delegate, layer: .linkerd),
            layers: LayerOutcomes(mesh: allow, network: nil, wirePort: 8080)),
        ]),
      settings: [],
      telemetry: [
        WorkloadTelemetryFact(
          workload: Self.planner, hasServerLog: true, logEncoding: "JSON",
          logDecidedBy: "annotation",
          tracingDecidedBy: "", location: Self.place)
      ], certificates: [], privateKeys: [], register: nil, members: [], observedDecisions: [],
      inputs: [], diagnostics: [], hasTraffic: false)
    facts.lints = [
      MeshLint(
        id: "L11",
        subject: ResourceReference(
          kind: ResourceKind(group: "policy.linkerd.io", kind: "Server"), namespace: "agents",
          name: "planner"), message: "Server agents/planner selects no pod", detail: "",
        location: Self.place)
    ]
    var key = ExternalDecision.Key(
      day: "2026-11-18", source: Self.principal, port: 8080, policy: "envoy/authz/allow",
      outcome: .deny)
    key.destinationWorkload = Self.planner
    var decision = ExternalDecision(
      key: key, count: 7, firstSeen: UTCTime(seconds: 1), lastSeen: UTCTime(seconds: 2))
    (decision.meshDecision, decision.meshDecidedBy) = (.delegate, "opa")
    facts.externalDecisions = [decision]
    facts.registrations = registrations()
    return facts
  }

  private static let spiffeID = "spiffe://td.example/planner"

  private func registrations() -> [WorkloadRegistration] {
    var sure = WorkloadRegistration(
      source: .clusterSPIFFEID, name: "agents", location: Self.place)
    (sure.spiffeID, sure.workload) = (Self.spiffeID, Self.planner)
    (sure.selectors, sure.dnsNames) = (["k8s:ns:agents"], ["planner.agents"])
    (sure.x509TTLSeconds, sure.isAdmin) = (3600, true)
    var likely = WorkloadRegistration(source: .serverEntry, name: "e1", location: Self.place)
    (likely.spiffeID, likely.workload) = ("spiffe://td.example/other", Self.planner)
    (likely.reason, likely.selectors) = ("not known", ["k8s:pod-uid:1"])
    return [sure, likely]
  }

  private func row(_ sql: String) throws -> Row {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    _ = try store.begin(
      RunStart(
        key: "run-1", asOf: UTCTime(seconds: 0), startedAt: UTCTime(seconds: 0),
        toolVersion: "test", rulesDigest: "", cluster: ""), facts: facts())
    return try store.database.read { try #require(try Row.fetchOne($0, sql: sql)) }
  }

  @Test func registrationsNameTheirWorkload() throws {
    let sure = try row("select * from workload_registration where name = 'agents'")
    #expect(sure["source"] == "ClusterSPIFFEID" && sure["workload"] == "agents/planner")
    #expect(sure["is_certain"] == 1 && sure["selectors"] == #"["k8s:ns:agents"]"#)
    #expect(sure["x509_ttl_seconds"] == 3600 && sure["is_admin"] == 1)
    let likely = try row("select * from workload_registration where name = 'e1'")
    #expect(likely["is_certain"] == 0 && likely["reason"] == "not known")
  }

  @Test func identitiesSayWhoIssuesThem() throws {
    let mesh = try row("select * from identity where principal = '\(Self.principal)'")
    #expect(mesh["issuer"] == "linkerd" && mesh["registered_workload_count"] == 0)
    #expect(mesh["selectors"] == nil && mesh["service_account"] == "planner")
    let spire = try row("select * from identity where principal = '\(Self.spiffeID)'")
    #expect(spire["issuer"] == "spire" && spire["registered_workload_count"] == 1)
    #expect(spire["selectors"] == #"["k8s:ns:agents"]"# && spire["workload_count"] == 0)
    #expect(spire["service_account"] == nil && spire["trust_domain"] == "td.example")
    // What is not certain is no identity of anybody.
    #expect(try row("select count(*) as n from identity")["n"] == 2)
  }

  @Test func lintsNameTheirSubject() throws {
    let row = try row("select lint, subject, api_group from mesh_lint")
    #expect(row["lint"] == "L11")
    #expect(row["subject"] == "Server agents/planner")
    #expect(row["api_group"] == "policy.linkerd.io")
  }

  @Test func onlyLayersThatSpeakDisagree() throws {
    let row = try row(
      "select count(*) as n, max(refused_by) as who, max(wire_port) as port, max(source) as source "
        + "from layer_disagreement")
    #expect(row["n"] == 1)
    #expect(row["who"] == "network-policy")
    #expect(row["port"] == 4143)
    #expect(row["source"] == "agents/planner")
  }

  @Test func externalDecisionsStandBesideTheMeshs() throws {
    let row = try row(
      """
      select d.decision_count, d.outcome, d.mesh_decision, d.mesh_decided_by, w.name
      from policy_decision d
      join workload w on w.workload_id = d.destination_workload_id
      """)
    #expect(row["decision_count"] == 7)
    #expect(row["outcome"] == "deny")
    #expect(row["mesh_decision"] == "delegate" && row["mesh_decided_by"] == "opa")
    #expect(row["name"] == "planner")
  }

  @Test func identitiesOfBothMeshesHaveOneKey() throws {
    let row = try row("select trust_domain, identity_key from identity")
    #expect(row["trust_domain"] == "td.example")
    #expect(row["identity_key"] == "td.example/ns/agents/sa/planner")
  }

  @Test func linkerdsLogCarriesIdentityAndPath() throws {
    let row = try row("select logs_peer_identity, logs_request_path from workload_telemetry")
    #expect(row["logs_peer_identity"] == 1)
    #expect(row["logs_request_path"] == 1)
  }
}
