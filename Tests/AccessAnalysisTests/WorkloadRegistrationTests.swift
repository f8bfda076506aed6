import MeshModel
import Testing

@testable import AccessAnalysis

/// What SPIRE issues to which workload (spire-controller-manager v0.6.6, SPIRE v1.15.3).
@Suite struct WorkloadRegistrationTests {
  private static let cluster = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, labels: {spiffe: "on"}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: kube-system}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: planner, namespace: agents}
    spec:
      template:
        metadata: {labels: {app: planner, tier: ai}}
        spec: {serviceAccountName: planner, containers: [{name: app, image: "registry/planner:1"}]}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: memory, namespace: agents}
    spec:
      template:
        metadata: {labels: {app: memory}}
        spec: {containers: [{name: app}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: dns, namespace: kube-system}
    spec: {template: {metadata: {labels: {app: dns}}, spec: {containers: [{name: app}]}}}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: plan, namespace: agents}
    spec: {selector: {app: planner}, ports: [{port: 80}]}
    ---
    """

  private static func configuration(_ more: String = "") -> String {
    """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: spire-controller-manager, namespace: spire-system}
    data:
      controller-manager-config.yaml: |
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ControllerManagerConfig
        trustDomain: prod.example
        clusterName: eu-1
        clusterDomain: cluster.local
        \(more)
    """
  }

  private static func id(_ spec: String, name: String = "agents") -> String {
    """
    apiVersion: spire.spiffe.io/v1alpha1
    kind: ClusterSPIFFEID
    metadata: {name: \(name)}
    spec: {\(spec)}
    """
  }

  private static let usual =
    "spiffeIDTemplate: 'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}'"

  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata:
      name: planner-7d9f-x2x
      namespace: agents
      uid: 7a1e
      labels: {app: planner, pod-template-hash: 7d9f}
      ownerReferences: [{kind: ReplicaSet, name: planner-7d9f, controller: true}]
    spec: {nodeName: node-a, serviceAccountName: planner, containers: [{name: app}]}
    """

  private func rows(
    _ documents: [String], entries: [SPIRERegistrationEntry] = [], cluster: String = Self.cluster
  ) -> [WorkloadRegistration] {
    RandomPlatform.model(of: [cluster] + documents).registrations(entries: entries)
  }

  private func entry(
    _ id: String, _ selectors: [String], parent: String = "spiffe://prod.example/spire/agent/a"
  ) -> SPIRERegistrationEntry {
    var entry = SPIRERegistrationEntry(
      id: "e", spiffeID: id, parentID: parent, location: SourceLocation(path: "e.json"))
    entry.selectors = selectors
    return entry
  }

  @Test func everyPodOfEveryNamespaceButTheIgnoredOnes() {
    let rows = rows([Self.configuration(), Self.id(Self.usual)])
    #expect(rows.map { $0.workload?.name } == ["memory", "planner"])
    #expect(
      rows.map(\.spiffeID) == [
        "spiffe://prod.example/ns/agents/sa/default", "spiffe://prod.example/ns/agents/sa/planner",
      ])
    #expect(rows.allSatisfy { $0.reason == nil && $0.source == .clusterSPIFFEID })
  }

  @Test(
    arguments: [
      ("podSelector: {matchLabels: {app: planner}}", ["planner"]),
      ("namespaceSelector: {matchLabels: {spiffe: 'on'}}", ["memory", "planner"]),
      ("namespaceSelector: {matchLabels: {spiffe: 'off'}}", []),
      (
        "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: agents}}",
        ["memory", "planner"]
      ),
      (
        "podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}", ["memory"]
      ),
    ])
  func selectorsNarrow(selector: String, expected: [String]) {
    let rows = rows([Self.configuration(), Self.id("\(Self.usual), \(selector)")])
    #expect(rows.compactMap { $0.workload?.name } == expected)
    if expected.isEmpty {
      #expect(rows.map(\.reason) == ["no workload of the inputs is selected"])
    }
  }

  /// Values that only the cluster knows are never guessed.
  @Test(
    arguments: [
      ("{{ .PodMeta.UID }}", "no input tells the UIDs of its pods"),
      ("{{ .PodSpec.NodeName }}", "no input tells the nodes of its pods"),
      ("{{ .NodeMeta.UID }}", ".NodeMeta.UID is not among the inputs"),
      ("{{ .PodMeta.Name }}", "no input tells the names of its pods"),
      (
        "{{ index .PodMeta.Labels \"pod-template-hash\" }}",
        "Kubernetes sets the label \"pod-template-hash\" when a pod is made"
      ),
      (
        "{{ .PodMeta.Annotations.team }}",
        "the template has no annotation \"team\", and no input shows running pods"
      ),
      ("{{ .PodMeta.Name | lower }}", "its action \".PodMeta.Name | lower\" is not evaluated"),
      ("{{ if true }}a{{ end }}", "its action \"if true\" is not evaluated"),
    ])
  func whatOnlyTheClusterKnowsHasAReason(action: String, reason: String) {
    let rows = rows([
      Self.configuration(),
      Self.id(
        "spiffeIDTemplate: 'spiffe://prod.example/x/\(action)', podSelector: {matchLabels: {app: planner}}"
      ),
    ])
    #expect(rows.map(\.spiffeID) == [nil])
    #expect(rows.map(\.reason) == ["its ID is not known: \(reason)"])
    #expect(rows[0].workload?.name == "planner")
  }

  /// An export of running pods tells them.
  @Test func runningPodsTellWhatTemplatesDoNot() {
    let cluster = Self.cluster.replacing("kind: StatefulSet", with: "kind: DaemonSet")
    let rows = rows(
      [
        Self.configuration(), Self.pod,
        Self.id(
          "spiffeIDTemplate: 'spiffe://prod.example/{{ .PodSpec.NodeName }}/{{ .PodMeta.UID }}/{{ .PodMeta.Name }}', podSelector: {matchLabels: {app: planner}}"
        ),
      ], cluster: cluster)
    #expect(rows.map(\.spiffeID) == ["spiffe://prod.example/node-a/7a1e/planner-7d9f-x2x"])
    #expect(rows[0].selectors == ["k8s:pod-uid:7a1e"] && rows[0].reason == nil)
  }

  @Test func templatesTrimAndIndexAsInGo() {
    let rows = rows([
      Self.configuration(),
      Self.id(
        #"spiffeIDTemplate: "spiffe://{{- .TrustDomain -}} /{{/* who */}}{{ index .PodMeta.Labels \"app\" }}/{{ .PodMeta.Labels.tier }}/{{ .ClusterName }}", podSelector: {matchLabels: {tier: ai}}"#
      ),
    ])
    #expect(rows.map(\.spiffeID) == ["spiffe://prod.example/planner/ai/eu-1"])
  }

  @Test func whatIsNoSPIFFEIDOfTheTrustDomainMakesNoEntry() {
    let missing = rows([
      Self.configuration(),
      Self.id(
        "spiffeIDTemplate: 'spiffe://prod.example/{{ .PodMeta.Labels.team }}', podSelector: {matchLabels: {app: planner}}"
      ),
    ])
    #expect(missing[0].spiffeID == nil)
    #expect(
      missing[0].reason?.hasPrefix(
        "no entry is made: \"spiffe://prod.example/<no value>\" is no SPIFFE ID") == true)
    let foreign = rows([
      Self.configuration(),
      Self.id(
        "spiffeIDTemplate: 'spiffe://other.example/a', podSelector: {matchLabels: {app: planner}}"),
    ])
    #expect(
      foreign[0].reason
        == "no entry is made: \"spiffe://other.example/a\" is not of trust domain \"prod.example\"")
  }

  @Test func theTrustDomainComesFromTheControllerOrTheServer() {
    let id = Self.id("\(Self.usual), podSelector: {matchLabels: {app: planner}}")
    #expect(
      rows([id])[0].reason
        == "its ID is not known: neither a ControllerManagerConfig nor entries tell SPIRE's trust domain"
    )
    let known = rows([id], entries: [entry("spiffe://td.example/x", ["unix:uid:1"])])
    #expect(known[0].spiffeID == "spiffe://td.example/ns/agents/sa/planner")
  }

  @Test func classesAndFallbacksAreTheControllers() {
    let other = Self.id("\(Self.usual), className: b")
    #expect(
      rows([Self.configuration("className: a"), other]).map(\.reason) == [
        "the controller acts on class \"a\", and this is of class \"b\""
      ])
    #expect(rows([Self.configuration("className: b"), other]).count == 2)
    let classless = Self.id(Self.usual)
    #expect(rows([Self.configuration("className: b"), classless])[0].workload == nil)
    #expect(
      rows([Self.configuration("className: b\n        watchClassless: true"), classless]).count == 2
    )
    let fallback = Self.id(
      "spiffeIDTemplate: 'spiffe://prod.example/rest', fallback: true", name: "rest")
    let special = Self.id("\(Self.usual), podSelector: {matchLabels: {app: planner}}")
    let rows = rows([Self.configuration(), special, fallback])
    #expect(
      rows.map { "\($0.name) \($0.workload?.name ?? "")" } == ["agents planner", "rest memory"])
  }

  @Test func ignoredNamespacesAreSearchedFor() {
    let id = Self.id(Self.usual)
    func names(_ list: String) -> [String] {
      rows([Self.configuration("ignoreNamespaces: \(list)"), id]).compactMap { $0.workload?.name }
    }
    #expect(names("[gent]") == ["dns"] && names("['^gent']") == ["memory", "planner", "dns"])
    #expect(names("['^agents$', system]").isEmpty)
    let unread = rows([Self.configuration("ignoreNamespaces: ['a.*s']"), id])
    #expect(
      unread[0].reason == "the expression \"a.*s\" of ignoreNamespaces is not evaluated")
  }

  @Test func settingsAreKept() {
    let row = rows([
      Self.configuration(),
      Self.id(
        """
        \(Self.usual), podSelector: {matchLabels: {app: planner}}, ttl: 1h, jwtTtl: 5m,
        federatesWith: [partner.example], admin: true, hint: first, autoPopulateDNSNames: true,
        dnsNameTemplates: ['{{ .PodMeta.Namespace }}.example'],
        workloadSelectorTemplates: ['k8s:container-name:app', 'k8s:ns:{{ .PodMeta.Namespace }}']
        """),
    ])[0]
    #expect(row.x509TTLSeconds == 3600 && row.jwtTTLSeconds == 300 && row.isAdmin)
    #expect(row.federatesWith == ["partner.example"] && row.hint == "first" && row.reason == nil)
    #expect(row.selectors == ["k8s:container-name:app", "k8s:ns:agents"])
    #expect(
      row.dnsNames == [
        "agents.example", "plan", "plan.agents", "plan.agents.svc", "plan.agents.svc.cluster.local",
      ])
    let missed = rows([
      Self.configuration(),
      Self.id(
        "\(Self.usual), podSelector: {matchLabels: {app: planner}}, workloadSelectorTemplates: ['k8s:container-name:x']"
      ),
    ])[0]
    #expect(missed.reason == "its pods do not have the selector \"k8s:container-name:x\"")
  }

  /// doc/plugin_agent_workloadattestor_k8s.md; a workload and whether that is certain.
  @Test(
    arguments: [
      (["k8s:ns:agents", "k8s:sa:planner"], "planner", true),
      (["k8s:ns:agents", "k8s:pod-label:app:memory"], "memory", true),
      (["k8s:ns:agents", "k8s:pod-owner:StatefulSet:memory"], "memory", true),
      (["k8s:pod-owner:ReplicaSet:planner-7d9f", "k8s:ns:agents"], "planner", false),
      (["k8s:sa:planner", "k8s:container-name:app"], "planner", true),
      (["k8s:sa:planner", "k8s:container-image:docker.io/registry/planner:1"], "planner", true),
      (["k8s:sa:planner", "k8s:container-image:planner@sha256:ab"], "planner", false),
      (["k8s:sa:planner", "k8s:node-name:node-a"], "planner", false),
      (["k8s:ns:agents", "k8s:pod-name:planner-7d9f-x2x"], "planner", false),
      (["k8s:ns-label:spiffe:on", "k8s:pod-label:app:planner"], "planner", true),
      (["k8s:ns:agents", "k8s:sa:planner", "unix:uid:1000"], "planner", false),
    ])
  func selectorsOfEntriesFindTheirWorkload(
    selectors: [String], workload: String, isCertain: Bool
  ) {
    let rows = rows([], entries: [entry("spiffe://prod.example/x", selectors)])
    #expect(rows.map { $0.workload?.name } == [workload])
    #expect((rows[0].reason == nil) == isCertain)
    #expect(rows[0].spiffeID == "spiffe://prod.example/x" && rows[0].source == .serverEntry)
  }

  @Test(
    arguments: [
      (["k8s:ns:agents", "k8s:sa:gone"], "no workload of the inputs has its selectors"),
      (
        ["k8s:ns:agents", "k8s:container-name:gone"], "no workload of the inputs has its selectors"
      ),
      (["k8s:pod-uid:7a1e"], "no input shows a running pod of UID 7a1e"),
      (["unix:uid:1000"], "manifests do not tell \"unix:uid:1000\""),
    ])
  func entriesThatFitNobodySayWhy(selectors: [String], reason: String) {
    let rows = rows([], entries: [entry("spiffe://prod.example/x", selectors)])
    #expect(rows.map(\.workload) == [nil] && rows.map(\.reason) == [reason])
  }

  @Test func entriesOfTheControllerAreFoundByPod() {
    let made = entry("spiffe://prod.example/x", ["k8s:pod-uid:7a1e"])
    let rows = rows([Self.pod], entries: [made])
    #expect(rows.map { $0.workload?.name } == ["planner"] && rows[0].reason == nil)
  }

  @Test func nodesAreNoWorkloads() {
    let node = entry(
      "spiffe://prod.example/cluster", ["k8s_psat:cluster:eu-1"],
      parent: "spiffe://prod.example/spire/server")
    #expect(rows([], entries: [node]).isEmpty)
  }

  @Test func machinesAreFoundByTheirIdentity() {
    let machine = """
      apiVersion: workload.linkerd.io/v1beta1
      kind: ExternalWorkload
      metadata: {name: vm, namespace: agents}
      spec: {meshTLS: {identity: "spiffe://prod.example/vm", serverName: vm}}
      """
    let rows = rows([machine], entries: [entry("spiffe://prod.example/vm", ["unix:uid:1000"])])
    #expect(rows.map { $0.workload?.name } == ["vm"] && rows[0].reason == nil)
    // It is no pod.
    let all = self.rows([machine, Self.configuration(), Self.id(Self.usual)])
    #expect(!all.contains { $0.workload?.name == "vm" })
  }

  @Test func staticEntriesAreEntries() {
    var made = entry("spiffe://prod.example/x", ["k8s:sa:planner"])
    made.staticEntryName = "backup"
    let rows = rows([], entries: [made])
    #expect(rows.map(\.source) == [.staticEntry] && rows[0].name == "backup")
  }
}
