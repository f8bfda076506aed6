/// How a server takes connections at a port, in one vocabulary for both meshes.
package enum MTLSMode: String, Hashable, Sendable, CaseIterable {
  /// Only mutual TLS.
  case strict
  /// Mutual TLS and plaintext.
  case permissive
  /// Plaintext only.
  case disabled
  /// No proxy: the mesh has no say.
  case none
}

/// What is known of one port of a workload.
package struct WorkloadPortFact: Hashable, Sendable {
  package var workload: WorkloadID
  package var port: Int
  package var name: String?
  /// `http`, `http2`, `grpc`, `tcp`, `tls`, `opaque` or nil when the proxy detects it.
  package var protocolName: String?
  package var mtlsMode: MTLSMode
  /// What set the mode, as messages name it: `PeerAuthentication agents/default`, `mesh default`.
  package var mtlsDecidedBy: String
  package var location: SourceLocation

  package init(
    workload: WorkloadID, port: Int, name: String? = nil, protocolName: String? = nil,
    mtlsMode: MTLSMode, mtlsDecidedBy: String, location: SourceLocation
  ) {
    self.workload = workload
    self.port = port
    self.name = name
    self.protocolName = protocolName
    self.mtlsMode = mtlsMode
    self.mtlsDecidedBy = mtlsDecidedBy
    self.location = location
  }
}
