/// An Istio DestinationRule, as far as it says how clients secure a connection.
package struct IstioDestinationRule: MeshResource {
  package enum TLSMode: String, Hashable, Sendable, CaseIterable {
    case disable = "DISABLE"
    case simple = "SIMPLE"
    case mutual = "MUTUAL"
    case istioMutual = "ISTIO_MUTUAL"
  }

  package struct TLS: Hashable, Sendable {
    package var mode: TLSMode
    package var credentialName: Located<String>?
    package var caCertificates: Located<String>?
    package var subjectAltNames: [Located<String>]
    package var sni: Located<String>?
    package var skipsVerification: Bool
    package var location: SourceLocation

    package init(
      mode: TLSMode, credentialName: Located<String>? = nil, caCertificates: Located<String>? = nil,
      subjectAltNames: [Located<String>] = [], sni: Located<String>? = nil,
      skipsVerification: Bool = false, location: SourceLocation
    ) {
      self.mode = mode
      self.credentialName = credentialName
      self.caCertificates = caCertificates
      self.subjectAltNames = subjectAltNames
      self.sni = sni
      self.skipsVerification = skipsVerification
      self.location = location
    }
  }

  /// A `portLevelSettings` entry.
  ///
  /// Without `tls` it resets TLS for its port; it does not inherit.
  package struct PortSettings: Hashable, Sendable {
    package var port: Int
    package var tls: TLS?
    package var location: SourceLocation

    package init(port: Int, tls: TLS? = nil, location: SourceLocation) {
      self.port = port
      self.tls = tls
      self.location = location
    }
  }

  package struct TrafficPolicy: Hashable, Sendable {
    package var tls: TLS?
    package var ports: [PortSettings]

    package init(tls: TLS? = nil, ports: [PortSettings] = []) {
      self.tls = tls
      self.ports = ports
    }
  }

  package struct Subset: Hashable, Sendable {
    package var name: String
    package var labels: [String: String]
    package var trafficPolicy: TrafficPolicy?
    package var location: SourceLocation

    package init(
      name: String, labels: [String: String] = [:], trafficPolicy: TrafficPolicy? = nil,
      location: SourceLocation
    ) {
      self.name = name
      self.labels = labels
      self.trafficPolicy = trafficPolicy
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var host: Located<String>
  package var trafficPolicy: TrafficPolicy?
  package var subsets: [Subset]
  package var exportTo: [String]
  package var workloadSelector: LabelSelector?

  package init(
    metadata: ResourceMetadata, host: Located<String>, trafficPolicy: TrafficPolicy? = nil,
    subsets: [Subset] = [], exportTo: [String] = [], workloadSelector: LabelSelector? = nil
  ) {
    self.metadata = metadata
    self.host = host
    self.trafficPolicy = trafficPolicy
    self.subsets = subsets
    self.exportTo = exportTo
    self.workloadSelector = workloadSelector
  }
}
