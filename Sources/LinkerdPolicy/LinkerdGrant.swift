import MeshModel

/// Whether something holds, where not everything may be known.
enum Certainty: Equatable {
  case yes
  case no
  /// The reason says what is missing.
  case unknown(String)

  init(_ isTrue: Bool) { self = isTrue ? .yes : .no }
}

/// The client as the server's proxy sees it.
struct LinkerdPeer: Sendable {
  enum Address: Sendable {
    case one(IPAddress)
    /// Of several pods, any of which may be the client.
    case known([IPAddress])
    /// A pod of the cluster whose address no input tells. `linkerd check` demands that the
    /// cluster's networks hold every pod (check l5d-cluster-networks-pods).
    case clusterPod
    case absent
  }

  /// Verified identity: a DNS name or a `spiffe://` URI.
  let identity: String?
  /// Its number among the identities that policies name; nil where none does.
  let identityNumber: Int32?
  let address: Address

  init(identity: String?, address: Address, identities: LinkerdIdentityTable) {
    self.identity = identity
    self.address = address
    identityNumber = identity.flatMap { identities.number(of: $0) }
  }

  /// 127.0.0.1 and ::1 are always permitted (linkerd2-proxy app/inbound/src/policy.rs).
  var isLocalhost: Bool {
    switch address {
    case .one(let address): LinkerdPeer.localhost.contains(address)
    case .known(let addresses):
      !addresses.isEmpty && addresses.allSatisfy(LinkerdPeer.localhost.contains)
    case .clusterPod, .absent: false
    }
  }

  private static let localhost = [
    IPAddress(family: .v4, high: 0, low: 0x7F00_0001), IPAddress(family: .v6, high: 0, low: 1),
  ]
}

/// Client networks of a grant.
struct LinkerdNetworks: Sendable {
  var blocks: [AddressBlock]
  /// The blocks are the cluster's own networks.
  var isCluster = false

  init(_ blocks: [AddressBlock]) { self.blocks = blocks }

  init(cluster ranges: [AddressRange]) {
    blocks = ranges.map { AddressBlock(range: $0, location: SourceLocation(path: "")) }
    isCluster = true
  }

  static let everywhere = LinkerdNetworks(
    AddressRange.everything.map { AddressBlock(range: $0, location: SourceLocation(path: "")) })

  /// Whether every address of both families is in some block; prepared grants remember it.
  var isEverywhere: Bool {
    AddressRange.everything.allSatisfy { all in
      blocks.contains { $0.exceptions.isEmpty && $0.range.contains(all) }
    }
  }

  /// `net` holds the address and no exception does (policy-controller core/src/network_match.rs).
  func hold(_ address: LinkerdPeer.Address, clusterNetworks: [AddressRange]) -> Certainty {
    switch address {
    case .one(let address):
      for block in blocks where block.contains(address) { return .yes }
      return .no
    case .known(let addresses):
      let count = addresses.filter { one in blocks.contains { $0.contains(one) } }.count
      if count == 0 { return .no }
      return count == addresses.count
        ? .yes : .unknown("some pods of the source are inside the networks, some not")
    case .clusterPod:
      if isEverywhere || isCluster { return .yes }
      let overlaps = blocks.contains { block in
        clusterNetworks.contains { $0.overlaps(block.range) }
      }
      return overlaps ? .unknown("the addresses of the source's pods are not known") : .no
    case .absent:
      return isEverywhere ? .yes : .unknown("the address of the source is not known")
    }
  }
}

/// Who may connect, on one condition about identity and one about networks: an authorization as the
/// controller sends it to the proxy.
///
/// There is no deny in Linkerd, only grants.
struct LinkerdGrant: Sendable {
  struct Identities: Sendable {
    var exact: Set<String> = []
    /// `.agents.serviceaccount.identity.linkerd.cluster.local`; empty for every DNS identity.
    var suffixes: [String] = []

    /// Suffixes never match a SPIFFE ID (linkerd2-proxy app/inbound/src/policy.rs,
    /// `is_tls_authorized`).
    ///
    /// Case matters.
    func admit(_ identity: String) -> Bool {
      if exact.contains(identity) { return true }
      if Identities.isSPIFFE(identity) { return false }
      return suffixes.contains { identity.hasSuffixBytes(of: $0) }
    }

    static func isSPIFFE(_ identity: String) -> Bool { identity.hasPrefixBytes(of: "spiffe://") }
  }

  enum Authentication: Sendable {
    case unauthenticated
    /// Any TLS from the mesh, whatever the identity.
    case anyTLS
    case identities(Identities)
  }

  /// What messages call it: a default policy's name, or `authorizationpolicy:agents/allow`.
  var id: String
  /// Nil for the grant of a default policy.
  var policy: ResourceReference?
  var location: SourceLocation?
  var authentication: Authentication
  var networks: LinkerdNetworks

  init(
    id: String, policy: ResourceReference? = nil, location: SourceLocation? = nil,
    authentication: Authentication, networks: LinkerdNetworks
  ) {
    self.id = id
    self.policy = policy
    self.location = location
    self.authentication = authentication
    self.networks = networks
  }

  /// Whether a client without identity can pass.
  var admitsPlaintext: Bool {
    if case .unauthenticated = authentication { true } else { false }
  }

  func permits(_ peer: LinkerdPeer, clusterNetworks: [AddressRange]) -> Certainty {
    switch authentication {
    case .unauthenticated: break
    case .anyTLS: if peer.identity == nil { return .no }
    case .identities(let identities):
      guard let identity = peer.identity, identities.admit(identity) else { return .no }
    }
    return networks.hold(peer.address, clusterNetworks: clusterNetworks)
  }
}
