import MeshModel

/// What a gateway's proxy does at its ports, out of Gateway servers and Gateway API listeners.
///
/// The port of a server is the service's; the proxy listens on the port that the service forwards to
/// (Istio pilot/pkg/model/gateway.go `resolvePorts`), which is what rules see
/// (ISTIO-SECURITY-2021-002). Traffic whose TLS ends at the gateway is HTTP to its filters; what it passes
/// through stays TLS (Istio docs, Gateway, `ServerTLSSettings.TLSmode`).
struct GatewayServers: Sendable {
  /// Whose identity the proxy sees at a port.
  ///
  /// Envoy takes the principal out of the caller's certificate, which a server asks for in the modes
  /// MUTUAL, ISTIO_MUTUAL and, without insisting, OPTIONAL_MUTUAL (Istio
  /// pilot/pkg/networking/core/gateway.go `RequireClientCertificate`; Envoy
  /// source/extensions/filters/common/rbac/matchers.cc `AuthenticatedMatcher`).
  enum CallerIdentity: Sendable {
    case required, optional, absent
    /// Servers of the port differ, or the inputs do not tell.
    case undetermined
  }

  struct Port: Sendable {
    var protocolName: PortProtocol
    var mtls: ServerMTLS.Setting
    var callerIdentity: CallerIdentity
  }

  private let classic: [IstioGateway]
  private let listeners: [Key: GatewayAPIGateway]

  private struct Key: Hashable {
    var namespace: String
    var name: String
  }

  private let version: IstioVersion

  init(_ inventory: MeshInventory, version: IstioVersion) {
    self.version = version
    classic = inventory.istio.gateways
    listeners = Dictionary(
      inventory.gateway.gateways.map { (Key(namespace: $0.namespace, name: $0.name), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// What the servers make of each container port.
  ///
  /// Servers that share a port and differ make its protocol one that is detected.
  func ports(of workload: Workload, services: [Service]) -> [Int: Port] {
    var result: [Int: Port] = [:]
    func add(_ number: Int, _ port: Port) {
      for target in GatewayServers.targets(of: number, workload, services) {
        guard var known = result[target] else {
          result[target] = port
          continue
        }
        if known.protocolName != port.protocolName { known.protocolName = .detected }
        if known.callerIdentity != port.callerIdentity { known.callerIdentity = .undetermined }
        // One server that takes callers without a certificate opens the port to them.
        if port.mtls.mode == .permissive { known.mtls = port.mtls }
        result[target] = known
      }
    }
    for gateway in classic where GatewayServers.selects(gateway, workload) {
      for server in gateway.servers { add(server.port, GatewayServers.port(server, of: gateway)) }
    }
    if let name = workload.podLabels[DataplaneRecognition.gatewayNameLabel],
      let gateway = listeners[Key(namespace: workload.id.namespace, name: name)]
    {
      for listener in gateway.listeners {
        add(listener.port, port(listener, of: gateway))
      }
    }
    return result
  }

  private static func selects(_ gateway: IstioGateway, _ workload: Workload) -> Bool {
    !gateway.selector.isEmpty
      && gateway.selector.allSatisfy { workload.podLabels[$0.key] == $0.value }
  }

  private static func targets(of number: Int, _ workload: Workload, _ services: [Service])
    -> Set<Int>
  {
    let targets = services.flatMap(\.ports).filter { $0.port == number }
      .compactMap { $0.containerPort(on: workload.template) }
    return targets.isEmpty ? [number] : Set(targets)
  }

  private static func port(_ server: IstioGateway.Server, of gateway: IstioGateway) -> Port {
    let mode = server.effectiveTLSMode
    let identity = callerIdentity(mode)
    return Port(
      protocolName: protocolName(
        server.protocolName, isPassedThrough: mode == .passthrough || mode == .autoPassthrough),
      mtls: .init(
        mode: identity == .required ? .strict : .permissive, decidedBy: gateway.reference.text,
        location: server.location), callerIdentity: identity)
  }

  private static func callerIdentity(_ mode: IstioGateway.TLSMode?) -> CallerIdentity {
    switch mode {
    case .mutual?, .istioMutual?: .required
    case .optionalMutual?: .optional
    case .simple?, .passthrough?, .autoPassthrough?, nil: .absent
    }
  }

  private func port(
    _ listener: GatewayAPIGateway.Listener, of gateway: GatewayAPIGateway
  ) -> Port {
    let identity = callerIdentity(listener, of: gateway)
    return Port(
      protocolName: GatewayServers.protocolName(
        listener.protocolName, isPassedThrough: listener.tlsMode == "Passthrough"),
      mtls: .init(
        mode: identity == .required ? .strict : .permissive, decidedBy: gateway.reference.text,
        location: listener.location), callerIdentity: identity)
  }

  /// The option `gateway.istio.io/tls-terminate-mode` decides, else whether the Gateway validates
  /// certificates (Istio pilot/pkg/config/kube/gateway/conversion.go `buildTLS`; Istio 1.31 release notes,
  /// Gateway API: AllowInsecureFallback).
  ///
  /// What older releases make of the Gateway's validation is not known here.
  private func callerIdentity(
    _ listener: GatewayAPIGateway.Listener, of gateway: GatewayAPIGateway
  ) -> CallerIdentity {
    if listener.tlsMode == nil {
      return listener.protocolName.uppercased() == "HBONE" ? .required : .absent
    }
    if listener.tlsMode == "Passthrough" { return .absent }
    switch listener.tlsOptions["gateway.istio.io/tls-terminate-mode"] {
    case "MUTUAL", "ISTIO_MUTUAL": return .required
    case "OPTIONAL_MUTUAL": return .optional
    case "ISTIO_SIMPLE": return .absent
    default: break
    }
    switch gateway.clientValidation(at: listener.port) {
    case nil: return .absent
    case .validOnly?: return version.validatesGatewayClients ? .required : .undetermined
    case .insecureFallback?: return version.validatesGatewayClients ? .optional : .undetermined
    }
  }

  private static func protocolName(_ name: String, isPassedThrough: Bool) -> PortProtocol {
    switch name.uppercased() {
    case "HTTP", "HTTP_PROXY": .http
    case "HTTP2": .http2
    case "GRPC", "GRPC-WEB": .grpc
    case "HTTPS": isPassedThrough ? .tls : .http
    case "TLS": isPassedThrough ? .tls : .tcp
    default: .tcp
    }
  }
}

extension IstioGateway.Server {
  /// What the proxy does with TLS, nil without.
  ///
  /// A mode that is not written is PASSTHROUGH; `tls` of an HTTP server, which has
  /// nothing but `httpsRedirect` to say, is no TLS (Istio API `networking.istio.io/v1
  /// ServerTLSSettings`).
  var effectiveTLSMode: IstioGateway.TLSMode? {
    guard let tls else { return nil }
    let isPlain = ["HTTP", "HTTP2", "GRPC"].contains(protocolName.uppercased())
    return isPlain ? nil : tls.mode ?? .passthrough
  }
}
