/// A Linkerd Server (`policy.linkerd.io`): a port of some pods that policy can attach to.
package struct LinkerdServer: MeshResource {
  /// What a Server selects; one of the two, in its own namespace.
  package enum Selector: Hashable, Sendable {
    case pods(LabelSelector)
    case externalWorkloads(LabelSelector)
  }

  package var metadata: ResourceMetadata
  /// Nil when the manifest has neither selector: the object is then no Server at all.
  package var selector: Selector?
  package var port: Located<PortReference>
  /// `unknown`, `HTTP/1`, `HTTP/2`, `gRPC`, `opaque`, `TLS`; nil means `unknown`.
  package var proxyProtocol: Located<String>?
  /// As written.
  ///
  /// It exists in v1beta3 only: in older versions the API server drops it.
  package var accessPolicy: Located<String>?

  package init(
    metadata: ResourceMetadata, selector: Selector?, port: Located<PortReference>,
    proxyProtocol: Located<String>? = nil, accessPolicy: Located<String>? = nil
  ) {
    self.metadata = metadata
    self.selector = selector
    self.port = port
    self.proxyProtocol = proxyProtocol
    self.accessPolicy = accessPolicy
  }
}
