import MeshModel

@testable import LinkerdPolicy

/// The small cluster of upstream's own tests, and how they ask it (linkerd2 policy-controller and
/// policy-test, edge-26.8.3).
protocol UpstreamCases {}

extension UpstreamCases {
  static var dnsClient: String {
    "client.ns-0.serviceaccount.identity.linkerd.cluster.example.com"
  }

  static var server: String {
    """
    apiVersion: policy.linkerd.io/v1beta3
    kind: Server
    metadata: {name: srv-8080, namespace: ns-0, labels: {app: app-0}}
    spec: {podSelector: {matchLabels: {app: web}}, port: http, proxyProtocol: HTTP/1}
    ---

    """
  }

  static var mtls: String {
    "{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: mtls}"
  }

  static var net: String { "{group: policy.linkerd.io, kind: NetworkAuthentication, name: net}" }

  func cluster(
    defaultPolicy: String = "deny", annotations: [String: String] = [:], policies: String = "",
    probes: String = ""
  ) -> LinkerdMesh {
    let notes = annotations.map { "        \($0.key): \"\($0.value)\"" }.joined(separator: "\n")
    return LinkerdMesh(
      inventory: Manifests.inventory(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: linkerd-config, namespace: linkerd}
        data:
          values: |
            clusterNetworks: 192.0.2.0/24
            identityTrustDomain: cluster.example.com
            proxy: {defaultInboundPolicy: \(defaultPolicy)}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: ns-0}
        spec:
          template:
            metadata:
              labels: {app: web}
              annotations:
                linkerd.io/inject: enabled
        \(notes)
            spec:
              serviceAccountName: web
              containers:
              - name: app
                ports: [{name: http, containerPort: 8080}, {containerPort: 2222}]
                \(probes)
        ---
        \(policies)
        """))
  }

  /// `allow`, or `deny` with its reason.
  func ask(
    _ mesh: LinkerdMesh, at workload: String = "web", port: Int = 8080,
    as principal: String? = nil, from ip: String = "192.0.2.7", _ method: String = "GET",
    _ path: String = "/", host: String = "web", headers: [String: String] = [:],
    isTCP: Bool = false
  ) -> String {
    let record = mesh.decision(
      for: AccessRequest(
        source: .init(principal: principal, ip: IPAddress(ip)),
        destination: .init(
          workload: .init(namespace: "ns-0", name: workload), port: port,
          applicationProtocol: isTCP ? .tcp : .http),
        http: isTCP ? nil : .init(method: method, host: host, path: path, headers: headers)))
    return record.decision == .deny ? "deny \(record.reason ?? "")" : record.decision.rawValue
  }

  func policy(
    _ name: String = "allow",
    target: String = "{group: policy.linkerd.io, kind: Server, name: srv-8080}",
    requires: String
  ) -> String {
    """
    apiVersion: policy.linkerd.io/v1alpha1
    kind: AuthorizationPolicy
    metadata: {name: \(name), namespace: ns-0}
    spec:
      targetRef: \(target)
      requiredAuthenticationRefs: \(requires)
    ---

    """
  }

  func identities(_ text: String, namespace: String = "ns-0") -> String {
    """
    apiVersion: policy.linkerd.io/v1alpha1
    kind: MeshTLSAuthentication
    metadata: {name: mtls, namespace: \(namespace)}
    spec: {\(text)}
    ---

    """
  }

  func networks(_ cidr: String) -> String {
    """
    apiVersion: policy.linkerd.io/v1alpha1
    kind: NetworkAuthentication
    metadata: {name: net, namespace: ns-0}
    spec: {networks: [{cidr: \(cidr)}]}
    ---

    """
  }

  func serverAuthorization(_ server: String, _ client: String, name: String = "saz") -> String {
    """
    apiVersion: policy.linkerd.io/v1beta1
    kind: ServerAuthorization
    metadata: {name: \(name), namespace: ns-0}
    spec: {server: \(server), client: \(client)}
    ---

    """
  }

  /// A route at `srv-8080`.
  func route(
    _ name: String, matches: String, kind: String = "HTTPRoute", hosts: String = "[]",
    created: String? = nil
  ) -> String {
    let time = created.map { ", creationTimestamp: \"\($0)\"" } ?? ""
    return """
      apiVersion: gateway.networking.k8s.io/v1
      kind: \(kind)
      metadata: {name: \(name), namespace: ns-0\(time)}
      spec:
        parentRefs: [{group: policy.linkerd.io, kind: Server, name: srv-8080}]
        hostnames: \(hosts)
        rules: [{matches: \(matches)}]
      ---

      """
  }

  /// A policy that opens a route of `route` to everybody from some networks.
  func opened(_ route: String, kind: String = "HTTPRoute", to network: String = "net") -> String {
    policy(
      "open-\(route)",
      target: "{group: gateway.networking.k8s.io, kind: \(kind), name: \(route)}",
      requires: "[{group: policy.linkerd.io, kind: NetworkAuthentication, name: \(network)}]")
  }
}
