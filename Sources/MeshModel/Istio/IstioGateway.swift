/// A classic Istio Gateway (`networking.istio.io`), not the Gateway API's.
package struct IstioGateway: MeshResource {
  package enum TLSMode: String, Hashable, Sendable, CaseIterable {
    case passthrough = "PASSTHROUGH"
    case simple = "SIMPLE"
    case mutual = "MUTUAL"
    case autoPassthrough = "AUTO_PASSTHROUGH"
    case istioMutual = "ISTIO_MUTUAL"
    case optionalMutual = "OPTIONAL_MUTUAL"
  }

  package struct TLS: Hashable, Sendable {
    /// Nil when not written; Istio then takes PASSTHROUGH (the zero value of its API).
    package var mode: TLSMode?
    package var redirectsToHTTPS: Bool
    /// `TLSV1_2`, …; nil takes TLS 1.2.
    package var minimumProtocolVersion: Located<String>?
    package var cipherSuites: [String]
    package var credentialNames: [Located<String>]
    package var caCertificateCredentialName: Located<String>?
    package var subjectAltNames: [String]
    package var location: SourceLocation

    package init(
      mode: TLSMode? = nil, redirectsToHTTPS: Bool = false,
      minimumProtocolVersion: Located<String>? = nil, cipherSuites: [String] = [],
      credentialNames: [Located<String>] = [], caCertificateCredentialName: Located<String>? = nil,
      subjectAltNames: [String] = [], location: SourceLocation
    ) {
      self.mode = mode
      self.redirectsToHTTPS = redirectsToHTTPS
      self.minimumProtocolVersion = minimumProtocolVersion
      self.cipherSuites = cipherSuites
      self.credentialNames = credentialNames
      self.caCertificateCredentialName = caCertificateCredentialName
      self.subjectAltNames = subjectAltNames
      self.location = location
    }
  }

  package struct Server: Hashable, Sendable {
    package var port: Int
    package var portName: String?
    /// `HTTP`, `HTTPS`, `GRPC`, `TLS`, `TCP`, … as written.
    package var protocolName: String
    package var hosts: [Located<String>]
    package var tls: TLS?
    package var location: SourceLocation

    package init(
      port: Int, portName: String? = nil, protocolName: String, hosts: [Located<String>] = [],
      tls: TLS? = nil, location: SourceLocation
    ) {
      self.port = port
      self.portName = portName
      self.protocolName = protocolName
      self.hosts = hosts
      self.tls = tls
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  /// Labels of the gateway's pods, in any namespace unless istiod is told otherwise.
  package var selector: [String: String]
  package var servers: [Server]

  package init(
    metadata: ResourceMetadata, selector: [String: String] = [:], servers: [Server] = []
  ) {
    self.metadata = metadata
    self.selector = selector
    self.servers = servers
  }
}
