import MeshModel

/// The control plane's settings: `linkerd-config` where it is part of the inputs, the chart's
/// defaults (linkerd-control-plane values.yaml, edge-26.8.3) where it is not.
struct LinkerdSettings: Sendable {
  var controlPlaneNamespace = "linkerd"
  var trustDomain = "cluster.local"
  var defaultPolicy = LinkerdDefaultPolicy.allUnauthenticated
  var clusterNetworks = LinkerdSettings.ranges([
    "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8",
  ])
  var probeNetworks = AddressRange.everything
  var usesTransportHeader = true
  var webhookFailurePolicy = "Ignore"
  var opaquePorts = "25,587,3306,4444,5432,6379,9300,11211"
  var ignoredInboundPorts = "4567,4568"
  var ignoredOutboundPorts = "4567,4568"
  var proxyInboundPort = 4143
  var version = LinkerdVersion.newest
  /// Where the settings stand; nil when they are all defaults.
  var configuration: LinkerdConfiguration?
  /// What had to be assumed, one sentence each.
  var assumptions: [String] = []

  init(inventory: MeshInventory, options: LinkerdOptions) {
    resolveVersion(inventory, options)
    takeDefaultsOfVersion()
    guard let found = inventory.linkerd.configurations.first else {
      usesTransportHeader = version >= .transportHeaderByDefault
      assumptions.append(
        "no ConfigMap linkerd-config: the chart's defaults hold (default inbound policy "
          + "all-unauthenticated, trust domain cluster.local, control plane namespace linkerd)")
      return
    }
    configuration = found
    controlPlaneNamespace = found.metadata.namespace
    // The chart: identityTrustDomain, else clusterDomain.
    trustDomain = found.identityTrustDomain.nonEmpty ?? found.clusterDomain.nonEmpty ?? trustDomain
    if let text = found.defaultInboundPolicy {
      // The controller does not start with a value that it does not know; the chart's default
      // stands in for it here.
      if let policy = LinkerdDefaultPolicy(rawValue: text) {
        defaultPolicy = policy
      } else {
        assumptions.append(
          "proxy.defaultInboundPolicy \"\(text)\" is no policy: all-unauthenticated is assumed")
      }
    }
    clusterNetworks = found.clusterNetworks ?? clusterNetworks
    probeNetworks = found.probeNetworks ?? probeNetworks
    usesTransportHeader =
      found.outboundTransportMode.map { $0 == "transport-header" }
      ?? (version >= .transportHeaderByDefault)
    webhookFailurePolicy = found.webhookFailurePolicy ?? webhookFailurePolicy
    opaquePorts = found.opaquePorts ?? opaquePorts
    ignoredInboundPorts = found.ignoredInboundPorts ?? ignoredInboundPorts
    ignoredOutboundPorts = found.ignoredOutboundPorts ?? ignoredOutboundPorts
    proxyInboundPort = found.proxyInboundPort ?? proxyInboundPort
  }

  /// What the charts of older versions say otherwise: no probe route before edge-22.8.1, no IPv6 networks
  /// before edge-24.3.4 (linkerd2 #9091 and #12291).
  private mutating func takeDefaultsOfVersion() {
    if version < .ipv6Networks {
      clusterNetworks.removeAll { $0.base.family == .v6 }
      probeNetworks.removeAll { $0.base.family == .v6 }
    }
    if version < .probeNetworks { probeNetworks = [] }
  }

  private mutating func resolveVersion(_ inventory: MeshInventory, _ options: LinkerdOptions) {
    let stated = options.version ?? inventory.linkerd.configurations.first?.linkerdVersion
    if let stated {
      if let known = LinkerdVersion(stated) {
        version = known
        return
      }
      assumptions.append("Linkerd version \"\(stated)\" is not known: the newest is assumed")
      return
    }
    let running = inventory.workloads.compactMap {
      $0.template.annotations["linkerd.io/proxy-version"].flatMap { LinkerdVersion($0) }
    }
    if let oldest = running.min() {
      version = oldest
    } else {
      assumptions.append("no input shows Linkerd's version: the newest is assumed")
    }
  }

  /// The identity of a service account (Linkerd docs, "Automatic mTLS"; policy-controller
  /// k8s/index/src/cluster_info.rs).
  func identity(serviceAccount: String, namespace: String) -> String {
    "\(serviceAccount).\(namespace)\(identitySuffix)"
  }

  /// What the identities of a namespace end with.
  func namespaceSuffix(_ namespace: String) -> String { ".\(namespace)\(identitySuffix)" }

  private var identitySuffix: String {
    ".serviceaccount.identity.\(controlPlaneNamespace).\(trustDomain)"
  }

  private static func ranges(_ texts: [String]) -> [AddressRange] {
    texts.compactMap { AddressRange($0) }
  }
}

extension String? {
  fileprivate var nonEmpty: String? { self?.isEmpty == true ? nil : self }
}

/// What holds for a port without Server, and what `accessPolicy` of a Server adds
/// (policy-controller k8s/index/src/defaults.rs).
enum LinkerdDefaultPolicy: String, Sendable, CaseIterable {
  case allUnauthenticated = "all-unauthenticated"
  case allAuthenticated = "all-authenticated"
  case clusterUnauthenticated = "cluster-unauthenticated"
  case clusterAuthenticated = "cluster-authenticated"
  case deny
  case audit

  /// With `proxy-require-identity-inbound-ports`; no effect on deny and audit.
  var requiringIdentity: LinkerdDefaultPolicy {
    switch self {
    case .allUnauthenticated: .allAuthenticated
    case .clusterUnauthenticated: .clusterAuthenticated
    default: self
    }
  }

  /// The grant that it stands for, nil for deny.
  func grant(_ settings: LinkerdSettings) -> LinkerdGrant? {
    let isClusterOnly = self == .clusterUnauthenticated || self == .clusterAuthenticated
    let networks =
      isClusterOnly
      ? LinkerdNetworks(cluster: settings.clusterNetworks) : LinkerdNetworks.everywhere
    switch self {
    case .deny: return nil
    case .allUnauthenticated, .clusterUnauthenticated, .audit:
      return LinkerdGrant(id: rawValue, authentication: .unauthenticated, networks: networks)
    case .allAuthenticated, .clusterAuthenticated:
      return LinkerdGrant(
        id: rawValue, authentication: .identities(.init(suffixes: [""])), networks: networks)
    }
  }
}
