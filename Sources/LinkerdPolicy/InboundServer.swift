import MeshModel

/// What the policy controller tells a proxy of one port: protocol, grants and routes.
///
/// A reference, so that a question copies one word and not every field (measured: half of the time of
/// a decision went into counting references).
final class InboundServer: Sendable {
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

  /// Parts of a request that the routes compare; where the request lacks one nothing is known.
  struct Needs: OptionSet {
    let rawValue: UInt8

    static let host = Needs(rawValue: 1)
    static let path = Needs(rawValue: 2)
    static let method = Needs(rawValue: 4)
    static let query = Needs(rawValue: 8)
    /// An expression that cannot be evaluated.
    static let more = Needs(rawValue: 16)
  }

  /// `server:agents/web`, or `default:all-unauthenticated`.
  let id: String
  let server: LinkerdServer?
  let wireProtocol: WireProtocol
  /// Grants on the level of the Server.
  let grants: PreparedGrants
  /// In the proxy's order; never empty for HTTP and gRPC once placed at a port.
  let routes: [InboundRoute]
  /// The proxy cannot convert the policy and refuses every request, from localhost too: a GRPCRoute
  /// with a match that names no method (linkerd2-proxy v2.366.0, server-policy/src/lib.rs,
  /// `ServerPolicy::invalid`).
  let isInvalid: Bool
  let needs: Needs
  /// Only the default and the probe route: the Server's grants hold whichever fits.
  let hasOwnRoutes: Bool
  /// By route: what decides under it, `server:agents/web route:default`.
  let routePrefixes: [String]

  var location: SourceLocation? { server?.location }

  private init(
    id: String, server: LinkerdServer?, wireProtocol: WireProtocol, grants: PreparedGrants,
    routes: [InboundRoute]
  ) {
    self.id = id
    self.server = server
    self.wireProtocol = wireProtocol
    self.grants = grants
    self.routes = routes
    let isGRPC = wireProtocol == .grpc
    isInvalid =
      isGRPC && routes.contains { $0.rules.contains { $0.matches.contains { $0.grpc == nil } } }
    needs = routes.reduce(into: Needs()) { $0.formUnion($1.needs(isGRPC: isGRPC)) }
    hasOwnRoutes = routes.contains { $0.route != nil }
    routePrefixes = routes.map { "\(id) route:\($0.id)" }
  }

  /// The policy of a port that a Server selects, without the routes that the controller makes: those
  /// depend on the pod.
  convenience init(
    _ server: LinkerdServer, grants book: LinkerdGrantBook, routes: LinkerdRouteBook,
    settings: LinkerdSettings
  ) {
    let wireProtocol = WireProtocol(proxyProtocol: server.proxyProtocol?.value)
    var grants = book.grants(for: server)
    if let grant = InboundServer.accessPolicy(of: server, settings: settings).grant(settings) {
      grants.append(grant)
    }
    self.init(
      id: "server:\(server.namespace)/\(server.name)", server: server, wireProtocol: wireProtocol,
      grants: book.prepared(grants),
      routes: routes.routes(at: server, wireProtocol == .grpc ? .grpc : .http))
  }

  /// The policy of a port without Server.
  convenience init(default policy: LinkerdDefaultPolicy, isOpaque: Bool, settings: LinkerdSettings)
  {
    self.init(
      id: "default:\(policy.rawValue)", server: nil, wireProtocol: isOpaque ? .opaque : .detect,
      grants: PreparedGrants(policy.grant(settings).map { [$0] } ?? []), routes: [])
  }

  /// The policy for the port of one pod: without routes of its own the default route, and for HTTP
  /// the kubelet's probes.
  func placed(probes: [String], networks: [AddressRange]) -> InboundServer {
    guard routes.isEmpty else { return self }
    var made: [InboundRoute] = [wireProtocol == .grpc ? .defaultGRPC : .defaultHTTP]
    // Without probe networks there is no probe route at all (policy-controller
    // k8s/index/src/inbound/index.rs, `default_inbound_http_routes`).
    if wireProtocol != .grpc, !probes.isEmpty, !networks.isEmpty {
      made.append(.probe(paths: probes, networks: networks))
    }
    return InboundServer(
      id: id, server: server, wireProtocol: wireProtocol, grants: grants, routes: made)
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
