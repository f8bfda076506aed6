import IstioPolicy
import MeshModel
import Testing

/// One test for each trap of Istio's policy semantics, named for it.
@Suite struct IstioTrapTests {
  static let mesh = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: istio, namespace: istio-system}
    data:
      mesh: |
        trustDomain: corp.example
        trustDomainAliases: [old.example]
        extensionProviders:
        - name: opa-http
          envoyExtAuthzHttp: {service: opa.tools.svc.cluster.local, port: 8000}
        - name: opa-grpc
          envoyExtAuthzGrpc: {service: opa.tools.svc.cluster.local, port: 9000}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: opa, namespace: tools}
    spec: {ports: [{port: 8000}]}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, labels: {istio-injection: enabled}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: tools, labels: {istio.io/dataplane-mode: ambient}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: planner, namespace: agents}
    spec:
      template:
        metadata: {labels: {app: planner}}
        spec: {serviceAccountName: planner, containers: [{name: app, ports: [{containerPort: 8080}]}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: search, namespace: tools}
    spec:
      template:
        metadata: {labels: {app: search}}
        spec: {serviceAccountName: search, containers: [{name: app, ports: [{containerPort: 8080}]}]}

    """

  static func policy(
    _ spec: String, name: String = "p", namespace: String = "agents", action: String = "ALLOW",
    annotations: String = "{}"
  ) -> String {
    let body = spec.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: \(name), namespace: \(namespace), annotations: \(annotations)}
      spec:
        action: \(action)
      \(body)
      """
  }

  static func peerAuthentication(_ spec: String, name: String, namespace: String) -> String {
    """
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: \(name), namespace: \(namespace)}
    spec: \(spec)
    """
  }

  static let planner = "spiffe://corp.example/ns/agents/sa/planner"

  static func request(
    _ workload: String, from principal: String? = nil, isTCP: Bool = false, port: Int = 8080,
    method: String = "GET", path: String = "/v1/search", host: String = "tools.example",
    token: JSONValue? = nil, dataplane: Dataplane? = nil
  ) -> AccessRequest {
    let parts = workload.split(separator: "/").map(String.init)
    return AccessRequest(
      source: .init(
        principal: principal, ip: IPAddress("10.1.2.3"), remoteIP: IPAddress("10.1.2.3")),
      destination: .init(
        workload: WorkloadID(namespace: parts[0], name: parts[1]), port: port,
        applicationProtocol: isTCP ? .tcp : .http, ip: IPAddress("10.2.0.1"),
        dataplane: dataplane),
      sni: "", http: isTCP ? nil : .init(method: method, host: host, path: path), jwt: token)
  }

  @Test func allowWithNegativeIdentityAdmitsPlaintext() {
    let mesh = TestMesh.mesh(
      Self.mesh, Self.policy("rules: [{from: [{source: {notNamespaces: [evil]}}]}]"))
    #expect(mesh.decision(for: Self.request("agents/planner")).decision == .allow)
    let required = TestMesh.mesh(
      Self.mesh, Self.policy("rules: [{from: [{source: {namespaces: [agents]}}]}]"))
    #expect(required.decision(for: Self.request("agents/planner")).decision == .deny)
  }

  @Test func denyWithPositivePrincipalIsEvadedByPlaintextInPermissive() {
    let policy = Self.policy(
      "rules: [{from: [{source: {principals: [corp.example/ns/agents/sa/planner]}}]}]",
      action: "DENY")
    let permissive = TestMesh.mesh(Self.mesh, policy)
    #expect(
      permissive.decision(for: Self.request("agents/planner", from: Self.planner)).decision
        == .deny)
    #expect(permissive.decision(for: Self.request("agents/planner")).decision == .allow)
    let strict = TestMesh.mesh(
      Self.mesh, policy,
      Self.peerAuthentication("{mtls: {mode: STRICT}}", name: "d", namespace: "istio-system"))
    let record = strict.decision(for: Self.request("agents/planner"))
    #expect(record.decision == .deny && record.decidedBy == nil && record.reason == "plaintext")
  }

  @Test func wildcardInTheMiddleOfAPrincipalIsDead() {
    let mesh = TestMesh.mesh(
      Self.mesh,
      Self.policy("rules: [{from: [{source: {principals: ['corp.example/ns/*/sa/planner']}}]}]"))
    #expect(
      mesh.decision(for: Self.request("agents/planner", from: Self.planner)).decision == .deny)
  }

  @Test func aTokenWithoutSubjectIsNoRequestPrincipal() {
    let mesh = TestMesh.mesh(
      Self.mesh, Self.policy("rules: [{from: [{source: {requestPrincipals: ['*']}}]}]"))
    #expect(mesh.decision(for: Self.request("agents/planner")).decision == .deny)
    #expect(
      mesh.decision(for: Self.request("agents/planner", token: ["iss": "https://idp"])).decision
        == .deny)
    #expect(
      mesh.decision(
        for: Self.request("agents/planner", token: ["iss": "https://idp", "sub": "alice"])
      ).decision == .allow)
  }

  @Test func aCustomRuleOfAnHTTPAuthorizerIsNotAskedOnTCP() {
    let custom = "provider: {name: opa-http}\nrules: [{}]"
    let mesh = TestMesh.mesh(Self.mesh, Self.policy(custom, action: "CUSTOM"))
    let http = mesh.decision(for: Self.request("agents/planner"))
    #expect(http.decision == .delegate)
    #expect(http.decidedBy == "istio-ext-authz-opa-http-ns[agents]-policy[p]-rule[0]")
    #expect(mesh.decision(for: Self.request("agents/planner", isTCP: true)).decision == .allow)
    let grpc = TestMesh.mesh(
      Self.mesh, Self.policy("provider: {name: opa-grpc}\nrules: [{}]", action: "CUSTOM"))
    #expect(grpc.decision(for: Self.request("agents/planner", isTCP: true)).decision == .delegate)
  }

  @Test func aBadOrSecondProviderTurnsCustomIntoDeny() {
    let bad = TestMesh.mesh(
      Self.mesh, Self.policy("provider: {name: nobody}\nrules: [{}]", action: "CUSTOM"))
    let record = bad.decision(for: Self.request("agents/planner"))
    #expect(record.decision == .deny)
    #expect(
      record.decidedBy
        == "istio-ext-authz-nobody-ns[agents]-policy[p]-rule[0]-deny-due-to-bad-CUSTOM-action")
    let two = TestMesh.mesh(
      Self.mesh, Self.policy("provider: {name: opa-http}\nrules: [{}]", action: "CUSTOM"),
      Self.policy("provider: {name: opa-grpc}\nrules: [{}]", name: "q", action: "CUSTOM"))
    #expect(two.decision(for: Self.request("agents/planner")).decision == .deny)
  }

  @Test func anAuthorizerThatFailsOpenDecidesNothingByItself() {
    let open = Self.mesh.replacing(
      "opa.tools.svc.cluster.local, port: 9000}",
      with: "opa.tools.svc.cluster.local, port: 9000, failOpen: true}")
    let custom = Self.policy("provider: {name: opa-grpc}\nrules: [{}]", action: "CUSTOM")
    let record = TestMesh.mesh(open, custom).decision(for: Self.request("agents/planner"))
    #expect(record.decision == .delegate)
    #expect(record.reason == "an external authorizer decides, and it fails open")
    let closed = TestMesh.mesh(Self.mesh, custom).decision(for: Self.request("agents/planner"))
    #expect(closed.reason == "an external authorizer decides")
  }

  @Test func aDryRunDecidesNothingHoweverOldItIs() {
    let old = Self.policy(
      "rules: [{}]", action: "DENY", annotations: "{istio.io/dry-run: 'true'}"
    ).replacing(
      "namespace: agents,", with: "namespace: agents, creationTimestamp: '2020-01-01T00:00:00Z',")
    let inventory = TestMesh.inventory(Self.mesh, old)
    #expect(
      inventory.istio.authorizationPolicies.first?.metadata.creationTimestamp
        == UTCTime("2020-01-01T00:00:00Z"))
    let mesh = IstioMesh(inventory: inventory)
    #expect(mesh.policyFacts().first?.isDryRun == true)
    #expect(mesh.decision(for: Self.request("agents/planner")).decision == .allow)
  }

  @Test func aLogFormatWithoutIdentityIsKnownFromTheMeshConfig() {
    let anonymous = Self.mesh.replacing(
      "trustDomain: corp.example",
      with: "trustDomain: corp.example\n    accessLogFile: /dev/stdout\n"
        + "    accessLogFormat: '%START_TIME% %REQ(:PATH)%'")
    let fact = TestMesh.mesh(anonymous).telemetryFacts().first { $0.workload.name == "planner" }
    #expect(fact?.hasServerLog == true)
    #expect(fact?.logFormat == "%START_TIME% %REQ(:PATH)%")
    #expect(fact?.logFormat?.contains("PEER_URI_SAN") == false)
    #expect(fact?.logDecidedBy == "MeshConfig accessLogFile")
  }

  @Test func hostsCompareWithPortAndWithoutCase() {
    let mesh = TestMesh.mesh(
      Self.mesh, Self.policy("rules: [{to: [{operation: {hosts: [Tools.Example]}}]}]"))
    #expect(
      mesh.decision(for: Self.request("agents/planner", host: "tools.EXAMPLE")).decision == .allow)
    #expect(
      mesh.decision(for: Self.request("agents/planner", host: "tools.example:8080")).decision
        == .deny)
  }

  @Test func dryRunAndAuditDecideNothing() {
    let mesh = TestMesh.mesh(
      Self.mesh, Self.policy("rules: [{}]", action: "DENY", annotations: "{istio.io/dry-run: 't'}"),
      Self.policy("rules: [{}]", name: "a", action: "AUDIT"))
    #expect(mesh.decision(for: Self.request("agents/planner")).decision == .allow)
  }

  @Test func namesWithDotsAreWiderBeforeTheEscapingFix() {
    let policy = Self.policy("rules: [{from: [{source: {serviceAccounts: ['plan.er']}}]}]")
    let request = Self.request("agents/planner", from: Self.planner)
    let old = TestMesh.mesh(Self.mesh, policy, version: IstioVersion(1, 27, 8))
    let fixed = TestMesh.mesh(Self.mesh, policy, version: IstioVersion(1, 27, 9))
    #expect(old.decision(for: request).decision == .allow)
    #expect(fixed.decision(for: request).decision == .deny)
  }

  @Test func aFieldThatTheReleaseDoesNotKnowIsPruned() {
    let policy = Self.policy("rules: [{from: [{source: {trustDomains: [other.example]}}]}]")
    let request = Self.request("agents/planner", from: Self.planner)
    #expect(TestMesh.mesh(Self.mesh, policy).decision(for: request).decision == .deny)
    let old = TestMesh.mesh(Self.mesh, policy, version: IstioVersion(1, 29, 4))
    #expect(old.decision(for: request).decision == .allow)
  }

  @Test func clusterLocalStandsForTheTrustDomainAndItsAliases() {
    let mesh = TestMesh.mesh(
      Self.mesh,
      Self.policy("rules: [{from: [{source: {principals: [cluster.local/ns/agents/sa/planner]}}]}]")
    )
    func decision(_ principal: String) -> Decision {
      mesh.decision(for: Self.request("agents/planner", from: principal)).decision
    }
    #expect(decision(Self.planner) == .allow)
    #expect(decision("spiffe://old.example/ns/agents/sa/planner") == .allow)
    #expect(decision("spiffe://cluster.local/ns/agents/sa/planner") == .deny)
  }

  @Test func anUnknownConditionDropsTheRuleOfADenyToo() {
    let mesh = TestMesh.mesh(
      Self.mesh,
      Self.policy("rules: [{when: [{key: source.labels, values: [x]}]}]", action: "DENY"))
    #expect(mesh.decision(for: Self.request("agents/planner")).decision == .allow)
  }

  @Test func httpFieldsOnTCPDropAllowRulesAndWidenDenyRules() {
    let spec = "rules: [{to: [{operation: {methods: [DELETE]}}]}]"
    let deny = TestMesh.mesh(Self.mesh, Self.policy(spec, action: "DENY"))
    #expect(deny.decision(for: Self.request("agents/planner", isTCP: true)).decision == .deny)
    #expect(deny.decision(for: Self.request("agents/planner")).decision == .allow)
    let allow = TestMesh.mesh(Self.mesh, Self.policy(spec))
    #expect(allow.decision(for: Self.request("agents/planner", isTCP: true)).decision == .deny)
    let reach = allow.reach(
      from: PeerProfile(principal: nil), to: WorkloadID(namespace: "agents", name: "planner"),
      port: 8080)
    #expect(reach.outcome == .partial)
    #expect(reach.operations.map(\.methods) == [["DELETE"]])
  }

  @Test func theSmallestIdInTextOrderIsReported() {
    let rules = Array(repeating: "{}", count: 11).joined(separator: ", ")
    let mesh = TestMesh.mesh(
      Self.mesh, Self.policy("rules: [\(rules)]", name: "b"),
      Self.policy("rules: [{to: [{operation: {methods: [PUT]}}]}, {}]", name: "a"))
    #expect(
      mesh.decision(for: Self.request("agents/planner")).decidedBy
        == "ns[agents]-policy[a]-rule[1]")
  }

  @Test func aPolicyWithTargetsIsIgnoredBySidecars() {
    let mesh = TestMesh.mesh(
      Self.mesh,
      Self.policy(
        "targetRefs: [{group: '', kind: Service, name: planner}]\nrules: [{}]", action: "DENY"))
    #expect(mesh.decision(for: Self.request("agents/planner")).decision == .allow)
  }

  @Test func anEnvoyFilterOnThePathLeavesTheDecisionUnknown() {
    let filter = """
      apiVersion: networking.istio.io/v1alpha3
      kind: EnvoyFilter
      metadata: {name: lua, namespace: agents}
      spec:
        workloadSelector: {labels: {app: planner}}
        configPatches: [{applyTo: HTTP_FILTER, match: {context: SIDECAR_INBOUND}}]
      """
    let record = TestMesh.mesh(Self.mesh, filter).decision(for: Self.request("agents/planner"))
    #expect(record.decision == .unknown && record.reason?.contains("EnvoyFilter") == true)
  }

  @Test func whatTheRequestDoesNotTellIsNeverGuessed() {
    let mesh = TestMesh.mesh(
      Self.mesh, Self.policy("rules: [{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}]"))
    var request = Self.request("agents/planner")
    request.source.ip = nil
    let record = mesh.decision(for: request)
    #expect(record.decision == .unknown)
    #expect(record.reason?.contains("source.ipBlocks") == true)
  }

  @Test func theDeclaredProtocolOfAPortChoosesTheRules() {
    let service = """
      apiVersion: v1
      kind: Service
      metadata: {name: planner, namespace: agents}
      spec: {selector: {app: planner}, ports: [{name: tcp-api, port: 80, targetPort: 8080}]}
      """
    let policy = Self.policy("rules: [{to: [{operation: {methods: [GET]}}]}]", action: "DENY")
    let mesh = TestMesh.mesh(Self.mesh, service, policy)
    #expect(
      mesh.decision(for: Self.request("agents/planner", method: "POST")).decision == .deny)
    #expect(mesh.workloadPortFacts().first?.protocolName == "tcp")
  }

  @Test func everyDecisionExplainsItself() {
    let mesh = TestMesh.mesh(
      Self.mesh, Self.policy("rules: [{from: [{source: {namespaces: [data]}}]}]"))
    let record = mesh.decision(
      for: Self.request("agents/planner", from: Self.planner), isTraced: true)
    #expect(record.trace.map(\.outcome).contains(.attached))
    #expect(record.trace.contains { $0.text.contains("does not match on source.namespaces") })
    #expect(record.trace.last?.outcome == .decided)
    #expect(mesh.decision(for: Self.request("agents/planner")).trace.isEmpty)
  }
}
