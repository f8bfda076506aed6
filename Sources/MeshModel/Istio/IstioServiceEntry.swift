/// An Istio ServiceEntry: hosts that the mesh knows beside Kubernetes services.
package struct IstioServiceEntry: MeshResource {
  package enum Location: String, Hashable, Sendable, CaseIterable {
    case external = "MESH_EXTERNAL"
    case `internal` = "MESH_INTERNAL"
  }

  package struct Port: Hashable, Sendable {
    package var number: Int
    package var name: String?
    package var protocolName: String?
    package var targetPort: Int?

    package init(
      number: Int, name: String? = nil, protocolName: String? = nil, targetPort: Int? = nil
    ) {
      self.number = number
      self.name = name
      self.protocolName = protocolName
      self.targetPort = targetPort
    }
  }

  package struct Endpoint: Hashable, Sendable {
    package var address: String
    package var labels: [String: String]
    package var serviceAccount: String?

    package init(address: String, labels: [String: String] = [:], serviceAccount: String? = nil) {
      self.address = address
      self.labels = labels
      self.serviceAccount = serviceAccount
    }
  }

  package var metadata: ResourceMetadata
  package var hosts: [Located<String>]
  package var addresses: [String]
  package var ports: [Port]
  package var meshLocation: Location
  /// `NONE` (the default), `STATIC`, `DNS`, `DNS_ROUND_ROBIN` or `DYNAMIC_DNS`.
  package var resolution: String
  package var endpoints: [Endpoint]
  package var workloadSelector: LabelSelector?
  package var exportTo: [String]
  package var subjectAltNames: [String]

  package init(
    metadata: ResourceMetadata, hosts: [Located<String>] = [], addresses: [String] = [],
    ports: [Port] = [], meshLocation: Location = .external, resolution: String = "NONE",
    endpoints: [Endpoint] = [], workloadSelector: LabelSelector? = nil, exportTo: [String] = [],
    subjectAltNames: [String] = []
  ) {
    self.metadata = metadata
    self.hosts = hosts
    self.addresses = addresses
    self.ports = ports
    self.meshLocation = meshLocation
    self.resolution = resolution
    self.endpoints = endpoints
    self.workloadSelector = workloadSelector
    self.exportTo = exportTo
    self.subjectAltNames = subjectAltNames
  }
}
