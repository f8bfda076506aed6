/// A Kubernetes Namespace.
package struct Namespace: MeshResource {
  package var metadata: ResourceMetadata

  package init(metadata: ResourceMetadata) { self.metadata = metadata }

  /// Its labels, with `kubernetes.io/metadata.name` which the API server always sets.
  package var labels: [String: String] {
    var labels = metadata.labels
    labels["kubernetes.io/metadata.name"] = metadata.name
    return labels
  }
}

/// A Kubernetes ServiceAccount.
package struct ServiceAccount: MeshResource {
  package var metadata: ResourceMetadata

  package init(metadata: ResourceMetadata) { self.metadata = metadata }
}

/// A port of a Service.
package struct ServicePort: Hashable, Sendable {
  package var name: String?
  package var port: Int
  /// A number or the name of a container port; nil means the same number as `port`.
  package var targetPort: String?
  package var appProtocol: String?
  package var transport: TransportProtocol
  package var nodePort: Int?
  package var location: SourceLocation

  package init(
    name: String? = nil, port: Int, targetPort: String? = nil, appProtocol: String? = nil,
    transport: TransportProtocol = .tcp, nodePort: Int? = nil, location: SourceLocation
  ) {
    self.name = name
    self.port = port
    self.targetPort = targetPort
    self.appProtocol = appProtocol
    self.transport = transport
    self.nodePort = nodePort
    self.location = location
  }

  /// The container port that it forwards to on a pod of this template, or nil when the name is unknown.
  package func containerPort(on template: PodTemplate) -> Int? {
    guard let targetPort else { return port }
    if let number = Int(targetPort) { return number == 0 ? port : number }
    for container in template.containers + template.initContainers.filter(\.isNativeSidecar) {
      for candidate in container.ports
      where candidate.name == targetPort && candidate.transport == transport {
        return candidate.number
      }
    }
    return nil
  }
}

/// A Kubernetes Service.
package struct Service: MeshResource {
  package var metadata: ResourceMetadata
  package var ports: [ServicePort]
  /// Nil or empty: the service selects no pods itself.
  package var selector: [String: String]
  /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
  package var type: String
  package var clusterIPs: [String]
  package var externalName: String?

  package init(
    metadata: ResourceMetadata, ports: [ServicePort], selector: [String: String],
    type: String = "ClusterIP", clusterIPs: [String] = [], externalName: String? = nil
  ) {
    self.metadata = metadata
    self.ports = ports
    self.selector = selector
    self.type = type
    self.clusterIPs = clusterIPs
    self.externalName = externalName
  }

  /// Whether its selector picks pods with these labels; a service without selector picks none.
  package func selects(_ labels: [String: String]) -> Bool {
    !selector.isEmpty && selector.allSatisfy { labels[$0.key] == $0.value }
  }
}

/// A ConfigMap; `binaryData` is not kept.
package struct ConfigMap: MeshResource {
  package var metadata: ResourceMetadata
  package var data: [String: Located<String>]

  package init(metadata: ResourceMetadata, data: [String: Located<String>]) {
    self.metadata = metadata
    self.data = data
  }
}

/// A Secret without its values: type, key names and the certificates that stood in it.
package struct Secret: MeshResource {
  package var metadata: ResourceMetadata
  package var type: String
  package var keys: [String]
  /// Certificates in PEM by key (`tls.crt`, `ca.crt`, …).
  ///
  /// Private keys and all other values are dropped by the reader.
  package var certificates: [String: Located<String>]
  /// Keys whose value held a private key; the key itself was dropped.
  package var privateKeyKeys: [String]
  /// Values that are no text, but a key store or DER (`truststore.p12`, `keystore.jks`), by key.
  ///
  /// For the reader of certificates alone, which keeps no key of them.
  package var containers: [String: Located<[UInt8]>] = [:]

  package init(
    metadata: ResourceMetadata, type: String, keys: [String],
    certificates: [String: Located<String>], privateKeyKeys: [String]
  ) {
    self.metadata = metadata
    self.type = type
    self.keys = keys
    self.certificates = certificates
    self.privateKeyKeys = privateKeyKeys
  }
}

/// The Kubernetes kinds that give workloads their shape.
package struct KubernetesResources: Sendable {
  package var namespaces: [Namespace] = []
  package var serviceAccounts: [ServiceAccount] = []
  package var services: [Service] = []
  package var configMaps: [ConfigMap] = []
  package var secrets: [Secret] = []
  /// Where log collectors write to.
  package var logSinks: [LogSink] = []

  package init() {}
}
