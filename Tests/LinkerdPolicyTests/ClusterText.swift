import MeshModel

@testable import LinkerdPolicy

/// Manifests of small clusters, piece by piece, for suites that read them.
protocol ClusterText {}

extension ClusterText {
  static func deployment(
    _ name: String, in namespace: String = "agents", notes: String = "", owner: String = "",
    account: String = "",
    pod: String = "containers: [{name: app, ports: [{name: http, containerPort: 8080}]}]"
  ) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: \(name), namespace: \(namespace), annotations: {\(owner)}}
    spec:
      template:
        metadata: {labels: {app: \(name)}, annotations: {\(notes)}}
        spec: {serviceAccountName: "\(account)", \(pod)}
    ---

    """
  }

  static func linkerd(
    _ kind: String, _ name: String, _ spec: String, in namespace: String = "agents",
    version: String = "v1alpha1"
  ) -> String {
    """
    apiVersion: policy.linkerd.io/\(version)
    kind: \(kind)
    metadata: {name: \(name), namespace: \(namespace)}
    spec: \(spec)
    ---

    """
  }

  static func server(_ name: String, _ spec: String, version: String = "v1beta3") -> String {
    linkerd("Server", name, spec, version: version)
  }

  static var namespaces: String {
    """
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, annotations: {linkerd.io/inject: enabled}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: plain}
    ---

    """
  }

  func mesh(_ text: String) -> LinkerdMesh {
    LinkerdMesh(inventory: Manifests.inventory(Self.namespaces + text))
  }
}
