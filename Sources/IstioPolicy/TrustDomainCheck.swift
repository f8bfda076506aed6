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
  /// `spiffe://DOMAIN/`.
  private let own: [UInt8]
  private let accepted: [[UInt8]]
  private let isKnown: Bool
  private let isSkipped: Bool

  init(_ config: IstioMeshConfig, controlPlane: ControlPlane) {
    own = Array("spiffe://\(config.trustDomain)/".utf8)
    accepted = Set(config.trustDomainAliases + config.caTrustDomains).sorted()
      .map { Array("spiffe://\($0)/".utf8) }
    isKnown = config.source != .defaults
    isSkipped = controlPlane.skipsTrustDomainValidation
  }

  /// Why a proxy refuses a peer; nil where it does not.
  func refusal(of principal: String?, at dataplane: Dataplane) -> String? {
    guard isKnown, let principal else { return nil }
    let isTaken = principal.withBytes { bytes in
      if ASCII.hasPrefix(bytes, own) { return true }
      switch dataplane {
      case .ambient: return false
      case .sidecar, .waypoint:
        return isSkipped || accepted.contains { ASCII.hasPrefix(bytes, $0) }
      case .gateway, .linkerd, .none: return true
      }
    }
    if isTaken { return nil }
    return "the proxy takes no certificate of another trust domain"
  }
}
