import MeshModel

/// Which trust domains a proxy takes certificates of, before any policy is asked.
///
/// Sidecars and waypoints compare the URI SAN of the peer with `spiffe://DOMAIN/` for the trust domain, its
/// aliases and the domains of `caCertificates`, unless `PILOT_SKIP_VALIDATE_TRUST_DOMAIN` is set (Istio
/// pilot/pkg/security/authn `TrustDomainsForValidation`, networking/core/waypoint.go
/// `buildCommonConnectTLSContext`); ztunnel takes the trust domain
/// of the workload that it serves alone. Gateways do not compare.
///
/// Without a MeshConfig among the inputs nothing is compared: the trust domain is then assumed.
struct TrustDomainCheck: Sendable {
  private let own: String
  private let accepted: [String]
  private let isKnown: Bool
  private let isSkipped: Bool

  init(_ config: IstioMeshConfig, controlPlane: ControlPlane) {
    own = "spiffe://\(config.trustDomain)/"
    accepted = Set(config.trustDomainAliases + config.caTrustDomains).sorted()
      .map { "spiffe://\($0)/" }
    isKnown = config.source != .defaults
    isSkipped = controlPlane.skipsTrustDomainValidation
  }

  /// Why a proxy refuses a peer; nil where it does not.
  func refusal(of principal: String?, at dataplane: Dataplane) -> String? {
    guard isKnown, let principal, !principal.hasPrefix(own) else { return nil }
    switch dataplane {
    case .ambient: break
    case .sidecar, .waypoint:
      if isSkipped || accepted.contains(where: { principal.hasPrefix($0) }) { return nil }
    case .gateway, .linkerd, .none: return nil
    }
    return "the proxy takes no certificate of another trust domain"
  }
}
