import DocumentReader
import MeshModel

/// Reads the fields of MeshConfig that an audit uses (Istio API `mesh/v1alpha1`).
enum IstioMeshConfigReader {
  static func config(_ fields: FieldReader) -> IstioMeshConfig {
    var config = IstioMeshConfig()
    config.location = fields.location
    for name in fields.names { config.writtenFields[name] = fields.raw(name)?.location }
    readIdentity(fields, into: &config)
    readLogging(fields, into: &config)
    readTraffic(fields, into: &config)
    if let proxy = fields.object("defaultConfig") { readProxy(proxy, into: &config) }
    config.extensionProviders = fields.objects("extensionProviders").compactMap(provider)
    if let defaults = fields.object("defaultProviders") {
      config.defaultAccessLogProviders = defaults.strings("accessLogging")
      config.defaultTracingProviders = defaults.strings("tracing")
    }
    return config
  }

  private static func readIdentity(_ fields: FieldReader, into config: inout IstioMeshConfig) {
    if let domain = fields.string("trustDomain"), !domain.value.isEmpty {
      config.trustDomain = domain.value
    }
    config.trustDomainAliases = fields.strings("trustDomainAliases").map(\.value)
    if let namespace = fields.string("rootNamespace"), !namespace.value.isEmpty {
      config.rootNamespace = namespace.value
    }
    config.usesAutoMTLS = fields.bool("enableAutoMtls")?.value ?? true
    config.caTrustDomains = fields.objects("caCertificates").flatMap {
      $0.strings("trustDomains").map(\.value)
    }
    if let tls = fields.object("meshMTLS") {
      config.minimumMeshTLSVersion = tls.string("minProtocolVersion")?.value
      config.meshCipherSuites = tls.strings("cipherSuites").map(\.value)
    }
  }

  private static func readLogging(_ fields: FieldReader, into config: inout IstioMeshConfig) {
    config.accessLogFile = fields.string("accessLogFile")?.value ?? ""
    config.accessLogFormat = fields.string("accessLogFormat")?.value ?? ""
    config.accessLogEncoding = fields.string("accessLogEncoding")?.value ?? "TEXT"
    config.enablesTracing = fields.bool("enableTracing")?.value ?? false
    config.usesEnvoyAccessLogService = fields.bool("enableEnvoyAccessLogService")?.value ?? false
    config.disablesListenerLog = fields.bool("disableEnvoyListenerLog")?.value ?? false
  }

  private static func readTraffic(_ fields: FieldReader, into config: inout IstioMeshConfig) {
    if let policy = fields.object("outboundTrafficPolicy") {
      // REGISTRY_ONLY is the zero value of the API's enum.
      config.outboundMode =
        policy.word("mode", as: IstioOutboundMode.self)?.value ?? .registryOnly
    }
    if let normalization = fields.object("pathNormalization")?
      .word("normalization", as: IstioMeshConfig.PathNormalization.self)
    {
      config.pathNormalization = normalization.value
    }
    func exports(_ name: String) -> [String] {
      let values = fields.strings(name).map(\.value)
      return values.isEmpty ? ["*"] : values
    }
    config.defaultServiceExportTo = exports("defaultServiceExportTo")
    config.defaultVirtualServiceExportTo = exports("defaultVirtualServiceExportTo")
    config.defaultDestinationRuleExportTo = exports("defaultDestinationRuleExportTo")
    let selectors = fields.objects("discoverySelectors").map(selector)
    config.discoverySelectors = selectors.isEmpty ? nil : selectors
  }

  private static func readProxy(_ proxy: FieldReader, into config: inout IstioMeshConfig) {
    for name in proxy.names {
      config.writtenFields["defaultConfig.\(name)"] = proxy.raw(name)?.location
    }
    config.proxyMetadata = proxy.stringMap("proxyMetadata")
    if let topology = proxy.object("gatewayTopology") {
      config.trustedProxyCount = topology.int("numTrustedProxies")?.value ?? 0
      config.forwardClientCertDetails = topology.string("forwardClientCertDetails")?.value
    }
    if let tracing = proxy.object("tracing") {
      config.defaultSampling = tracing.raw("sampling").flatMap { Double($0.scalar?.text ?? "") }
      config.hasTracer = !Set(tracing.names).isDisjoint(with: [
        "zipkin", "lightstep", "datadog", "stackdriver", "openCensusAgent",
      ])
    }
  }

  private static func selector(_ fields: FieldReader) -> LabelSelector {
    let expressions = fields.objects("matchExpressions").compactMap {
      entry -> LabelSelector.Expression? in
      guard let key = entry.string("key")?.value else { return nil }
      let values = entry.strings("values").map(\.value)
      switch entry.string("operator")?.value {
      case "In": return .init(key: key, operation: .isIn, values: values)
      case "NotIn": return .init(key: key, operation: .notIn, values: values)
      case "Exists": return .init(key: key, operation: .exists)
      case "DoesNotExist": return .init(key: key, operation: .doesNotExist)
      default: return nil
      }
    }
    return LabelSelector(
      matchLabels: fields.stringMap("matchLabels"), matchExpressions: expressions)
  }

  private static func provider(_ fields: FieldReader) -> IstioMeshConfig.ExtensionProvider? {
    guard let name = fields.string("name") else {
      fields.problem(
        "missing-name", "\(fields.path) has no name", at: fields.location,
        hint: "policies refer to a provider by its name")
      return nil
    }
    var provider = IstioMeshConfig.ExtensionProvider(name: name, location: fields.location)
    for kind in IstioMeshConfig.ExtensionProvider.Kind.allCases {
      guard let body = fields.object(kind.rawValue) else { continue }
      provider.kind = kind
      provider.service = body.string("service")
      provider.port = body.int("port")?.value
      provider.failsOpen = body.bool("failOpen")?.value ?? false
      provider.timeout = body.string("timeout")?.value
      provider.statusOnError = body.intOrString("statusOnError")?.value
      provider.path = body.string("path")?.value
      if let format = body.object("logFormat") {
        provider.logFormatText = format.string("text")
        provider.logFormatLabels = format.raw("labels")?.json
      }
    }
    fields.reportUnknownFields()
    return provider
  }
}
