import MeshModel

/// A route that is attached to a Server, ready to be tried; a reference for the same reason as
/// `InboundServer`.
final class InboundRoute: Sendable {
  struct Rule: Sendable {
    /// None matches every request.
    var matches: [InboundMatch]
  }

  /// `httproute:agents/reads`, or `default` and `probe` for those that the controller makes.
  let id: String
  let route: GatewayAPIRoute?
  let hosts: [InboundHost]
  let rules: [Rule]
  let grants: PreparedGrants
  /// Some part cannot be evaluated offline.
  let isOpaque: Bool
  /// Nothing made it later than others: the controller's own routes have no creation time.
  let hasTimestamp: Bool

  init(
    id: String, route: GatewayAPIRoute? = nil, hosts: [InboundHost] = [], rules: [Rule],
    grants: PreparedGrants = .none, isOpaque: Bool = false
  ) {
    self.id = id
    self.route = route
    self.hosts = hosts
    self.rules = rules
    self.grants = grants
    self.isOpaque = isOpaque
    hasTimestamp = route == nil || route?.metadata.creationTimestamp != nil
  }

  /// Whether it serves nothing but the given probe paths of the kubelet: `GET`, each path exactly.
  func isForProbes(_ paths: [String]) -> Bool {
    !rules.isEmpty
      && rules.allSatisfy { rule in
        !rule.matches.isEmpty
          && rule.matches.allSatisfy { match in
            guard case .exact(let path)? = match.path else { return false }
            return match.method == "GET" && paths.contains(path)
          }
      }
  }

  /// The best rank among its matches, nil where none matches.
  func rank(_ request: InboundRequest, isGRPC: Bool) -> MatchRank? {
    var hostRank: (kind: Int, length: Int) = (0, 0)
    if !hosts.isEmpty {
      guard let host = request.host else { return nil }
      for wanted in hosts {
        if let rank = wanted.rank(host), hostRank < rank { hostRank = rank }
      }
      guard hostRank.kind > 0 else { return nil }
    }
    var best: MatchRank?
    for rule in rules {
      if rule.matches.isEmpty { best = max(best ?? MatchRank(), MatchRank()) }
      for match in rule.matches {
        guard let rank = match.rank(request, isGRPC: isGRPC) else { continue }
        best = max(best ?? rank, rank)
      }
    }
    best?.hostKind = hostRank.kind
    best?.hostLength = hostRank.length
    return best
  }

  /// The route of a Server without HTTPRoutes: everything, no grants of its own.
  static let defaultHTTP = InboundRoute(id: "default", rules: [Rule(matches: [anyPath])])

  /// The route of a gRPC Server without GRPCRoutes: every call, no grants of its own.
  static let defaultGRPC = InboundRoute(
    id: "default", rules: [Rule(matches: [InboundMatch(grpc: (nil, nil))])])

  /// What the API server writes where an HTTPRoute leaves out its matches or a match its path
  /// (Gateway API CRD, defaults of `matches` and `path`: PathPrefix "/").
  private static let anyPath = InboundMatch(path: .prefix(""))

  /// Probes of the kubelet: GET of exactly these paths from the probe networks (policy-controller
  /// k8s/index/src/inbound/workload.rs and core/src/inbound.rs).
  static func probe(paths: [String], networks: [AddressRange]) -> InboundRoute {
    let blocks = networks.map { AddressBlock(range: $0, location: SourceLocation(path: "")) }
    return InboundRoute(
      id: "probe",
      rules: [
        Rule(matches: paths.map { InboundMatch(path: .exact($0), method: "GET") })
      ],
      grants: PreparedGrants([
        LinkerdGrant(
          id: "probe", authentication: .unauthenticated, networks: LinkerdNetworks(blocks))
      ]))
  }

  /// What is wrong with a route as an inbound one: the controller then ignores it whole
  /// (policy-controller k8s/index/src/routes/{http,grpc}.rs and k8s/index/src/inbound/routes.rs).
  enum Defect: Sendable, Equatable {
    case unsupportedFilter(String)
    case relativePath(String)
    case invalidRegex(String)
    case regexMethod
    case unknownComparison(String)
    case foreignNamespace
    case portOrSection

