/// A route of the Gateway API: HTTPRoute, GRPCRoute, TLSRoute or TCPRoute.
///
/// HTTPRoute exists in two groups that read alike: `gateway.networking.k8s.io` and Linkerd's older
/// copy in `policy.linkerd.io`.
package struct GatewayAPIRoute: MeshResource {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case http = "HTTPRoute"
    case grpc = "GRPCRoute"
    case tls = "TLSRoute"
    case tcp = "TCPRoute"
  }

  /// What the route hangs on: a Gateway, a Service (mesh), a Linkerd Server or EgressNetwork.
  package struct Parent: Hashable, Sendable {
    /// `gateway.networking.k8s.io` when the manifest names none (Gateway API, ParentReference).
    package var group: String
    /// `Gateway` when the manifest names none.
    package var kind: String
    /// Nil means the route's own namespace.
    package var namespace: String?
    package var name: String
    package var sectionName: String?
    package var port: Int?
    package var location: SourceLocation

    package init(
      group: String = "gateway.networking.k8s.io", kind: String = "Gateway",
      namespace: String? = nil, name: String, sectionName: String? = nil, port: Int? = nil,
      location: SourceLocation
    ) {
      self.group = group
      self.kind = kind
      self.namespace = namespace
      self.name = name
      self.sectionName = sectionName
      self.port = port
      self.location = location
    }
  }

  /// How a text is compared.
  ///
  /// A word that the API does not know is kept as `unknown`.
  package enum Comparison: Hashable, Sendable {
    case exact
    case pathPrefix
    case regularExpression
    case unknown(String)
  }

  /// A text and how it is compared.
  package struct TextMatch: Hashable, Sendable {
    package var comparison: Comparison
    package var value: String
    package var location: SourceLocation

    package init(_ comparison: Comparison, _ value: String, location: SourceLocation) {
      self.comparison = comparison
      self.value = value
      self.location = location
    }
  }

  /// A header or query parameter and what its value must be.
  package struct NamedMatch: Hashable, Sendable {
    package var name: String
    package var value: TextMatch

    package init(name: String, value: TextMatch) {
      self.name = name
      self.value = value
    }
  }

  /// The method of a GRPCRoute match.
  package struct GRPCMethod: Hashable, Sendable {
    package var comparison: Comparison
    package var service: String?
    package var method: String?
    package var location: SourceLocation

    package init(
      comparison: Comparison = .exact, service: String? = nil, method: String? = nil,
      location: SourceLocation
    ) {
      self.comparison = comparison
      self.service = service
      self.method = method
      self.location = location
    }
  }

  /// All parts of a match hold at once; an absent part restricts nothing.
  package struct Match: Hashable, Sendable {
    package var path: TextMatch?
    package var headers: [NamedMatch]
    package var queryParameters: [NamedMatch]
    package var method: String?
    package var grpcMethod: GRPCMethod?
    package var location: SourceLocation

    package init(
      path: TextMatch? = nil, headers: [NamedMatch] = [], queryParameters: [NamedMatch] = [],
      method: String? = nil, grpcMethod: GRPCMethod? = nil, location: SourceLocation
    ) {
      self.path = path
      self.headers = headers
      self.queryParameters = queryParameters
      self.method = method
      self.grpcMethod = grpcMethod
      self.location = location
    }
  }

  /// A filter by its type, and for redirects the path it writes.
  package struct Filter: Hashable, Sendable {
    package var type: String
    /// `requestRedirect.path.replaceFullPath` or `replacePrefixMatch`.
    package var redirectPath: String?
    package var location: SourceLocation

    package init(type: String, redirectPath: String? = nil, location: SourceLocation) {
      self.type = type
      self.redirectPath = redirectPath
      self.location = location
    }
  }

  /// Where matching requests go.
  package struct Backend: Hashable, Sendable {
    package var group: String
    package var kind: String
    package var namespace: String?
    package var name: String
    package var port: Int?
    package var weight: Int?
    package var location: SourceLocation

    package init(
      group: String = "", kind: String = "Service", namespace: String? = nil, name: String,
      port: Int? = nil, weight: Int? = nil, location: SourceLocation
    ) {
      self.group = group
      self.kind = kind
      self.namespace = namespace
      self.name = name
      self.port = port
      self.weight = weight
      self.location = location
    }
  }

  /// Any of `matches`; none matches every request.
  package struct Rule: Hashable, Sendable {
    package var matches: [Match]
    /// Filters of the rule itself; those of single backends are not read.
    package var filters: [Filter]
    package var backends: [Backend]
    package var location: SourceLocation

    package init(
      matches: [Match] = [], filters: [Filter] = [], backends: [Backend] = [],
      location: SourceLocation
    ) {
      self.matches = matches
      self.filters = filters
      self.backends = backends
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var kind: Kind
  package var parents: [Parent]
  package var hostnames: [Located<String>]
  package var rules: [Rule]

  package init(
    metadata: ResourceMetadata, kind: Kind, parents: [Parent] = [],
    hostnames: [Located<String>] = [], rules: [Rule] = []
  ) {
    self.metadata = metadata
    self.kind = kind
    self.parents = parents
    self.hostnames = hostnames
    self.rules = rules
  }
}
