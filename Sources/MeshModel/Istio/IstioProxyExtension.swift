/// An EnvoyFilter or WasmPlugin: code or configuration put into a proxy, whose effect on a decision
/// cannot be known from the manifest.
package struct IstioProxyExtension: MeshResource {
  package var metadata: ResourceMetadata
  package var attachment: IstioAttachment
  /// What it touches: for an EnvoyFilter the `applyTo` and filter names of its patches, for a
  /// WasmPlugin its phase.
  package var touches: [Located<String>]
  /// Patch contexts of an EnvoyFilter: `SIDECAR_INBOUND`, `GATEWAY`, `ANY`, …; empty for
  /// WasmPlugin.
  package var contexts: [String]

  package init(
    metadata: ResourceMetadata, attachment: IstioAttachment = IstioAttachment(),
    touches: [Located<String>] = [], contexts: [String] = []
  ) {
    self.metadata = metadata
    self.attachment = attachment
    self.touches = touches
    self.contexts = contexts
  }
}

/// An Istio ProxyConfig: settings of the proxies of a namespace or of some workloads.
package struct IstioProxyConfig: MeshResource {
  package var metadata: ResourceMetadata
  package var selector: LabelSelector?
  package var environment: [String: String]
  /// `image.imageType`, for example `distroless`.
  package var imageType: String?

  package init(
    metadata: ResourceMetadata, selector: LabelSelector? = nil, environment: [String: String] = [:],
    imageType: String? = nil
  ) {
    self.metadata = metadata
    self.selector = selector
    self.environment = environment
    self.imageType = imageType
  }
}
