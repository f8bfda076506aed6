/// A Gateway of the Gateway API (`gateway.networking.k8s.io`), not Istio's classic Gateway.
package struct GatewayAPIGateway: MeshResource {
  /// A port that the gateway listens on.
  package struct Listener: Hashable, Sendable {
    package var name: String
    /// Nil accepts every host.
    package var hostname: String?
    package var port: Int
    /// `HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP`, or a word of the implementation (`HBONE`).
    package var protocolName: String
    /// `Terminate` or `Passthrough`; nil without TLS.
    package var tlsMode: String?
    /// `tls.options`, words of the implementation.
    package var tlsOptions: [String: String]
    package var location: SourceLocation

    package init(
      name: String, hostname: String? = nil, port: Int, protocolName: String,
      tlsMode: String? = nil, tlsOptions: [String: String] = [:], location: SourceLocation
    ) {
      self.name = name
      self.hostname = hostname
      self.port = port
      self.protocolName = protocolName
      self.tlsMode = tlsMode
      self.tlsOptions = tlsOptions
      self.location = location
    }
  }

  /// How certificates of clients are validated (Gateway API `spec.tls.frontend`, GEP-91).
  package enum ClientValidation: String, Hashable, Sendable, CaseIterable {
    /// A certificate is required and must be valid.
    case validOnly = "AllowValidOnly"
    /// A missing or invalid certificate is let through.
    case insecureFallback = "AllowInsecureFallback"
  }

  package var metadata: ResourceMetadata
  /// `istio`, `istio-waypoint`, …; nil only in a manifest that lacks the required field.
  package var gatewayClassName: Located<String>?
  package var listeners: [Listener]
  /// Labels and annotations that the implementation copies to the pods it makes.
  package var infrastructureLabels: [String: String]
  package var infrastructureAnnotations: [String: String]
  /// Values of `spec.addresses`, for example the service that a manual deployment uses.
  package var addresses: [String]

  /// `spec.tls.frontend.default`, and `perPort` over it; nil where certificates are not validated.
  package var clientValidation: ClientValidation?
  package var clientValidationByPort: [Int: ClientValidation?] = [:]

  package init(
    metadata: ResourceMetadata, gatewayClassName: Located<String>? = nil,
    listeners: [Listener] = [], infrastructureLabels: [String: String] = [:],
    infrastructureAnnotations: [String: String] = [:], addresses: [String] = []
  ) {
    self.metadata = metadata
    self.gatewayClassName = gatewayClassName
    self.listeners = listeners
    self.infrastructureLabels = infrastructureLabels
    self.infrastructureAnnotations = infrastructureAnnotations
    self.addresses = addresses
  }

  package var labels: [String: String] { metadata.labels }

  /// What holds for a listener's port.
  package func clientValidation(at port: Int) -> ClientValidation? {
    clientValidationByPort[port] ?? clientValidation
  }
}
