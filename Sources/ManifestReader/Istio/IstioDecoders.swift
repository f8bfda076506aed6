import MeshModel

/// Decoders of the Istio kinds.
///
/// ConfigMaps are handed to `IstioMeshConfigDecoder` by their own decoder.
enum IstioDecoders {
  static let all: [any ResourceDecoder.Type] = [
    IstioAuthorizationPolicyDecoder.self, IstioDestinationRuleDecoder.self,
    IstioEnvoyFilterDecoder.self, IstioGatewayDecoder.self, IstioInstallerDecoder.self,
    IstioPeerAuthenticationDecoder.self, IstioProxyConfigDecoder.self,
    IstioRequestAuthenticationDecoder.self, IstioServiceEntryDecoder.self,
    IstioSidecarDecoder.self, IstioTelemetryDecoder.self, IstioVirtualServiceDecoder.self,
    IstioWasmPluginDecoder.self, IstioWorkloadEntryDecoder.self, IstioWorkloadGroupDecoder.self,
  ]

  static func security(_ kind: String) -> ResourceKind {
    ResourceKind(group: "security.istio.io", kind: kind)
  }

  static func networking(_ kind: String) -> ResourceKind {
    ResourceKind(group: "networking.istio.io", kind: kind)
  }
}
