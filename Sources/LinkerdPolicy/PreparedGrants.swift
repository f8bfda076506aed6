import MeshModel

/// Numbers of the identities that policies name exactly, so that a request compares its client's
/// text once and not with every grant.
struct LinkerdIdentityTable: Sendable {
  private var numbers: [String: Int32] = [:]

  mutating func add(_ identity: String) -> Int32 {
    if let known = numbers[identity] { return known }
    numbers[identity] = Int32(numbers.count)
    return Int32(numbers.count - 1)
  }

  /// Nil for an identity that no policy names.
  func number(of identity: String) -> Int32? { numbers[identity] }
}

/// Grants of one level in their order, filed so that a client meets those alone that may be for it.
///
/// Asking costs the logarithm of the identities that the grants name and the grants that name it,
/// or that name no identity exactly.
struct PreparedGrants: Sendable {
  /// What the grants say of a client.
  enum Answer {
    /// The first grant that permits it.
    case permitted(Int)
    /// No grant is known to permit it, and one may.
    case unknown(String)
    case none
  }

  private struct Named: Sendable {
    var identity: Int32
    var position: Int32
  }

  private enum Openness: UInt8, Sendable {
    case everybody
    case anyTLS
    case suffixes
  }

  private struct Open: Sendable {
    var position: Int32
    var openness: Openness
    /// In `suffixes`.
    var start: Int32
    var count: Int32
  }

  let all: [LinkerdGrant]
  /// By identity, then by position.
  private var named: [Named] = []
  /// Grants that take more than exact identities, by position.
  private var open: [Open] = []
  private var suffixes: [String] = []
  /// By position: the networks are all there are.
  private var isEverywhere: [Bool]

  static let none = PreparedGrants([])

  /// - Precondition: the table knows every identity that the grants name.
  init(_ grants: [LinkerdGrant], identities: LinkerdIdentityTable = LinkerdIdentityTable()) {
    all = grants
    isEverywhere = grants.map(\.networks.isEverywhere)
    for (index, grant) in grants.enumerated() {
      let position = Int32(index)
      switch grant.authentication {
      case .unauthenticated:
        open.append(Open(position: position, openness: .everybody, start: 0, count: 0))
      case .anyTLS:
        open.append(Open(position: position, openness: .anyTLS, start: 0, count: 0))
      case .identities(let wanted):
        named += wanted.exact.compactMap { text in
          identities.number(of: text).map { Named(identity: $0, position: position) }
        }
        guard !wanted.suffixes.isEmpty else { continue }
        open.append(
          Open(
            position: position, openness: .suffixes, start: Int32(suffixes.count),
            count: Int32(wanted.suffixes.count)))
        suffixes += wanted.suffixes
      }
    }
    named.sort { ($0.identity, $0.position) < ($1.identity, $1.position) }
  }

  var isEmpty: Bool { all.isEmpty }

  /// The same as asking each grant in turn.
  func answer(for peer: LinkerdPeer, clusterNetworks: [AddressRange]) -> Answer {
    var unknown: String?
    var name = peer.identityNumber.map(firstNaming) ?? named.count
    var other = 0
    while true {
      let nextNamed =
        name < named.count && named[name].identity == peer.identityNumber
        ? named[name].position : Int32.max
      let nextOpen = other < open.count ? open[other].position : Int32.max
      let position = min(nextNamed, nextOpen)
      if position == Int32.max { break }
      var admits = nextNamed == position
      if admits { name += 1 }
      if nextOpen == position {
        if !admits { admits = self.admits(peer, open[other]) }
        other += 1
      }
      guard admits else { continue }
      if isEverywhere[Int(position)] { return .permitted(Int(position)) }
      switch all[Int(position)].networks.hold(peer.address, clusterNetworks: clusterNetworks) {
      case .yes: return .permitted(Int(position))
      case .no: break
      case .unknown(let reason): unknown = unknown ?? reason
      }
    }
    return unknown.map { .unknown($0) } ?? .none
  }

  /// The index in `named` of the first grant that names an identity.
  private func firstNaming(_ identity: Int32) -> Int {
    var low = 0
    var high = named.count
    while low < high {
      let middle = (low + high) / 2
      if named[middle].identity < identity { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func admits(_ peer: LinkerdPeer, _ grant: Open) -> Bool {
    switch grant.openness {
    case .everybody: return true
    case .anyTLS: return peer.identity != nil
    case .suffixes:
      guard let identity = peer.identity, !LinkerdGrant.Identities.isSPIFFE(identity) else {
        return false
      }
      for index in Int(grant.start)..<Int(grant.start + grant.count)
      where identity.hasSuffixBytes(of: suffixes[index]) {
        return true
      }
      return false
    }
  }
}
