package import DocumentReader
package import MeshModel

/// Reads Kubernetes resources out of documents.
///
/// Feed every document of every file, then `finish`.
package struct ManifestReader: ~Copyable {
  private var contents = ManifestContents()
  private var seen: [ResourceReference: SourceLocation] = [:]
  private let sink: DiagnosticSink

  package init(sink: DiagnosticSink) { self.sink = sink }

  /// Whether a document looks like a Kubernetes resource, a list of them, or Helm values of Istio.
  package static func recognises(_ node: DocumentNode) -> Bool {
    (node["kind"]?.string != nil && node["apiVersion"]?.string != nil)
      || HelmValues.recognises(node)
  }

  /// Reads one document; returns how many resources it held (a List holds its items).
  @discardableResult
  package mutating func read(_ node: DocumentNode) -> Int {
    if HelmValues.recognises(node) {
      guard let config = HelmValues.config(node, sink: sink) else { return 0 }
      contents.inventory.istio.meshConfigs.append(config)
      return 1
    }
    guard let kind = node["kind"]?.string, let apiVersion = node["apiVersion"]?.string else {
      sink.report(
        .error, "not-a-resource", "a list item without \"kind\" or \"apiVersion\"",
        at: node.location)
      return 0
    }
    if apiVersion.hasPrefix("kustomize.config.k8s.io/") {
      // No resource: it says how resources are made of the files beside it, patches among them.
      sink.report(
        .warning, "unrendered", "\(kind) is instructions for Kustomize, which are not carried out",
        at: node.location,
        hint: "audit what it makes: kubectl kustomize \(folder(of: node.location.path))")
      return 0
    }
    if kind == "List" || (kind.hasSuffix("List") && node["items"] != nil) {
      let items = node["items"]?.items ?? []
      let itemKind = kind == "List" ? nil : String(kind.dropLast("List".count))
      return items.reduce(0) { count, item in
        count + readItem(item, kind: itemKind, apiVersion: apiVersion)
      }
    }
    readResource(node, kind: kind, apiVersion: apiVersion)
    return 1
  }

  /// Makes workloads out of pods and controllers and hands everything over.
  package consuming func finish() -> MeshInventory {
    var inventory = contents.inventory
    inventory.workloads += WorkloadAssembly.workloads(from: contents.controllers)
    inventory.workloads.sort { $0.id < $1.id }
    IstioSharedMeshConfig.merge(contents, into: &inventory)
    return inventory
  }

  /// Items of a typed list (`DeploymentList`) may leave out kind and version.
  private mutating func readItem(_ item: DocumentNode, kind: String?, apiVersion: String) -> Int {
    if ManifestReader.recognises(item) { return read(item) }
    guard let kind, item.entries != nil else { return read(item) }
    readResource(item, kind: kind, apiVersion: apiVersion)
    return 1
  }

  private mutating func readResource(_ node: DocumentNode, kind: String, apiVersion: String) {
    let fields = FieldReader(node, sink: sink)
    fields.ignore("apiVersion", "kind", "status")
    let metadata = readMetadata(fields, kind: kind, apiVersion: apiVersion)
    if let first = seen[metadata.reference] {
      sink.report(
        .warning, "duplicate-resource", "\(metadata.reference.text) is defined again",
        at: metadata.location, hint: "the first definition, at \(first), is used")
      return
    }
    seen[metadata.reference] = metadata.location

    let object = ResourceObject(metadata: metadata, fields: fields)
    if let decoder = ResourceDecoders.byKind[metadata.reference.kind] {
      decoder.decode(object, into: &contents)
    }
    contents.inventory.resources.append(
      Resource(
        metadata: metadata, spec: ResourceBody.json(of: node, kind: metadata.reference.kind),
        isIncomplete: fields.hasProblem))
  }

  private func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  private func readMetadata(_ fields: FieldReader, kind: String, apiVersion: String)
    -> ResourceMetadata
  {
    let slash = apiVersion.lastIndex(of: "/")
    let group = slash.map { String(apiVersion[..<$0]) } ?? ""
    let version = slash.map { String(apiVersion[apiVersion.index(after: $0)...]) } ?? apiVersion
    let resourceKind = ResourceKind(group: group, kind: kind)
    let metadata = fields.object("metadata")
    let name = metadata?.string("name")?.value ?? metadata?.string("generateName")?.value
    // istioctl begins with `"metadata": {}` (operator/pkg/render/manifest.go): its files need no name.
    if name == nil, resourceKind != ResourceKind(group: "install.istio.io", kind: "IstioOperator") {
      fields.problem(
        "missing-name", "\(kind) without metadata.name", at: fields.location,
        hint: "every resource needs a name")
    }
    let isClusterScoped = ClusterScopedKinds.contains(resourceKind)
    let namespace = metadata?.string("namespace")?.value ?? "default"
    return ResourceMetadata(
      reference: ResourceReference(
        kind: resourceKind, namespace: isClusterScoped ? "" : namespace, name: name ?? ""),
      version: version,
      labels: metadata?.stringMap("labels") ?? [:],
      annotations: SecretRedaction.annotations(metadata?.stringMap("annotations") ?? [:]),
      creationTimestamp: metadata?.time("creationTimestamp"),
      location: fields.location)
  }
}

/// Kinds that live outside namespaces, among those that an audit meets.
enum ClusterScopedKinds {
  private static let kinds: Set<ResourceKind> = Set(
    [
      ("", "Namespace"), ("", "Node"), ("", "PersistentVolume"),
      ("rbac.authorization.k8s.io", "ClusterRole"),
      ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
      ("apiextensions.k8s.io", "CustomResourceDefinition"),
      ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
      ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
      ("gateway.networking.k8s.io", "GatewayClass"), ("cert-manager.io", "ClusterIssuer"),
      ("spire.spiffe.io", "ClusterSPIFFEID"), ("spire.spiffe.io", "ClusterFederatedTrustDomain"),
      ("spire.spiffe.io", "ClusterStaticEntry"),
      ("policy.networking.k8s.io", "AdminNetworkPolicy"),
      ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"),
      ("policy.networking.k8s.io", "ClusterNetworkPolicy"), ("trust.cert-manager.io", "Bundle"),
      ("storage.k8s.io", "StorageClass"), ("scheduling.k8s.io", "PriorityClass"),
    ].map { ResourceKind(group: $0.0, kind: $0.1) })

  static func contains(_ kind: ResourceKind) -> Bool { kinds.contains(kind) }
}

/// The part of a document that is kept in `resource.spec`.
enum ResourceBody {
  private static let left: Set<String> = ["apiVersion", "kind", "metadata", "status"]

  static func json(of node: DocumentNode, kind: ResourceKind) -> JSONValue {
    if kind == ResourceKind(group: "", kind: "Secret") {
      return .object([.init("type", .string(node["type"]?.string ?? "Opaque")), keys(node)])
    }
    if kind == ResourceKind(group: "", kind: "ConfigMap") { return .object([keys(node)]) }
    if let spec = node["spec"] { return SecretRedaction.redacted(spec.json) }
    let entries = node.entries ?? []
    return SecretRedaction.redacted(
      .object(entries.filter { !left.contains($0.key) }.map { .init($0.key, $0.value.json) }))
  }

  /// Key names with the byte count of each value; never a value.
  private static func keys(_ node: DocumentNode) -> JSONValue.Member {
    let values = ["data", "stringData", "binaryData"].flatMap { node[$0]?.entries ?? [] }
    return .init("keys", SecretRedaction.keys(values.map { ($0.key, $0.value.scalar?.text) }))
  }
}
