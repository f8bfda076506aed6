/// How a proxy treats destinations that the registry does not know.
package enum IstioOutboundMode: String, Hashable, Sendable, CaseIterable {
  case registryOnly = "REGISTRY_ONLY"
  case allowAny = "ALLOW_ANY"
  case allowAnyDynamicDNS = "ALLOW_ANY_DYNAMIC_DNS"
}

/// An Istio Sidecar: which configuration a proxy is given.
///
/// Visibility, not access control.
package struct IstioSidecar: MeshResource {
  package struct Egress: Hashable, Sendable {
    package var port: Int?
    /// `namespace/host`, as written.
    package var hosts: [Located<String>]
    package var location: SourceLocation

    package init(port: Int? = nil, hosts: [Located<String>] = [], location: SourceLocation) {
      self.port = port
      self.hosts = hosts
      self.location = location
    }
  }

  package var metadata: ResourceMetadata
  package var workloadSelector: LabelSelector?
  package var egress: [Egress]
  /// Nil when the field is not written; an empty object is `registryOnly`, the zero value of the
  /// API.
  package var outboundMode: Located<IstioOutboundMode>?

  package init(
    metadata: ResourceMetadata, workloadSelector: LabelSelector? = nil, egress: [Egress] = [],
    outboundMode: Located<IstioOutboundMode>? = nil
  ) {
    self.metadata = metadata
    self.workloadSelector = workloadSelector
    self.egress = egress
    self.outboundMode = outboundMode
  }
}
