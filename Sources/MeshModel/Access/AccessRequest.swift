/// Which part of the mesh enforces policy at a pod.
package enum Dataplane: String, Hashable, Sendable, CaseIterable {
  /// Istio, an Envoy inside the pod.
  case sidecar
  /// Istio ambient: ztunnel of the node, L4 only.
  case ambient
  /// Istio ambient: an Envoy for a service or namespace.
  case waypoint
  /// An Istio gateway (Gateway API or classic).
  case gateway
  case linkerd
  /// Nothing enforces.
  case none
}

/// How the connection is spoken: HTTP rules exist only for `http` and `grpc`.
package enum ApplicationProtocol: String, Hashable, Sendable, CaseIterable {
  case http
  case grpc
  case tcp
}

/// One request or connection that somebody asks about (DESIGN.md section 5).
///
/// Absent fields are nil, never guessed.
package struct AccessRequest: Sendable {
  package struct Source: Sendable {
    /// The peer's verified identity, a SPIFFE URI or a Linkerd DNS name; nil for a peer without one.
    package var principal: String?
    /// `ns/name`; stands in for `principal` when that is absent.
    package var workload: WorkloadID?
    /// Address of the direct peer.
    package var ip: IPAddress?
    /// Client address as the proxy trusts it (X-Forwarded-For, PROXY protocol).
    package var remoteIP: IPAddress?

    package init(
      principal: String? = nil, workload: WorkloadID? = nil, ip: IPAddress? = nil,
      remoteIP: IPAddress? = nil
    ) {
      self.principal = principal
      self.workload = workload
      self.ip = ip
      self.remoteIP = remoteIP
    }
  }

  package struct Destination: Sendable {
    package var workload: WorkloadID?
    /// With `labels`, a pod that no manifest describes.
    package var namespace: String?
    package var labels: [String: String]?
    /// The container port, as the workload's own proxy sees it.
    package var port: Int?
    package var applicationProtocol: ApplicationProtocol
    package var ip: IPAddress?
    /// Overrides what the manifests say.
    package var dataplane: Dataplane?

    package init(
      workload: WorkloadID? = nil, namespace: String? = nil, labels: [String: String]? = nil,
      port: Int? = nil, applicationProtocol: ApplicationProtocol = .tcp, ip: IPAddress? = nil,
      dataplane: Dataplane? = nil
    ) {
      self.workload = workload
      self.namespace = namespace
      self.labels = labels
      self.port = port
      self.applicationProtocol = applicationProtocol
      self.ip = ip
      self.dataplane = dataplane
    }
  }

  package struct HTTP: Sendable {
    package var method: String?
    package var host: String?
    /// With its query, as sent.
    package var path: String?
    /// Names in lower case; several values of one name are joined with `,`.
    package var headers: [String: String]

    package init(
      method: String? = nil, host: String? = nil, path: String? = nil,
      headers: [String: String] = [:]
    ) {
      self.method = method
      self.host = host
      self.path = path
      self.headers = headers
    }
  }

  package var id: String
  package var source: Source
  package var destination: Destination
  /// Server name of the TLS hello.
  package var sni: String?
  package var http: HTTP?
  /// The *validated* payload of the request's token.
  package var jwt: JSONValue?

  package init(
    id: String = "", source: Source, destination: Destination, sni: String? = nil,
    http: HTTP? = nil, jwt: JSONValue? = nil
  ) {
    self.id = id
    self.source = source
    self.destination = destination
    self.sni = sni
    self.http = http
    self.jwt = jwt
  }
}
