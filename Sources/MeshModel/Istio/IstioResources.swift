/// The Istio kinds, and the mesh configuration.
package struct IstioResources: Sendable {
  package var authorizationPolicies: [IstioAuthorizationPolicy] = []
  package var peerAuthentications: [IstioPeerAuthentication] = []
  package var requestAuthentications: [IstioRequestAuthentication] = []
  package var destinationRules: [IstioDestinationRule] = []
  package var virtualServices: [IstioVirtualService] = []
  package var gateways: [IstioGateway] = []
  package var serviceEntries: [IstioServiceEntry] = []
  package var sidecars: [IstioSidecar] = []
  package var telemetries: [IstioTelemetry] = []
  package var envoyFilters: [IstioProxyExtension] = []
  package var wasmPlugins: [IstioProxyExtension] = []
  package var proxyConfigs: [IstioProxyConfig] = []
  /// One for each ConfigMap `istio` or `istio-REV` and each IstioOperator, in the order of the
  /// inputs.
  package var meshConfigs: [IstioMeshConfig] = []

  package init() {}

  /// The configuration that the default revision runs with: the ConfigMap `istio`, else another
  /// ConfigMap, else an IstioOperator, else the defaults.
  package var meshConfig: IstioMeshConfig {
    let live = meshConfigs.filter { $0.source == .configMap }
    return live.first { $0.revision == nil } ?? live.first ?? meshConfigs.first
      ?? IstioMeshConfig()
  }
}
