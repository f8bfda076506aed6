import DocumentReader
import ManifestReader
import MeshModel
import Testing

/// Reads documents as the pipeline does: every document of every file, then the end.
func readManifests(_ texts: String...) -> (inventory: MeshInventory, diagnostics: [Diagnostic]) {
  let sink = DiagnosticSink()
  var reader = ManifestReader(sink: sink)
  for (index, text) in texts.enumerated() {
    let path = "file\(index).yaml"
    let nodes =
      text.hasPrefix("{")
      ? JSONDocuments.read(text, path: path, into: sink)
      : YAMLDocuments.read(text, path: path, into: sink)
    for node in nodes where ManifestReader.recognises(node) { reader.read(node) }
  }
  return (reader.finish(), sink.diagnostics)
}

@Suite struct ManifestReaderTests {
  @Test func instructionsForKustomizeAreNoResource() {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      resources: [../base]
      """)
    #expect(inventory.resources.isEmpty)
    #expect(diagnostics.map(\.severity) == [.warning])
    #expect(diagnostics.first?.hint == "audit what it makes: kubectl kustomize .")
  }

  @Test func listHoldsItsItemsAtTheirPlaces() {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: v1
      kind: List
      items:
      - apiVersion: v1
        kind: Namespace
        metadata: {name: agents}
      - apiVersion: v1
        kind: ServiceAccount
        metadata: {name: planner, namespace: agents}
      """)
    #expect(diagnostics.isEmpty)
    #expect(inventory.resources.map(\.metadata.name) == ["agents", "planner"])
    #expect(inventory.resources[1].metadata.location.line == 7)
    #expect(inventory.resources[0].metadata.namespace == "")
  }

  @Test func typedListGivesItsItemsTheirKind() {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: apps/v1
      kind: DeploymentList
      items:
      - metadata: {name: a, namespace: x}
        spec: {template: {metadata: {labels: {app: a}}, spec: {containers: []}}}
      - apiVersion: apps/v1
        kind: Deployment
        metadata: {name: b, namespace: x}
        spec: {template: {spec: {containers: []}}}
      """)
    #expect(diagnostics.isEmpty)
    #expect(inventory.workloads.map(\.id.description) == ["x/a", "x/b"])
    #expect(inventory.resources.allSatisfy { $0.metadata.reference.kind.kind == "Deployment" })
  }

  @Test func emptyListHoldsNothing() {
    let (inventory, diagnostics) = readManifests(
      "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[]}", "apiVersion: v1\nkind: List\n")
    #expect(inventory.resources.isEmpty && diagnostics.isEmpty)
  }

  @Test func itemWithoutKindIsNamed() {
    let (inventory, diagnostics) = readManifests(
      "apiVersion: v1\nkind: List\nitems:\n- metadata: {name: x}\n- 7\n")
    #expect(inventory.resources.isEmpty)
    #expect(diagnostics.map(\.code) == ["not-a-resource", "not-a-resource"])
    #expect(diagnostics.map(\.location?.line) == [4, 5])
  }

  /// `kubectl get -o json`: status, timestamps, managed fields.
  @Test func exportWithStatusIsReadWithoutNoise() {
    let (inventory, diagnostics) = readManifests(
      """
      {"apiVersion":"v1","kind":"List","metadata":{"resourceVersion":""},"items":[
       {"apiVersion":"v1","kind":"Service",
        "metadata":{"name":"planner","namespace":"agents","uid":"u1","resourceVersion":"7",
         "creationTimestamp":"2026-11-01T10:00:00Z","generation":2,
         "managedFields":[{"manager":"kubectl","operation":"Apply","fieldsV1":{"f:spec":{}}}],
         "annotations":{"a":"b",
          "kubectl.kubernetes.io/last-applied-configuration":"{\\"kind\\":\\"Service\\"}"}},
        "spec":{"clusterIP":"10.0.0.1","selector":{"app":"planner"},"type":"ClusterIP",
         "ports":[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]},
        "status":{"loadBalancer":{}}}]}
      """)
    #expect(diagnostics.isEmpty)
    let resource = inventory.resources.first
    #expect(resource?.metadata.creationTimestamp == UTCTime("2026-11-01T10:00:00Z"))
    #expect(resource?.isIncomplete == false)
    #expect(inventory.kubernetes.services.count == 1)
    // The whole object a second time, with every value in it, is not kept.
    #expect(resource?.metadata.annotations == ["a": "b"])
  }

  /// `helm template`: comments, empty documents, quoted labels.
  @Test func outputOfHelmIsRead() {
    let (inventory, diagnostics) = readManifests(
      """
      ---
      # Source: chart/templates/empty.yaml

      ---
      # Source: chart/templates/sa.yaml
      apiVersion: v1
      kind: ServiceAccount
      metadata:
        name: release-planner
        namespace: "agents"
        labels:
          helm.sh/chart: "planner-1.2.3"
          app.kubernetes.io/managed-by: Helm
      ---
      ---
      # Source: chart/templates/ns.yaml
      apiVersion: v1
      kind: Namespace
      metadata:
        name: agents
      """)
    #expect(diagnostics.isEmpty)
    #expect(inventory.resources.map(\.metadata.name) == ["release-planner", "agents"])
    #expect(inventory.resources[0].metadata.labels["helm.sh/chart"] == "planner-1.2.3")
  }

  @Test func secondDefinitionIsNamedAndTheFirstIsUsed() {
    let (inventory, diagnostics) = readManifests(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {from: first}}\n",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {from: second}}\n")
    #expect(diagnostics.map(\.code) == ["duplicate-resource"])
    #expect(diagnostics.first?.hint?.contains("file0.yaml:1:1") == true)
    #expect(inventory.resources.count == 1)
    #expect(inventory.kubernetes.namespaces.first?.labels["from"] == "first")
  }

  /// The same object under two served versions is one object; under two namespaces it is two.
  @Test func versionIsNoPartOfIdentity() {
    let policy = { (version: String, namespace: String) in
      """
      apiVersion: security.istio.io/\(version)
      kind: AuthorizationPolicy
      metadata: {name: p, namespace: \(namespace)}
      spec: {}

      """
    }
    let (inventory, diagnostics) = readManifests(
      policy("v1", "a"), policy("v1beta1", "a"), policy("v1", "b"))
    #expect(diagnostics.map(\.code) == ["duplicate-resource"])
    #expect(inventory.istio.authorizationPolicies.count == 2)
  }

  @Test func unknownKindIsKeptWhole() {
    let (inventory, diagnostics) = readManifests(
      """
      apiVersion: example.com/v1alpha1
      kind: Widget
      metadata: {name: w}
      spec: {depth: 3, on: yes, list: [a, {b: null}]}
      """)
    #expect(diagnostics.isEmpty)
    let resource = inventory.resources.first
    #expect(resource?.metadata.reference.kind == ResourceKind(group: "example.com", kind: "Widget"))
    #expect(resource?.metadata.version == "v1alpha1")
    #expect(resource?.metadata.namespace == "default")
    #expect(resource?.spec["depth"] == .int(3))
    #expect(resource?.spec["list"]?.arrayValue?.count == 2)
  }

  @Test func resourceWithoutANameIsNamed() {
    let (_, diagnostics) = readManifests("apiVersion: v1\nkind: Service\nmetadata: {}\nspec: {}\n")
    #expect(diagnostics.contains { $0.code == "missing-name" })
  }

  @Test func anIstioOperatorNeedsNoName() {
    let (inventory, diagnostics) = readManifests(
      "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: demo}\n")
    #expect(diagnostics.isEmpty)
    #expect(inventory.resources.first?.metadata.reference.text == "IstioOperator")
  }
}
