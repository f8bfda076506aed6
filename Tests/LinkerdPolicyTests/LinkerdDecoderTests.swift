import MeshModel
import Testing

/// Reading of the Linkerd, Gateway API, cert-manager and SPIRE kinds, and what is said of mistakes.
@Suite struct LinkerdDecoderTests {
  private func read(_ text: String) -> (MeshInventory, [Diagnostic]) {
    let sink = DiagnosticSink()
    let inventory = Manifests.inventory(["test.yaml": text], sink: sink)
    return (inventory, sink.diagnostics)
  }

  @Test func misspeltFieldsAndWrongTypesHaveAPlaceAndAHint() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: policy.linkerd.io/v1beta3
      kind: Server
      metadata: {name: s, namespace: ns}
      spec:
        podSelector: {}
        port: 80
        accesPolicy: deny
        proxyProtocol: HTTP1
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: ns}
      spec:
        podSelector: {matchLabels: {a: b}}
        ingress:
        - form: []
          ports: [{port: 99999}]
      """)
    #expect(inventory.linkerd.servers.count == 1)
    #expect(
      diagnostics.map(\.code) == [
        "unknown-field", "unknown-value", "port-out-of-range", "unknown-field",
      ])
    #expect(diagnostics[0].location?.line == 7 && diagnostics[0].location?.column == 3)
    #expect(diagnostics[0].hint == "did you mean \"accessPolicy\"?")
    #expect(diagnostics.last?.hint == "did you mean \"from\"?")
    // The port that cannot be read matches nothing; it does not open all.
    #expect(inventory.networkPolicy.networkPolicies[0].ingress[0].ports[0].port == .name(""))
    #expect(inventory.resources.map(\.isIncomplete) == [true, true])
  }

  @Test func unreadableReferencesAndNetworksNeverWidenAGrant() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: policy.linkerd.io/v1alpha1
      kind: AuthorizationPolicy
      metadata: {name: a, namespace: ns}
      spec:
        targetRef: {group: policy.linkerd.io, kind: Server, name: s}
        requiredAuthenticationRefs: [{kind: ServiceAccount}]
      ---
      apiVersion: policy.linkerd.io/v1alpha1
      kind: NetworkAuthentication
      metadata: {name: b, namespace: ns}
      spec: {networks: [{cidr: 10.0.0.0/8}, {cidr: 10.0.0/8}]}
      ---
      apiVersion: policy.linkerd.io/v1beta1
      kind: ServerAuthorization
      metadata: {name: c, namespace: ns}
      spec: {server: {name: s}, client: {unauthenticated: true, networks: [{cidr: nowhere}]}}
      """)
    #expect(inventory.linkerd.authorizationPolicies[0].authentications == nil)
    #expect(inventory.linkerd.networkAuthentications.isEmpty)
    #expect(inventory.linkerd.serverAuthorizations.isEmpty)
    #expect(diagnostics.map(\.code) == ["missing-field", "bad-address", "bad-address"])
  }

  @Test func theOtherKindsOfLinkerdAreRead() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: multicluster.linkerd.io/v1alpha3
      kind: Link
      metadata: {name: west, namespace: linkerd-multicluster}
      spec:
        targetClusterName: west
        gatewayAddress: 1.2.3.4
        gatewayPort: "4143"
        gatewayIdentity: linkerd-gateway.linkerd-multicluster.serviceaccount.identity.linkerd.cluster.local
        selector: {matchLabels: {mirror.linkerd.io/exported: "true"}}
      ---
      apiVersion: workload.linkerd.io/v1beta1
      kind: ExternalWorkload
      metadata: {name: vm, namespace: ns, labels: {app: vm}}
      spec:
        meshTLS: {identity: "spiffe://root.linkerd.cluster.local/vm", serverName: vm.cluster.local}
        workloadIPs: [{ip: 10.9.9.9}]
        ports: [{name: http, port: 80}]
      ---
      apiVersion: policy.linkerd.io/v1alpha1
      kind: HTTPLocalRateLimitPolicy
      metadata: {name: limit, namespace: ns}
      spec:
        targetRef: {group: policy.linkerd.io, kind: Server, name: s}
        total: {requestsPerSecond: 100}
        identity: {requestsPerSecond: 10}
        overrides: [{requestsPerSecond: 20, clientRefs: [{kind: ServiceAccount, name: fast}]}]
      ---
      apiVersion: linkerd.io/v1alpha2
      kind: ServiceProfile
      metadata: {name: web.ns.svc.cluster.local, namespace: ns}
      spec:
        routes: [{name: GET /, condition: {method: GET, pathRegex: /}, isRetryable: true, timeout: 25ms}]
      """)
    #expect(diagnostics.isEmpty)
    let linkerd = inventory.linkerd
    #expect(linkerd.links[0].gatewayPort == 4143 && linkerd.links[0].selector != nil)
    #expect(linkerd.externalWorkloads[0].identity?.value.hasPrefix("spiffe://") == true)
    #expect(linkerd.rateLimitPolicies[0].overrides[0].clients[0].name == "fast")
    #expect(linkerd.serviceProfiles[0].routes[0].isRetryable)
  }

  @Test func controlPlaneValuesAreRead() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: linkerd-config, namespace: linkerd}
      data:
        values: |
          linkerdVersion: edge-25.3.2
          clusterNetworks: 10.0.0.0/8, 192.168.0.0/16
          webhookFailurePolicy: Fail
          policyController: {probeNetworks: [0.0.0.0/0, bad]}
          proxy: {defaultInboundPolicy: deny, ports: {inbound: 5143}}
          identity: {issuer: {scheme: kubernetes.io/tls, issuanceLifetime: 24h0m0s}}
      """)
    #expect(diagnostics.map(\.code) == ["bad-address"])
    let values = inventory.linkerd.configurations[0]
    #expect(values.clusterNetworks?.map(\.description) == ["10.0.0.0/8", "192.168.0.0/16"])
    #expect(values.probeNetworks?.count == 1 && values.proxyInboundPort == 5143)
    #expect(values.webhookFailurePolicy == "Fail" && values.issuerScheme == "kubernetes.io/tls")
  }

  @Test func certificateAndIdentityKindsAreRead() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: cert-manager.io/v1
      kind: Certificate
      metadata: {name: issuer, namespace: linkerd}
      spec:
        secretName: linkerd-identity-issuer
        isCA: true
        commonName: identity.linkerd.cluster.local
        duration: 48h0m0s
        renewBefore: 25h
        issuerRef: {name: root, kind: ClusterIssuer}
        privateKey: {algorithm: ECDSA, size: 256, rotationPolicy: Always}
        usages: [cert sign]
      status:
        conditions: [{type: Ready, status: "False"}]
        notAfter: "2026-01-01T00:00:00Z"
        failedIssuanceAttempts: 2
      ---
      apiVersion: cert-manager.io/v1
      kind: ClusterIssuer
      metadata: {name: root}
      spec: {ca: {secretName: linkerd-trust-anchor}}
      ---
      apiVersion: cert-manager.io/v1
      kind: Issuer
      metadata: {name: self, namespace: ns}
      spec: {selfSigned: {}}
      ---
      apiVersion: spire.spiffe.io/v1alpha1
      kind: ClusterSPIFFEID
      metadata: {name: agents}
      spec:
        spiffeIDTemplate: "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}"
        podSelector: {matchLabels: {app: a}}
        ttl: 1h30m
        admin: true
        classname: x
      """)
    #expect(diagnostics.map(\.code) == ["unknown-field"])
    let certificates = inventory.certificates
    let certificate = certificates.certificates[0]
    #expect(
      certificate.durationSeconds?.value == 172_800
        && certificate.renewBeforeSeconds?.value == 90_000)
    #expect(certificate.isReady == false && certificate.failedIssuanceAttempts == 2)
    #expect(certificate.issuer?.kind == "ClusterIssuer" && certificate.isCA)
    #expect(certificates.issuers.map { $0.type?.value } == ["ca", "selfSigned"])
    #expect(certificates.issuers[0].secretName == "linkerd-trust-anchor")
    let spiffe = certificates.clusterSPIFFEIDs[0]
    #expect(spiffe.ttlSeconds?.value == 5400 && spiffe.isAdmin?.value == true)
    #expect(spiffe.selects(podLabels: ["app": "a"], namespaceLabels: [:]))
    #expect(!spiffe.selects(podLabels: [:], namespaceLabels: [:]))
  }

  @Test func gatewaysAndRoutesAreRead() {
    let (inventory, diagnostics) = read(
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: waypoint, namespace: ns, labels: {istio.io/waypoint-for: all}}
      spec:
        gatewayClassName: istio-waypoint
        listeners: [{name: mesh, port: 15008, protocol: HBONE}]
      ---
      apiVersion: gateway.networking.k8s.io/v1
      kind: GRPCRoute
      metadata: {name: g, namespace: ns}
      spec:
        parentRefs: [{name: waypoint}]
        rules: [{matches: [{method: {service: a.B, method: C}}], backendRefs: [{name: s, port: 80}]}]
      ---
      apiVersion: policy.linkerd.io/v1beta3
      kind: HTTPRoute
      metadata: {name: h, namespace: ns}
      spec:
        parentRefs: [{group: policy.linkerd.io, kind: Server, name: s}]
        rules: [{matches: [{path: {type: Prefix, value: /x}}, {headers: [{name: X-A, value: b}]}]}]
      """)
    #expect(diagnostics.map(\.code) == ["unknown-value"])
    let gateway = inventory.gateway.gateways[0]
    #expect(
      gateway.gatewayClassName?.value == "istio-waypoint" && gateway.listeners[0].port == 15008)
    #expect(gateway.labels["istio.io/waypoint-for"] == "all")
    #expect(inventory.gateway.routes.map(\.kind) == [.grpc, .http])
    #expect(inventory.gateway.routes[0].parents[0].kind == "Gateway")
    #expect(inventory.gateway.routes[0].rules[0].matches[0].grpcMethod?.service == "a.B")
    #expect(inventory.gateway.routes[1].rules[0].matches[0].path?.comparison == .unknown("Prefix"))
  }
}
