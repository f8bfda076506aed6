package import MeshModel

/// What Istio's resources mean beyond who may call whom: the part of a run's facts that only an
/// Istio mesh has.
package struct IstioFacts: Sendable {
  /// Policies that mean different things to a sidecar and to ztunnel.
  package var divergences: [PolicyDivergence]
  /// Connections that are not secured as auto mTLS would.
  package var clientTLS: [ClientTLSDifference]
  package var egress: [WorkloadEgressFact]
  package var requestAuthentications: [RequestAuthenticationFact]
  package var gatewayServers: [GatewayServerFact]
  package var externalServices: [ExternalServiceFact]
  package var providers: [IstioMeshConfig.ExtensionProvider]

  package init(
    divergences: [PolicyDivergence] = [], clientTLS: [ClientTLSDifference] = [],
    egress: [WorkloadEgressFact] = [], requestAuthentications: [RequestAuthenticationFact] = [],
    gatewayServers: [GatewayServerFact] = [], externalServices: [ExternalServiceFact] = [],
    providers: [IstioMeshConfig.ExtensionProvider] = []
  ) {
    self.divergences = divergences
    self.clientTLS = clientTLS
    self.egress = egress
    self.requestAuthentications = requestAuthentications
    self.gatewayServers = gatewayServers
    self.externalServices = externalServices
    self.providers = providers
  }
}
