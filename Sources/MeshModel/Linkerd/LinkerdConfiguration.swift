/// What `ConfigMap linkerd-config` says of a control plane: the Helm values that policy depends on.
///
/// Absent values are nil and mean the chart's defaults.
package struct LinkerdConfiguration: MeshResource {
  package var metadata: ResourceMetadata
  package var linkerdVersion: String?
  package var clusterDomain: String?
  package var identityTrustDomain: String?
  /// `proxy.defaultInboundPolicy`.
  package var defaultInboundPolicy: String?
  package var clusterNetworks: [AddressRange]?
  /// `policyController.probeNetworks`; an empty list means that probes are from nowhere.
  package var probeNetworks: [AddressRange]?
  /// `proxy.outboundTransportMode`: `transport-header` or `transparent`.
  package var outboundTransportMode: String?
  /// `webhookFailurePolicy`: `Ignore` or `Fail`.
  package var webhookFailurePolicy: String?
  /// `proxy.opaquePorts`.
  package var opaquePorts: String?
  /// `proxyInit.ignoreInboundPorts` and `proxyInit.ignoreOutboundPorts`.
  package var ignoredInboundPorts: String?
  package var ignoredOutboundPorts: String?
  /// `proxy.ports.inbound`.
  package var proxyInboundPort: Int?
  /// `proxy.accessLog`: `apache`, `json`, or empty for none.
  package var accessLog: String?
  /// `identity.issuer.scheme`.
  package var issuerScheme: String?
  /// `identity.issuer.issuanceLifetime`, a Go duration such as `24h0m0s`.
  package var issuanceLifetime: String?
  package var trustAnchorsPEM: Located<String>?
  /// Where the values stand.
  package var valuesLocation: SourceLocation

  package init(metadata: ResourceMetadata, valuesLocation: SourceLocation) {
    self.metadata = metadata
    self.valuesLocation = valuesLocation
  }
}
