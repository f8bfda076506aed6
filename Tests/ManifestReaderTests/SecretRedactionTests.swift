import MeshModel
import Testing

/// What is kept of a manifest holds no secret.
@Suite struct SecretRedactionTests {
  private static let encoded = "Q0FOQVJZ"

  @Test func secretKeepsTypeAndKeysOnly() {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: v1
      kind: Secret
      metadata:
        name: s
        namespace: a
        annotations: {kubectl.kubernetes.io/last-applied-configuration: CANARY}
      type: kubernetes.io/basic-auth
      data: {password: \(Self.encoded)}
      stringData: {user: CANARY}
      """)
    #expect(diagnostics.isEmpty)
    let secret = inventory.kubernetes.secrets.first
    #expect(secret?.type == "kubernetes.io/basic-auth")
    #expect(secret?.keys == ["password", "user"])
    let text = String(describing: inventory)
    #expect(!text.contains("CANARY") && !text.contains(Self.encoded))
  }

  @Test func certificateOfASecretIsKeptAndItsKeyIsNot() {
    let certificate =
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    let key = "-----BEGIN EC PRIVATE KEY-----\nCANARY\n-----END EC PRIVATE KEY-----\n"
    let text = (certificate + key).split(separator: "\n").map { "    \($0)" }
      .joined(separator: "\n")
    let (inventory, _) = readManifests(
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: s, namespace: a}
      type: kubernetes.io/tls
      stringData:
        tls.crt: |
      \(text)
      """)
    let secret = inventory.kubernetes.secrets.first
    #expect(secret?.certificates["tls.crt"]?.value.contains("AAAA") == true)
    #expect(secret?.privateKeyKeys == ["tls.crt"])
    #expect(!String(describing: inventory).contains("CANARY"))
  }

  @Test func configMapKeepsItsValuesForTheMeshAndNotForTheRecord() {
    let (inventory, _) = readManifests(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings, namespace: a}
      data: {url: "https://u:CANARY@h/"}
      binaryData: {blob: Q0FOQVJZ}
      """)
    #expect(inventory.kubernetes.configMaps.first?.data["url"]?.value == "https://u:CANARY@h/")
    #expect(
      inventory.resources.first?.spec.canonicalText
        == "{\"keys\":{\"blob\":{\"byteCount\":8},\"url\":{\"byteCount\":19}}}")
  }

  @Test(arguments: [
    ("env: [{name: A, value: CANARY}]", false), ("env: [{name: A, value: 12}]", false),
    ("args: [--token=CANARY]", false), ("args: [--api-key, CANARY]", false),
    ("args: [--verbose, KEPT]", true), ("command: [serve, --port=KEPT]", true),
    ("password: CANARY", false), ("clientSecret: CANARY", false), ("secretName: KEPT", true),
    ("tokenTTL: KEPT", true), ("url: \"https://host/KEPT\"", true),
    ("url: \"postgres://u:CANARY@host/db\"", false),
    ("header: \"Bearer CANARY-CANARY\"", false),
    ("jwt: \"x eyJhbGciOiJub25lIn0.eyJhIjoiQ0FOQVJZIn0.CANARY\"", false),
    ("key: \"-----BEGIN PRIVATE KEY-----\\nCANARY\"", false),
    ("valueFrom: {secretKeyRef: {name: KEPT, key: KEPT}}", true),
    ("aws: AKIAIOSFODNN7CANARYX", false), ("image: \"registry.example/KEPT@sha256:00\"", true),
  ])
  func specKeepsNamesAndNoSecrets(field: String, isKept: Bool) {
    let (inventory, _) = readManifests(
      "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec:\n  deep:\n  - \(field)\n"
    )
    let text = inventory.resources.first?.spec.canonicalText ?? ""
    #expect(!text.contains("CANARY"), "\(text)")
    #expect(text.contains("KEPT") == isKept, "\(text)")
    #expect(text.contains("not kept") != isKept, "\(text)")
  }

  @Test func aValueThatIsNotBase64IsNamedWithoutItself() {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: broken, namespace: team}
      type: kubernetes.io/tls
      data:
        tls.crt: "!!!hidden"
        tls.key: ""
        note: "<taken out>"
      """)
    #expect(inventory.kubernetes.secrets.count == 1)
    #expect(diagnostics.map(\.code) == ["not-base64"])
    #expect(diagnostics.first?.message == "data.tls.crt is not base64")
    #expect(diagnostics.first?.location?.line == 6)
  }

  @Test func aCertificateRequestBringsWhatWasIssued() {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: cert-manager.io/v1
      kind: CertificateRequest
      metadata: {name: planner-1, namespace: agents}
      spec:
        duration: 24h
        isCA: false
        issuerRef: {name: mesh, kind: ClusterIssuer}
        request: LS0t
        usages: [digital signature, server auth]
      status:
        certificate: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=
        ca: "%%%"
        conditions: [{type: Ready, status: "True"}]
      """)
    let request = inventory.certificates.requests.first
    #expect(request?.durationSeconds?.value == 86_400)
    #expect(request?.issuer?.kind == "ClusterIssuer")
    #expect(request?.isReady == true)
    #expect(request?.issued["certificate"]?.value.hasPrefix("-----BEGIN CERTIFICATE") == true)
    #expect(diagnostics.map(\.code) == ["not-base64"])
  }

  @Test func aStaticEntryIsARegistrationEntry() {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: spire.spiffe.io/v1alpha1
      kind: ClusterStaticEntry
      metadata: {name: edge}
      spec:
        spiffeID: spiffe://prod.example/ns/agents/sa/edge
        parentID: spiffe://prod.example/spire/agent/x
        selectors: ["k8s:sa:edge", "k8s:ns:agents"]
        x509SVIDTTL: 72h
        admin: true
      ---
      apiVersion: spire.spiffe.io/v1alpha1
      kind: ClusterStaticEntry
      metadata: {name: broken}
      spec: {selectors: []}
      """)
    let entry = inventory.certificates.staticEntries.first
    #expect(inventory.certificates.staticEntries.count == 1)
    #expect(entry?.selectors == ["k8s:ns:agents", "k8s:sa:edge"])
    #expect(entry?.x509TTLSeconds == 259_200)
    #expect(entry?.isAdmin == true)
    #expect(diagnostics.map(\.code) == ["missing-field"])
  }
}
