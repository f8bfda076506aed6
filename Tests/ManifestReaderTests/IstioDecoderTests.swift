import DocumentReader
import ManifestReader
import MeshModel
import Testing

/// Istio kinds out of YAML.
@Suite struct IstioDecoderTests {
  private func read(_ text: String) -> (inventory: MeshInventory, diagnostics: [Diagnostic]) {
    let sink = DiagnosticSink()
    var reader = ManifestReader(sink: sink)
    for node in YAMLDocuments.read(text, path: "mesh.yaml", into: sink) { reader.read(node) }
    return (reader.finish(), sink.diagnostics)
  }

  @Test func aMisspeltFieldIsFoundWhereItStands() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: security.istio.io/v1beta1
      kind: AuthorizationPolicy
      metadata: {name: p, namespace: agents}
      spec:
        rules:
        - form:
          - source: {principals: ["*"]}
          to:
          - operation: {ports: ["80800"], methods: [GET]}
      """)
    let policy = inventory.istio.authorizationPolicies.first
    #expect(policy?.rules.first?.operations.first?.terms.count == 2)
    #expect(diagnostics.map(\.code) == ["bad-port", "unknown-field"])
    #expect(diagnostics.last?.location == SourceLocation(path: "mesh.yaml", line: 6, column: 5))
    #expect(diagnostics.last?.hint == "did you mean \"from\"?")
    #expect(inventory.resources.first?.isIncomplete == true)
  }

  @Test func allServedVersionsReadAlike() {
    for version in ["v1", "v1beta1"] {
      let (inventory, diagnostics) = read(
        """
        apiVersion: security.istio.io/\(version)
        kind: PeerAuthentication
        metadata: {name: d, namespace: agents}
        spec:
          selector: {matchLabels: {app: a}}
          mtls: {mode: STRICT}
          portLevelMtls: {8080: {mode: PERMISSIVE}}
        """)
      #expect(diagnostics.isEmpty)
      let policy = inventory.istio.peerAuthentications.first
      #expect(policy?.mode == .strict && policy?.portModes.first?.port == 8080)
    }
  }

  @Test func meshConfigKeepsTrueLineNumbers() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: istio
        namespace: istio-system
      data:
        mesh: |-
          # a comment
          trustDomain: prod.example
          accessLogFile: /dev/stdout
          defaultConfig:
            tracing:
              sampling: 10
          extensionProviders:
          - name: opa
            envoyExtAuthzGrpc: {service: opa.opa.svc.cluster.local, port: 9191, failOpen: true}
      """)
    #expect(diagnostics.isEmpty)
    let config = inventory.istio.meshConfig
    #expect(config.trustDomain == "prod.example")
    #expect(
      config.place(of: "trustDomain") == SourceLocation(path: "mesh.yaml", line: 9, column: 18))
    #expect(config.defaultSampling == 10)
    #expect(config.extensionProviders.first?.failsOpen == true)
    #expect(config.extensionProviders.first?.location.line == 15)
    #expect(config.outboundMode == .allowAny && config.rootNamespace == "istio-system")
  }

  @Test func theLiveMeshConfigWinsOverTheInstallers() {
    let (inventory, _) = read(
      """
      apiVersion: install.istio.io/v1alpha1
      kind: IstioOperator
      metadata: {name: i, namespace: istio-system}
      spec: {meshConfig: {trustDomain: installer.example}}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: istio-canary, namespace: istio-system}
      data: {mesh: "trustDomain: canary.example"}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: istio, namespace: istio-system}
      data: {mesh: "trustDomain: live.example"}
      """)
    #expect(inventory.istio.meshConfigs.count == 3)
    #expect(inventory.istio.meshConfig.trustDomain == "live.example")
  }

  @Test func aSharedMeshConfigLiesUnderIstiodsOwn() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: fleet-mesh, namespace: istio-system}
      data:
        mesh: |
          trustDomain: fleet.example
          trustDomainAliases: [old.example]
          accessLogFile: /dev/stdout
          defaultConfig:
            proxyMetadata: {SHARED: "1", BOTH: shared}
            gatewayTopology: {numTrustedProxies: 2}
          extensionProviders:
          - {name: opa, envoyExtAuthzGrpc: {service: opa.fleet.svc.cluster.local, port: 1}}
          - {name: logs, envoyFileAccessLog: {path: /dev/stdout}}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: istio, namespace: istio-system}
      data:
        mesh: |
          trustDomain: own.example
          trustDomainAliases: [older.example]
          defaultConfig:
            proxyMetadata: {BOTH: own}
          extensionProviders:
          - {name: opa, envoyExtAuthzGrpc: {service: opa.own.svc.cluster.local, port: 2}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: istiod, namespace: istio-system}
      spec:
        template:
          metadata: {labels: {app: istiod}}
          spec:
            containers:
            - {name: discovery, env: [{name: SHARED_MESH_CONFIG, value: fleet-mesh}]}
      """)
    #expect(diagnostics.isEmpty)
    #expect(inventory.istio.meshConfigs.count == 1)
    let config = inventory.istio.meshConfig
    #expect(config.trustDomain == "own.example" && config.accessLogFile == "/dev/stdout")
    #expect(Set(config.trustDomainAliases) == ["old.example", "older.example"])
    #expect(config.proxyMetadata == ["SHARED": "1", "BOTH": "own"])
    #expect(config.trustedProxyCount == 2)
    #expect(config.extensionProviders.map(\.name.value) == ["opa", "logs"])
    #expect(config.extensionProviders.first?.port == 2)
    #expect(config.place(of: "accessLogFile")?.line == 8)
    #expect(config.place(of: "trustDomain")?.line == 21)
  }

  @Test func aConfigMapWithMeshThatNobodyNamesIsNoMeshConfig() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: toys, namespace: shop}
      data: {mesh: "trustDomain: [not, istio"}
      """)
    #expect(inventory.istio.meshConfigs.isEmpty && diagnostics.isEmpty)
  }

  @Test(arguments: [
    """
    apiVersion: sailoperator.io/v1
    kind: Istio
    metadata: {name: default}
    spec:
      version: v1.30.2
      namespace: istio-system
      profile: ambient
      values:
        meshConfig: {trustDomain: corp.example}
        pilot: {env: {PILOT_AUTO_ALLOW_WAYPOINT_POLICY: "true"}}
    """,
    """
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {name: istiod, namespace: flux-system}
    spec:
      targetNamespace: istio-system
      values:
        profile: ambient
        global: {tag: 1.30.2}
        meshConfig: {trustDomain: corp.example}
        pilot: {env: {PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true}}
    """,
    """
    profile: ambient
    global: {tag: 1.30.2, istioNamespace: istio-system}
    meshConfig: {trustDomain: corp.example}
    pilot: {env: {PILOT_AUTO_ALLOW_WAYPOINT_POLICY: "true"}}
    """,
  ])
  func installersSayWhatTheControlPlaneWillBe(text: String) {
    let (inventory, diagnostics) = read(text)
    #expect(diagnostics.isEmpty)
    let config = inventory.istio.meshConfig
    #expect(config.source == .installer && config.trustDomain == "corp.example")
    #expect(config.controlPlaneNamespace == "istio-system" && config.revision == nil)
    #expect(config.installedVersion?.hasSuffix("1.30.2") == true)
    #expect(
      config.pilotEnvironment == [
        "PILOT_ENABLE_AMBIENT": "true", "PILOT_AUTO_ALLOW_WAYPOINT_POLICY": "true",
      ])
  }

  @Test func anEmptyOutboundPolicyIsRegistryOnly() {
    let (inventory, _) = read(
      """
      apiVersion: networking.istio.io/v1
      kind: Sidecar
      metadata: {name: s, namespace: agents}
      spec: {egress: [{hosts: ["./*", "istio-system/*"]}], outboundTrafficPolicy: {}}
      """)
    #expect(inventory.istio.sidecars.first?.outboundMode?.value == .registryOnly)
  }

  @Test func inlineKeysAreLookedAtAndNotKept() {
    let (inventory, _) = read(
      """
      apiVersion: security.istio.io/v1
      kind: RequestAuthentication
      metadata: {name: r, namespace: agents}
      spec:
        jwtRules:
        - issuer: https://idp
          jwks: '{"keys":[{"kty":"RSA","n":"x","e":"AQAB","d":"secret"}]}'
      """)
    let rule = inventory.istio.requestAuthentications.first?.rules.first
    #expect(rule?.hasPrivateKey == true && rule?.hasInlineJWKS == true)
  }

  @Test func workloadEntriesAreWorkloads() {
    let (inventory, _) = read(
      """
      apiVersion: networking.istio.io/v1
      kind: WorkloadEntry
      metadata: {name: gpu-1, namespace: agents}
      spec: {address: 10.0.0.9, labels: {app: model}, serviceAccount: model, ports: {http: 8000}}
      """)
    let workload = inventory.workloads.first
    #expect(workload?.kind == "WorkloadEntry" && workload?.serviceAccount == "model")
    #expect(workload?.ports.first?.number == 8000)
    #expect(workload?.instances.first?.addresses == ["10.0.0.9"])
  }

  @Test func aPortSettingWithoutTLSDoesNotInherit() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: d, namespace: agents}
      spec:
        host: tools
        trafficPolicy:
          tls: {mode: ISTIO_MUTUAL}
          portLevelSettings:
          - port: {number: 80}
            loadBalancer: {simple: LEAST_REQUEST}
      """)
    #expect(diagnostics.isEmpty)
    let policy = inventory.istio.destinationRules.first?.trafficPolicy
    #expect(policy?.tls?.mode == .istioMutual)
    #expect(policy?.ports.first?.port == 80 && policy?.ports.first?.tls == nil)
  }
}
