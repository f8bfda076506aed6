/// A release of Istio, as far as its policy semantics differ.
package struct IstioVersion: Hashable, Sendable {
  package var major: Int
  package var minor: Int
  package var patch: Int

  package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Reads `1.29.2`, also with what image tags put behind it: `1.29.2-distroless`.
  ///
  /// A missing patch is 0.
  package init?(_ text: some StringProtocol) {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let parts = digits.split(separator: ".").map { Int($0) }
    guard parts.count >= 2, let major = parts[0], let minor = parts[1] else { return nil }
    self.init(major, minor, parts.count > 2 ? parts[2] ?? 0 : 0)
  }

  /// The newest release whose semantics are known here; assumed when nothing says the version.
  package static let newest = IstioVersion(1, 31)
}

extension IstioVersion: Comparable {
  package static func < (left: IstioVersion, right: IstioVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }
}

extension IstioVersion: CustomStringConvertible {
  package var description: String { "\(major).\(minor).\(patch)" }
}

extension IstioVersion {
  /// Whether `serviceAccounts` exists (Istio 1.25.0).
  var hasServiceAccounts: Bool { self >= IstioVersion(1, 25) }

  /// Whether names in `serviceAccounts` are taken literally; before, "." matched any character
  /// (CVE-2026-39350, fixed in Istio 1.27.9, 1.28.6, 1.29.2 and 1.30).
  package var escapesServiceAccounts: Bool {
    hasFix([(27, 9), (28, 6), (29, 2)], from: 30)
  }

  /// Whether suffixes of principals and namespaces are taken literally (Istio pull request 59992,
  /// fixed in 1.28.7, 1.29.3 and 1.30).
  package var escapesIdentities: Bool {
    hasFix([(28, 7), (29, 3)], from: 30)
  }

  /// Whether `trustDomains` exists (Istio 1.30.2).
  var hasTrustDomains: Bool { self >= IstioVersion(1, 30, 2) }

  /// Whether the provider is part of the id of a CUSTOM rule and several providers can serve one
  /// workload (Istio 1.30, pilot/pkg/security/authz/builder/builder.go `policyName`).
  var namesProviders: Bool { self >= IstioVersion(1, 30) }

  /// Whether ztunnel knows dry-run policies (Istio 1.29); they are sent only when istiod is told
  /// to.
  var hasAmbientDryRun: Bool { self >= IstioVersion(1, 29) }

  /// Whether istiod can put selector policies in front of waypoints (Istio pull request 54833,
  /// in 1.25).
  var layersWaypointPolicies: Bool { self >= IstioVersion(1, 25) }

  /// Whether a service can name a second waypoint for a share of its connections (Istio 1.31,
  /// issue 60801).
  var hasWaypointCanaries: Bool { self >= IstioVersion(1, 31) }

  /// Whether gateways validate clients as the Gateway's `spec.tls.frontend` says (Istio 1.31 release
  /// notes, Gateway API).
  var validatesGatewayClients: Bool { self >= IstioVersion(1, 31) }

  private func hasFix(_ backports: [(minor: Int, patch: Int)], from minor: Int) -> Bool {
    if self >= IstioVersion(1, minor) { return true }
    return backports.contains { major == 1 && self.minor == $0.minor && patch >= $0.patch }
  }
}
