/// An Istio VirtualService: hosts, the gateways that serve them, and where requests go.
package struct IstioVirtualService: MeshResource {
  package struct Destination: Hashable, Sendable {
    package var host: Located<String>
    package var subset: String?
    package var port: Int?
    package var weight: Int?

    package init(
      host: Located<String>, subset: String? = nil, port: Int? = nil, weight: Int? = nil
    ) {
      self.host = host
      self.subset = subset
      self.port = port
      self.weight = weight
    }
  }

  package struct Route: Hashable, Sendable {
    /// `http`, `tls` or `tcp`.
    package var list: String
    package var destinations: [Destination]
    /// Destinations of `mirror` and `mirrors`: they get a copy of each request.
    package var mirrors: [Destination]
    /// Header names of `match` that read token claims (`@request.auth.claims…`).
    package var claimHeaders: [Located<String>]
    /// The status of `directResponse`.
    package var directResponseStatus: Int?
    package var location: SourceLocation

    package init(
      list: String, destinations: [Destination] = [], mirrors: [Destination] = [],
      claimHeaders: [Located<String>] = [], directResponseStatus: Int? = nil,
      location: SourceLocation
    ) {
      self.list = list
      self.destinations = destinations
      self.mirrors = mirrors
      self.claimHeaders = claimHeaders
      self.directResponseStatus = directResponseStatus
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var hosts: [Located<String>]
  /// Empty means `mesh`, the sidecars.
  package var gateways: [Located<String>]
  package var exportTo: [String]
  package var routes: [Route]

  package init(
    metadata: ResourceMetadata, hosts: [Located<String>] = [], gateways: [Located<String>] = [],
    exportTo: [String] = [], routes: [Route] = []
  ) {
    self.metadata = metadata
    self.hosts = hosts
    self.gateways = gateways
    self.exportTo = exportTo
    self.routes = routes
  }
}
