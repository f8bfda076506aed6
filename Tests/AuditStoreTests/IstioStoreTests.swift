import AuditModel
import GRDB
import MeshModel
import Testing

@testable import AuditStore

/// What the Istio evaluator says reaches the views as it was said.
@Suite struct IstioStoreTests {
  private let place = SourceLocation(path: "mesh/a.yaml", line: 3, column: 5)
  private let planner = WorkloadID(namespace: "agents", name: "planner")

  private func reference(_ group: String, _ kind: String, _ name: String) -> ResourceReference {
    ResourceReference(
      kind: ResourceKind(group: group, kind: kind), namespace: "agents", name: name)
  }

  private func facts() -> RunFacts {
    let policy = reference("security.istio.io", "AuthorizationPolicy", "deny")
    var facts = RunFacts(
      inventory: MeshInventory(),
      workloads: [
        WorkloadFact(
          workload: Workload(
            id: planner, kind: "Deployment",
            template: PodTemplate(labels: [:], serviceAccountName: "planner", location: place),
            location: place), dataplane: .ambient, dataplaneReason: "label", principal: nil,
          layer: .istio)
      ], ports: [],
      policies: [
        PolicyFact(
          layer: .istio, policy: policy, action: .deny, scope: .namespace, location: place)
      ],
      graph: AccessGraph(sourceClasses: [], destinationClasses: [], edges: []), settings: [],
      telemetry: [], certificates: [], privateKeys: [], register: nil, members: [],
      observedDecisions: [], inputs: [], diagnostics: [], hasTraffic: false)
    facts.istio = IstioFacts(
      divergences: [
        PolicyDivergence(
          policy: policy, ruleIndex: 1, kind: .httpDenyWithoutEffect, effect: .opens,
          explanation: "nothing is left", ambientWorkloads: [planner], location: place)
      ],
      clientTLS: [
        ClientTLSDifference(
          namespace: "tools", client: nil,
          fact: ClientTLSFact(
            client: planner, server: planner, port: 8080, subset: "v1", outcome: .plaintext,
            traps: [.credentialIgnored], decidedBy: "DestinationRule tools/a", location: place))
      ],
      egress: [
        WorkloadEgressFact(
          workload: planner, mode: nil, decidedBy: "ztunnel", visibleHosts: ["*/*"],
          location: place)
      ],
      requestAuthentications: [
        RequestAuthenticationFact(
          policy: reference("security.istio.io", "RequestAuthentication", "idp"),
          workload: planner, issuers: ["https://idp"], isTokenRequired: true, isEnforced: false,
          location: place)
      ],
      gatewayServers: [
        GatewayServerFact(
          gateway: reference("networking.istio.io", "Gateway", "edge"), port: 443,
          protocolName: "HTTPS", hosts: ["*"], tlsMode: .simple,
          minimumProtocolVersion: "TLSV1_2", redirectsToHTTPS: false, credentialNames: ["c"],
          workloads: [planner], location: place)
      ],
      externalServices: [
        ExternalServiceFact(
          entry: reference("networking.istio.io", "ServiceEntry", "model"),
          host: "api.example", meshLocation: .external, resolution: "DNS", ports: [443],
          exportTo: ["."], isExportWritten: true, location: place)
      ],
      providers: [
        IstioMeshConfig.ExtensionProvider(
          name: Located("opa", at: place), kind: .extAuthzGRPC, failsOpen: true, location: place)
      ])
    return facts
  }

  private func store() throws -> (store: AuditStore, folder: TemporaryStore) {
    let folder = try TemporaryStore()
    let store = try AuditStore(path: folder.path)
    _ = try store.begin(
      RunStart(
        key: "run-1", asOf: UTCTime(seconds: 0), startedAt: UTCTime(seconds: 0),
        toolVersion: "test", rulesDigest: "", cluster: ""), facts: facts())
    return (store, folder)
  }

  @Test(arguments: [
    (
      """
      select p.name || ' ' || d.rule_index || ' ' || d.difference || ' ' || d.effect || ' '
        || d.ambient_workloads
      from policy_divergence d join policy p on p.policy_id = d.policy_id
      """, "deny 1 http-deny-without-effect opens [\"agents/planner\"]"
    ),
    (
      """
      select c.client_namespace || ' ' || coalesce(c.client_workload_id, 'all') || ' ' || w.name
        || ' ' || c.port || ' ' || c.subset || ' ' || c.outcome || ' ' || c.traps
      from client_tls c join workload w on w.workload_id = c.server_workload_id
      """, "tools all planner 8080 v1 plaintext [\"credential-ignored\"]"
    ),
    (
      """
      select w.name || ' ' || coalesce(e.mode, 'none') || ' ' || e.sees_everything
      from workload_egress e join workload w on w.workload_id = e.workload_id
      """, "planner none 1"
    ),
    (
      """
      select w.name || ' ' || a.name || ' ' || a.issuers || ' ' || a.issuer_count || ' '
        || a.is_token_required || a.is_enforced
      from request_authentication a join workload w on w.workload_id = a.workload_id
      """, "planner idp [\"https://idp\"] 1 10"
    ),
    (
      """
      select g.name || ' ' || g.port || ' ' || g.tls_mode || ' ' || g.hosts || ' '
        || g.workload_count || ' ' || w.name
      from gateway_server g
      join gateway_server_workload x on x.gateway_server_id = g.gateway_server_id
      join workload w on w.workload_id = x.workload_id
      """, "edge 443 SIMPLE [\"*\"] 1 planner"
    ),
    (
      """
      select host || ' ' || mesh_location || ' ' || ports || ' ' || export_to || ' '
        || is_export_written
      from external_service
      """, "api.example MESH_EXTERNAL [\"443\"] [\".\"] 1"
    ),
    (
      "select name || ' ' || kind || ' ' || fails_open from extension_provider",
      "opa envoyExtAuthzGrpc 1"
    ),
  ])
  func factsAreInTheirViews(sql: String, expected: String) throws {
    let (store, folder) = try store()
    defer { withExtendedLifetime(folder) {} }
    let rows = try store.database.read { try String.fetchAll($0, sql: sql) }
    #expect(rows == [expected])
  }

  @Test func aKilledRunLeavesNothingOfThem() throws {
    let (first, folder) = try store()
    withExtendedLifetime(first) {}
    let store = try AuditStore(path: folder.path)
    for table in [
      "policy_divergences", "client_tls_facts", "workload_egress_facts",
      "request_authentication_facts", "gateway_server_facts", "gateway_server_workloads",
      "external_service_facts", "extension_provider_facts",
    ] {
      let count = try store.database.read {
        try Int.fetchOne($0, sql: "select count(*) from \(table)")
      }
      #expect(count == 0, "\(table)")
    }
  }
}
