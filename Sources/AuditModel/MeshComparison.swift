/// The meshes of the inputs side by side: the same figures of each, and of what stands outside.
package struct MeshComparison: Codable, Sendable, Hashable {
  /// What is counted; the raw value is `measure` in the view `mesh_comparison`.
  package enum Measure: String, Codable, Sendable, Hashable, CaseIterable {
    case workloads
    case sharedIdentities = "shared-identities"
    case mutualTLSPorts = "mutual-tls-ports"
    case anonymousPorts = "anonymous-ports"
    case foreignPorts = "foreign-ports"
    case usedGrants = "used-grants"
    case loggedWorkloads = "logged-workloads"
    case identityLoggedWorkloads = "identity-logged-workloads"
    case tracedWorkloads = "traced-workloads"
    case requests
    case verifiedRequests = "verified-requests"
    case encryptedRequests = "encrypted-requests"
    case refusedRequests = "refused-requests"
    case agreedRefusals = "agreed-refusals"
    case certificates
    case expiredCertificates = "expired-certificates"
    case shortCertificates = "short-certificates"
    case timelyRenewals = "timely-renewals"
  }

  package struct Figure: Codable, Sendable, Hashable {
    /// `istio`, `linkerd`, or `none` for what stands outside.
    package var mesh: String
    package var measure: Measure
    package var count: Int
    /// What it is a share of; nil for a plain count.
    package var total: Int?

    package init(mesh: String, measure: Measure, count: Int, total: Int?) {
      self.mesh = mesh
      self.measure = measure
      self.count = count
      self.total = total
    }
  }

  package var figures: [Figure]

  package init(figures: [Figure]) { self.figures = figures }

  /// The meshes that have workloads, those outside last.
  package var meshes: [String] {
    let present = Set(figures.lazy.filter { $0.count > 0 || $0.total ?? 0 > 0 }.map(\.mesh))
    return present.sorted { ($0 == "none" ? 1 : 0, $0) < ($1 == "none" ? 1 : 0, $1) }
  }

  package func figure(_ measure: Measure, of mesh: String) -> Figure? {
    figures.first { $0.measure == measure && $0.mesh == mesh }
  }
}
