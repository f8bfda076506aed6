/// A server of a classic Istio Gateway: what is offered to whom, and how it is secured.
package struct GatewayServerFact: Hashable, Sendable {
  package var gateway: ResourceReference
  package var port: Int
  /// As written, for example `HTTPS`.
  package var protocolName: String
  package var hosts: [String]
  /// Nil without TLS.
  package var tlsMode: IstioGateway.TLSMode?
  /// `TLSV1_2` unless the server says otherwise; nil without TLS.
  package var minimumProtocolVersion: String?
  package var redirectsToHTTPS: Bool
  package var credentialNames: [String]
  /// Workloads whose pods the gateway selects, sorted; empty serves nobody.
  package var workloads: [WorkloadID]
  package var location: SourceLocation

  package init(
    gateway: ResourceReference, port: Int, protocolName: String, hosts: [String],
    tlsMode: IstioGateway.TLSMode?, minimumProtocolVersion: String?, redirectsToHTTPS: Bool,
    credentialNames: [String], workloads: [WorkloadID], location: SourceLocation
  ) {
    self.gateway = gateway
    self.port = port
    self.protocolName = protocolName
    self.hosts = hosts
    self.tlsMode = tlsMode
    self.minimumProtocolVersion = minimumProtocolVersion
    self.redirectsToHTTPS = redirectsToHTTPS
    self.credentialNames = credentialNames
    self.workloads = workloads
    self.location = location
  }
}
