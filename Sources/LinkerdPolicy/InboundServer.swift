import MeshModel

/// What the policy controller tells a proxy of one port: protocol, grants and routes.
struct InboundServer: Sendable {
  enum WireProtocol: String, Sendable {
    /// The proxy peeks for HTTP.
    case detect
    case http1 = "HTTP/1"
    case http2 = "HTTP/2"
    case grpc = "gRPC"
    case opaque
    case tls = "TLS"

    /// Values of `proxyProtocol`; absent and unknown mean detection.
    init(proxyProtocol: String?) {
      self = proxyProtocol.flatMap { WireProtocol(rawValue: $0) } ?? .detect
    }
  }

  /// `server:agents/web`, or `default:all-unauthenticated`.
  var id: String
  var server: LinkerdServer?
  var wireProtocol: WireProtocol
  /// Grants on the level of the Server.
  var grants: [LinkerdGrant]
  /// In the proxy's order; never empty for HTTP and gRPC.
  var routes: [InboundRoute]
  /// The proxy cannot convert the policy and refuses every request, from localhost too: a GRPCRoute
  /// with a match that names no method (linkerd2-proxy v2.366.0, server-policy/src/lib.rs,
  /// `ServerPolicy::invalid`).
  var isInvalid = false

  var location: SourceLocation? { server?.location }

  /// The policy of a port that a Server selects; the probe route depends on the pod.
  init(
    _ server: LinkerdServer, grants book: LinkerdGrantBook, routes: LinkerdRouteBook,
    settings: LinkerdSettings
  ) {
    id = "server:\(server.namespace)/\(server.name)"
    self.server = server
    wireProtocol = WireProtocol(proxyProtocol: server.proxyProtocol?.value)
    grants = book.grants(for: server)
    if let grant = InboundServer.accessPolicy(of: server, settings: settings).grant(settings) {
      grants.append(grant)
    }
    self.routes = routes.routes(at: server, wireProtocol == .grpc ? .grpc : .http)
    if wireProtocol == .grpc {
      isInvalid = self.routes.contains { route in
        route.rules.contains { $0.matches.contains { $0.grpc == nil } }
      }
    }
  }

  /// The policy of a port without Server.
  init(defaultFor port: Int, of pod: LinkerdPod, settings: LinkerdSettings) {
    let policy =
      pod.identityPorts.contains(port) ? pod.defaultPolicy.requiringIdentity : pod.defaultPolicy
    id = "default:\(policy.rawValue)"
    wireProtocol = pod.opaquePorts.contains(port) ? .opaque : .detect
    grants = policy.grant(settings).map { [$0] } ?? []
    routes = []
  }

  /// The policy for the port of one pod: without routes of its own the default route, and for HTTP
  /// the kubelet's probes.
  func placed(at port: Int, of pod: LinkerdPod, settings: LinkerdSettings) -> InboundServer {
    guard routes.isEmpty else { return self }
    var result = self
    result.routes = [wireProtocol == .grpc ? .defaultGRPC : .defaultHTTP]
    if wireProtocol != .grpc, !pod.isExternal, let paths = pod.probes[port] {
      result.routes.append(.probe(paths: paths, networks: settings.probeNetworks))
    }
    return result
  }

  /// `accessPolicy` exists in v1beta3 and since edge-24.7.4; elsewhere the API server drops it.
  ///
  /// A value that is no policy counts as deny (policy-controller k8s/index/src/inbound/server.rs).
  static func accessPolicy(of server: LinkerdServer, settings: LinkerdSettings)
    -> LinkerdDefaultPolicy
  {
    guard settings.version >= .accessPolicy, keepsAccessPolicy(server),
      let text = server.accessPolicy?.value
    else { return .deny }
    return LinkerdDefaultPolicy(rawValue: text) ?? .deny
  }

  static func keepsAccessPolicy(_ server: LinkerdServer) -> Bool {
    !["v1alpha1", "v1beta1", "v1beta2"].contains(server.metadata.version)
  }
}
