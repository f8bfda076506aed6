import MeshModel

@testable import AccessAnalysis

/// A small cluster with every kind of neighbour: Linkerd, Istio sidecars, ambient, and no mesh.
enum LayeredCluster {
  static let namespaces = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: agents, labels: {team: agents}, annotations: {linkerd.io/inject: enabled}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: models, annotations: {linkerd.io/inject: enabled}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: legacy}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: tools, labels: {istio-injection: enabled}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: stores, labels: {istio.io/dataplane-mode: ambient}}
    """

  static func workload(
    _ id: String, port: Int = 8080, name: String = "http", annotations: String = "",
    labels: String = ""
  ) -> String {
    let parts = id.split(separator: "/")
    return """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: \(parts[1]), namespace: \(parts[0])}
      spec:
        selector: {matchLabels: {app: \(parts[1])}}
        template:
          metadata:
            labels: {app: \(parts[1])\(labels)}
            annotations: {\(annotations)}
          spec:
            serviceAccountName: \(parts[1])
            containers:
            - {name: main, image: "x:1", ports: [{name: \(name), containerPort: \(port)}]}
      """
  }

  static let workloads = [
    workload("agents/planner"),
    workload("agents/other"),
    workload("agents/skipper", annotations: "config.linkerd.io/skip-outbound-ports: \"8080\""),
    workload("models/server"),
    workload("models/cache", port: 6379, name: "tcp"),
    workload(
      "models/exporter", port: 9090, name: "metrics",
      annotations: "config.linkerd.io/skip-inbound-ports: \"9090\""),
    workload("legacy/cron"),
    workload("legacy/wiki"),
    workload("tools/browser"),
    workload("stores/loader"),
    workload("stores/vectors"),
  ]

  /// Who may call `models/server` and `models/cache`: planner, skipper and, by its SPIFFE ID, browser.
  static let grants = """
    apiVersion: policy.linkerd.io/v1beta3
    kind: Server
    metadata: {name: server, namespace: models}
    spec:
      podSelector: {matchLabels: {app: server}}
      port: 8080
      proxyProtocol: HTTP/1
    ---
    apiVersion: policy.linkerd.io/v1beta3
    kind: Server
    metadata: {name: cache, namespace: models}
    spec:
      podSelector: {matchLabels: {app: cache}}
      port: 6379
      proxyProtocol: opaque
    ---
    apiVersion: policy.linkerd.io/v1alpha1
    kind: MeshTLSAuthentication
    metadata: {name: callers, namespace: models}
    spec:
      identities:
      - planner.agents.serviceaccount.identity.linkerd.cluster.local
      - skipper.agents.serviceaccount.identity.linkerd.cluster.local
      - spiffe://cluster.local/ns/tools/sa/browser
    ---
    apiVersion: policy.linkerd.io/v1alpha1
    kind: AuthorizationPolicy
    metadata: {name: callers, namespace: models}
    spec:
      targetRef: {group: core, kind: Namespace, name: models}
      requiredAuthenticationRefs:
      - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: callers}
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: browser, namespace: tools}
    spec:
      selector: {matchLabels: {app: browser}}
      rules:
      - from: [{source: {principals: ["cluster.local/ns/agents/sa/planner", "cluster.local/ns/stores/sa/loader"]}}]
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: vectors, namespace: stores}
    spec:
      selector: {matchLabels: {app: vectors}}
      rules:
      - from: [{source: {principals: ["cluster.local/ns/stores/sa/loader"]}}]
    """

  /// Lets everybody in at one port of what carries a label.
  static func ingress(_ id: String, port: Int) -> String {
    let parts = id.split(separator: "/")
    return """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: \(parts[1])-\(port), namespace: \(parts[0])}
      spec:
        podSelector: {matchLabels: {app: \(parts[1])}}
        policyTypes: [Ingress]
        ingress: [{from: [{namespaceSelector: {}}], ports: [{port: \(port)}]}]
      """
  }

  static let transparentMode = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: linkerd-config, namespace: linkerd}
    data:
      values: |
        proxy: {outboundTransportMode: transparent}
    """

  static func model(_ more: [String] = []) -> AccessModel {
    RandomPlatform.model(of: [namespaces] + workloads + [grants] + more)
  }

  static func id(_ text: String) -> WorkloadID {
    let parts = text.split(separator: "/").map(String.init)
    return WorkloadID(namespace: parts[0], name: parts[1])
  }
}
