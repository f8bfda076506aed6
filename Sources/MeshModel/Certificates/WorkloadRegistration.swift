/// What SPIRE issues to a workload by one registration, or why that is not known.
package struct WorkloadRegistration: Hashable, Sendable {
  /// Where the registration stands.
  package enum Source: String, Hashable, Sendable, CaseIterable {
    case clusterSPIFFEID = "ClusterSPIFFEID"
    case staticEntry = "ClusterStaticEntry"
    /// An entry of the server, as `spire-server entry show` prints it.
    case serverEntry = "entry"
  }

  package var source: Source
  /// Name of the resource, or id of the entry.
  package var name: String
  /// Nil where a part of it is not known.
  package var spiffeID: String?
  /// Nil where no workload is known to get it.
  package var workload: WorkloadID?
  /// What does not let it be certain that the workload gets the ID; nil when it does.
  package var reason: String?
  /// `type:value`, those that are known, sorted.
  package var selectors: [String] = []
  /// Those that are known, sorted.
  package var dnsNames: [String] = []
  /// 0: the server's default.
  package var x509TTLSeconds = 0
  package var jwtTTLSeconds = 0
  package var federatesWith: [String] = []
  package var isAdmin = false
  package var isDownstream = false
  /// It holds only for pods that no other ClusterSPIFFEID gives an ID to.
  package var isFallback = false
  package var hint = ""
  /// The controller that acts on it; empty for the one that looks at those without class.
  package var className = ""
  package var location: SourceLocation

  /// The workload surely gets the ID.
  package var isCertain: Bool { workload != nil && spiffeID != nil && reason == nil }

  package init(source: Source, name: String, location: SourceLocation) {
    self.source = source
    self.name = name
    self.location = location
  }
}

/// What the controller that turns ClusterSPIFFEIDs into entries is told (spire-controller-manager
/// v0.6.6, docs/spire-controller-manager-config.md).
package struct SPIREControllerConfiguration: Hashable, Sendable {
  package var trustDomain: String?
  package var clusterName: String?
  /// Nil: the controller asks the cluster.
  package var clusterDomain: String?
  /// Regular expressions that need not match the whole name.
  package var ignoredNamespaces = SPIREControllerConfiguration.ignoredByDefault
  package var className = ""
  package var watchesClassless = false
  package var location: SourceLocation

  package static let ignoredByDefault = ["kube-system", "kube-public", "spire-system"]

  package init(location: SourceLocation) { self.location = location }

  /// Whether it acts on resources of a class.
  package func actsOn(className name: String) -> Bool {
    name == className || (name.isEmpty && watchesClassless)
  }
}