    var text: String {
      switch self {
      case .unsupportedFilter(let type): "filter \"\(type)\" is not supported on inbound routes"
      case .relativePath(let path): "path \"\(path)\" does not start with \"/\""
      case .invalidRegex(let pattern): "\"\(pattern)\" is no regular expression"
      case .regexMethod: "methods cannot be matched by regular expression"
      case .unknownComparison(let word): "\"\(word)\" is no way to compare"
      case .foreignNamespace: "a parent Server is in another namespace"
      case .portOrSection: "a parent Server is named with a port or a section"
      }
    }
  }

  struct Refusal: Error {
    var defect: Defect
    var location: SourceLocation
  }

  /// Prepares a route, or says why the controller ignores it.
  static func prepared(_ route: GatewayAPIRoute, grants: PreparedGrants) throws(Refusal)
    -> InboundRoute
  {
    for parent in route.parents where isServer(parent) {
      if let namespace = parent.namespace, namespace != route.namespace {
        throw Refusal(defect: .foreignNamespace, location: parent.location)
      }
      if parent.port != nil || parent.sectionName != nil {
        throw Refusal(defect: .portOrSection, location: parent.location)
      }
    }
    var isOpaque = false
    var rules: [Rule] = []
    for rule in route.rules {
      for filter in rule.filters { try check(filter) }
      var matches: [InboundMatch] = []
      for match in rule.matches {
        matches.append(try prepared(match, kind: route.kind, isOpaque: &isOpaque))
      }
      if matches.isEmpty, route.kind == .http { matches = [anyPath] }
      rules.append(Rule(matches: matches))
    }
    return InboundRoute(
      id: "\(route.kind.rawValue.lowercased()):\(route.namespace)/\(route.name)", route: route,
      hosts: route.hostnames.map { InboundHost($0.value) }, rules: rules, grants: grants,
      isOpaque: isOpaque)
  }

  /// Whether a parent reference means a Linkerd Server.
  ///
  /// Group and kind are compared as written.
  static func isServer(_ parent: GatewayAPIRoute.Parent) -> Bool {
    parent.group == "policy.linkerd.io" && parent.kind == "Server"
  }

  private static func check(_ filter: GatewayAPIRoute.Filter) throws(Refusal) {
    switch filter.type {
    case "RequestHeaderModifier", "ResponseHeaderModifier": return
    case "RequestRedirect":
      if let path = filter.redirectPath, !path.hasPrefix("/") {
        throw Refusal(defect: .relativePath(path), location: filter.location)
      }
    default:
      throw Refusal(defect: .unsupportedFilter(filter.type), location: filter.location)
    }
  }

  private static func prepared(
    _ match: GatewayAPIRoute.Match, kind: GatewayAPIRoute.Kind, isOpaque: inout Bool
  ) throws(Refusal) -> InboundMatch {
    var path: InboundTextMatch? = kind == .http ? anyPath.path : nil
    if let wanted = match.path {
      if wanted.comparison != .regularExpression, !wanted.value.hasPrefix("/") {
        throw Refusal(defect: .relativePath(wanted.value), location: wanted.location)
      }
      path = try text(wanted, isOpaque: &isOpaque)
    }
    var headers: [InboundMatch.Named] = []
    for header in match.headers {
      headers.append(
        .init(name: header.name.lowercased(), value: try text(header.value, isOpaque: &isOpaque)))
    }
    var queryParameters: [InboundMatch.Named] = []
    for parameter in match.queryParameters {
      queryParameters.append(
        .init(name: parameter.name, value: try text(parameter.value, isOpaque: &isOpaque)))
    }
    if let method = match.grpcMethod, method.comparison != .exact {
      throw Refusal(defect: .regexMethod, location: method.location)
    }
    return InboundMatch(
      path: path, method: match.method, headers: headers, queryParameters: queryParameters,
      grpc: match.grpcMethod.map { ($0.service, $0.method) }, source: match)
  }

  private static func text(_ match: GatewayAPIRoute.TextMatch, isOpaque: inout Bool)
    throws(Refusal) -> InboundTextMatch
  {
    switch match.comparison {
    case .exact: return .exact(match.value)
    case .pathPrefix:
      var prefix = match.value
      while prefix.hasSuffix("/") { prefix.removeLast() }
      return .prefix(prefix)
    case .unknown(let word):
      throw Refusal(defect: .unknownComparison(word), location: match.location)
    case .regularExpression:
      do {
        return .regex(try LinkerdRegex(match.value))
      } catch {
        if error == .invalid {
          throw Refusal(defect: .invalidRegex(match.value), location: match.location)
        }
        isOpaque = true
        return .exact("")
      }
    }
  }
}
