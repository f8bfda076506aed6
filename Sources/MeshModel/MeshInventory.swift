/// Everything that the manifests of one run say, typed.
///
/// Order inside each list is the order of the inputs (sorted by path, then document order).
package struct MeshInventory: Sendable {
  /// Every resource, known kind or not.
  package var resources: [Resource] = []
  package var workloads: [Workload] = []
  package var kubernetes = KubernetesResources()
  package var networkPolicy = NetworkPolicyResources()
  package var istio = IstioResources()
  package var linkerd = LinkerdResources()
  package var gateway = GatewayResources()
  package var certificates = CertificateResources()

  package init() {}

  /// The labels of a namespace, with `kubernetes.io/metadata.name` even when no manifest declares it.
  package func namespaceLabels(_ name: String) -> [String: String] {
    kubernetes.namespaces.first { $0.name == name }?.labels
      ?? ["kubernetes.io/metadata.name": name]
  }
}
