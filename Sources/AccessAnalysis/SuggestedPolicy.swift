package import MeshModel

/// Least privilege for one workload: what was observed, and nothing else.
package struct SuggestedPolicy: Sendable {
  /// What enforces it, and in which words it is written.
  package enum Form: Sendable, Hashable {
    /// An AuthorizationPolicy of Istio for the pods of these labels: for sidecars, and for ztunnel, which
    /// knows callers and ports only.
    case selector([String: String])
    /// An AuthorizationPolicy of Istio for these services of the workload, at their waypoint.
    case services([String])
    /// A Server of Linkerd for each port, with its authorizations.
    case servers([SuggestedServer])
  }

  /// Operations of one port, as Istio writes them.
  package struct Operation: Sendable, Hashable {
    package var port: Int
    /// Empty for TCP.
    package var methods: [String]
    package var paths: [String]
  }

  /// Callers that use the same operations.
  package struct Rule: Sendable, Hashable {
    /// Without `spiffe://`, as Istio writes them; empty for callers without an identity.
    package var principals: [String]
    package var operations: [Operation]
    package var requestCount: Int
    package var firstSeen: UTCTime
    package var lastSeen: UTCTime
  }

  package var workload: WorkloadID
  package var name: String
  package var form: Form
  /// Empty for Linkerd, whose grants stand in its servers.
  package var rules: [Rule]
  /// Policies of this workload alone that it takes the place of.
  package var replaced: [ResourceReference]
  /// Ports that were not called and stay as they are, with the reason: a clause each.
  package var untouched: [String] = []
  package var requestCount: Int
  package var firstSeen: UTCTime
  package var lastSeen: UTCTime
  /// Days with at least one observed request.
  package var dayCount: Int
}

/// A Server of Linkerd with what it admits.
package struct SuggestedServer: Sendable, Hashable {
  /// One operation of a route.
  package struct Match: Sendable, Hashable, Comparable {
    package enum Comparison: String, Sendable, Hashable {
      case exact = "Exact"
      case prefix = "PathPrefix"
      case regularExpression = "RegularExpression"
    }

    package var method: String?
    package var comparison: Comparison
    package var path: String

    package init(method: String?, comparison: Comparison, path: String) {
      self.method = method
      self.comparison = comparison
      self.path = path
    }

    package static func < (left: Match, right: Match) -> Bool {
      (left.path, left.method ?? "", left.comparison.rawValue)
        < (right.path, right.method ?? "", right.comparison.rawValue)
    }
  }

  /// Callers that are admitted, by identity or by address.
  package struct Grant: Sendable, Hashable {
    /// Of the AuthorizationPolicy and of its authentication.
    package var name: String
    /// Service accounts of workloads of the manifests.
    package var serviceAccounts: [WorkloadID]
    /// Identities that no workload of the manifests has.
    package var identities: [String]
    /// Where callers without an identity come from; empty where the grant is to identities.
    package var networks: [String]
    package var requestCount: Int
    package var firstSeen: UTCTime
    package var lastSeen: UTCTime
  }

  /// Operations that the same callers use.
  package struct Route: Sendable, Hashable {
    package var name: String
    /// Empty: everything at the port, and the grants attach to the Server.
    package var matches: [Match]
    package var grants: [Grant]
  }

  package var name: String
  package var port: Int
  /// The name of the container port, where it has one.
  package var portName: String?
  package var labels: [String: String]
  /// The labels are those of an ExternalWorkload, not of pods.
  package var selectsExternalWorkloads: Bool
  /// As the present Server has it.
  package var proxyProtocol: String?
  /// Empty where no request was observed: nobody is admitted.
  package var routes: [Route]
  /// Probes of the kubelet that would find no route.
  package var probePaths: [String]
  package var probeNetworks: [String]
  /// Why it grants by caller alone, where routes would grant less.
  package var withoutRoutes: String?
}
