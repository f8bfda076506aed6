/// Istio's MeshConfig with the defaults of Istio pkg/config/mesh/mesh.go; a property that has a
/// default is never nil, `writtenFields` says what the user wrote.
package struct IstioMeshConfig: Sendable {
  /// What a path goes through before rules see it (MeshConfig `pathNormalization`).
  package enum PathNormalization: String, Hashable, Sendable, CaseIterable {
    /// The same as `base`.
    case byDefault = "DEFAULT"
    case none = "NONE"
    case base = "BASE"
    case mergeSlashes = "MERGE_SLASHES"
    case decodeAndMergeSlashes = "DECODE_AND_MERGE_SLASHES"
  }

  package struct ExtensionProvider: Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
      case extAuthzHTTP = "envoyExtAuthzHttp"
      case extAuthzGRPC = "envoyExtAuthzGrpc"
      case fileAccessLog = "envoyFileAccessLog"
      case httpAccessLogService = "envoyHttpAls"
      case tcpAccessLogService = "envoyTcpAls"
      case openTelemetryLogs = "envoyOtelAls"
      case zipkin
      case lightstep
      case datadog
      case openCensus = "opencensus"
      case skywalking
      case openTelemetry = "opentelemetry"
      case prometheus
      case stackdriver
      case sds
    }

    package var name: Located<String>
    package var kind: Kind?
    /// The service of an authorizer or a collector.
    package var service: Located<String>?
    package var port: Int?
    package var failsOpen: Bool
    package var timeout: String?
    package var statusOnError: String?
    /// For logs: where to, `/dev/stdout`.
    package var path: String?
    /// For logs: the text format, or the JSON of `labels`.
    package var logFormatText: Located<String>?
    package var logFormatLabels: JSONValue?
    package var location: SourceLocation

    package init(
      name: Located<String>, kind: Kind? = nil, service: Located<String>? = nil, port: Int? = nil,
      failsOpen: Bool = false, timeout: String? = nil, statusOnError: String? = nil,
      path: String? = nil, logFormatText: Located<String>? = nil,
      logFormatLabels: JSONValue? = nil, location: SourceLocation
    ) {
      self.name = name
      self.kind = kind
      self.service = service
      self.port = port
      self.failsOpen = failsOpen
      self.timeout = timeout
      self.statusOnError = statusOnError
      self.path = path
      self.logFormatText = logFormatText
      self.logFormatLabels = logFormatLabels
      self.location = location
    }
  }

  package enum Source: Hashable, Sendable {
    /// What the control plane runs with.
    case configMap
    /// What an installer will make a ConfigMap of.
    case installer
    case defaults
  }

  package var source = Source.defaults
  /// The revision of the ConfigMap `istio-REV`; nil for `istio` and when nothing was read.
  package var revision: String?
  /// The namespace of the control plane that the configuration was found in.
  package var controlPlaneNamespace: String?
  /// Where the configuration starts; nil when none was given and all is default.
  package var location: SourceLocation?
  /// Places of the fields that were written, by dotted name: `trustDomain`,
  /// `defaultConfig.tracing`.
  package var writtenFields: [String: SourceLocation] = [:]

  package var trustDomain = "cluster.local"
  package var trustDomainAliases: [String] = []
  package var rootNamespace = "istio-system"
  package var accessLogFile = ""
  /// `TEXT` or `JSON`.
  package var accessLogEncoding = "TEXT"
  package var accessLogFormat = ""
  package var enablesTracing = false
  package var usesEnvoyAccessLogService = false
  package var disablesListenerLog = false
  package var usesAutoMTLS = true
  package var outboundMode = IstioOutboundMode.allowAny
  package var pathNormalization = PathNormalization.byDefault
  /// For example `TLSV1_2`.
  package var minimumMeshTLSVersion: String?
  package var meshCipherSuites: [String] = []
  package var defaultServiceExportTo: [String] = ["*"]
  package var defaultVirtualServiceExportTo: [String] = ["*"]
  package var defaultDestinationRuleExportTo: [String] = ["*"]
  package var extensionProviders: [ExtensionProvider] = []
  package var defaultAccessLogProviders: [Located<String>] = []
  package var defaultTracingProviders: [Located<String>] = []
  /// Namespaces that istiod sees; nil means all.
  package var discoverySelectors: [LabelSelector]?
  /// Trust domains named by `caCertificates`.
  package var caTrustDomains: [String] = []
  package var proxyMetadata: [String: String] = [:]
  package var trustedProxyCount = 0
  package var forwardClientCertDetails: String?
  /// `defaultConfig.tracing.sampling`, per cent.
  package var defaultSampling: Double?
  package var hasTracer = false

  /// What an installer sets besides MeshConfig: istiod's environment (Helm value `pilot.env`) and its
  /// release, `1.26.4` or `v1.26.4`.
  package var pilotEnvironment: [String: String] = [:]
  package var installedVersion: String?

  package init() {}

  /// The location of a written field, or of the whole.
  package func place(of field: String) -> SourceLocation? { writtenFields[field] ?? location }
}
