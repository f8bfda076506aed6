package import AuditModel
import IstioPolicy
import MeshModel

extension AccessModel {
  /// What Istio's resources mean beyond who may call whom.
  ///
  /// Empty of a mesh that is not there: Linkerd's workloads have no Istio proxy to speak of.
  package func istioFacts() -> IstioFacts {
    IstioFacts(
      divergences: istio.divergences(), clientTLS: istio.clientTLSFacts(),
      egress: istio.egressFacts().filter { fact(of: $0.workload)?.layer == .istio },
      requestAuthentications: istio.requestAuthenticationFacts(),
      gatewayServers: istio.gatewayServerFacts(),
      externalServices: istio.externalServiceFacts(),
      providers: inventory.istio.meshConfig.extensionProviders)
  }
}
