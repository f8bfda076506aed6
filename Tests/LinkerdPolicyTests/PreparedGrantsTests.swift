import MeshModel
import Testing

@testable import LinkerdPolicy

@Suite struct PreparedGrantsTests {
  private static let seed = UInt64.random(in: .min ... .max)
  private static let names = ["a.x", "b.x", "b.y", "spiffe://td/a", "c"]

  private func grant(_ index: Int, _ random: inout SeededGenerator) -> LinkerdGrant {
    let authentication: LinkerdGrant.Authentication
    switch Int.random(in: 0..<5, using: &random) {
    case 0: authentication = .unauthenticated
    case 1: authentication = .anyTLS
    default:
      authentication = .identities(
        .init(
          exact: Set(Self.names.filter { _ in random.chance(40) }),
          suffixes: [".x", "", "y", "//td/a"].filter { _ in random.chance(15) }))
    }
    let block = AddressRange("10.0.0.0/8").map {
      AddressBlock(range: $0, location: SourceLocation(path: ""))
    }
    return LinkerdGrant(
      id: "grant-\(index)", authentication: authentication,
      networks: random.chance(60) ? .everywhere : LinkerdNetworks(block.map { [$0] } ?? []))
  }

  @Test func answersAsAskingEachGrantInTurn() {
    print("seed \(Self.seed)")
    var random = SeededGenerator(seed: Self.seed)
    var permitted = 0
    for _ in 0..<500 {
      let grants = (0..<Int.random(in: 0...6, using: &random)).map { grant($0, &random) }
      var table = LinkerdIdentityTable()
      for case .identities(let wanted) in grants.map(\.authentication) {
        for name in wanted.exact { _ = table.add(name) }
      }
      let prepared = PreparedGrants(grants, identities: table)
      let addresses: [LinkerdPeer.Address] =
        [.absent, .clusterPod]
        + ["10.1.1.1", "8.8.8.8"].compactMap { IPAddress($0).map { .one($0) } }
      for name in Self.names.map(Optional.some) + [nil] {
        for address in addresses {
          let peer = LinkerdPeer(identity: name, address: address, identities: table)
          var expected = "none"
          for (index, grant) in grants.enumerated() {
            let answer = grant.permits(peer, clusterNetworks: [])
            if answer == .yes {
              expected = "permitted \(index)"
              break
            }
            if case .unknown(let reason) = answer, expected == "none" { expected = reason }
          }
          let found: String
          switch prepared.answer(for: peer, clusterNetworks: []) {
          case .permitted(let index): found = "permitted \(index)"
          case .unknown(let reason): found = reason
          case .none: found = "none"
          }
          if found.hasPrefix("permitted") { permitted += 1 }
          #expect(found == expected, "seed \(Self.seed): \(grants) \(peer)")
        }
      }
    }
    #expect(permitted > 1000)
  }

  /// Proxies compare bytes; Swift's `==` takes é and e with an accent for equal.
  @Test func pathsCompareAsBytes() {
    let composed = "/caf\u{E9}"
    let decomposed = "/cafe\u{301}"
    #expect(composed == decomposed)
    #expect(InboundTextMatch.exact(composed).matchedLength(ofPath: decomposed) == nil)
    #expect(InboundTextMatch.exact(composed).matchedLength(ofPath: composed) == 6)
    #expect(InboundTextMatch.prefix(composed).matchedLength(ofPath: decomposed + "/x") == nil)
    #expect(InboundTextMatch.prefix("/cafe").matchedLength(ofPath: decomposed) == nil)
  }
}
