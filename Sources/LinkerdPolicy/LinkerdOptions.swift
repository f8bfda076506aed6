import MeshModel

/// What the user says of Linkerd beyond the manifests.
package struct LinkerdOptions: Sendable {
  /// Overrides the version that the manifests show: `2.15`, `stable-2.14.10`, `edge-25.3.2`.
  package var version: String?
  /// Takes resources without creation time as created in the order of the documents, as one
  /// `kubectl apply` of them does, instead of leaving open which is older.
  package var takesDocumentOrderAsAge: Bool

  package init(version: String? = nil, takesDocumentOrderAsAge: Bool = false) {
    self.version = version
    self.takesDocumentOrderAsAge = takesDocumentOrderAsAge
  }
}

/// Gives resources without creation time one by their place, after all that have one.
enum DocumentAge {
  /// Far in the future, so that whatever exists already is older.
  private static let start: Int64 = 1 << 40

  static func dated<Item>(_ items: [Item], _ metadata: WritableKeyPath<Item, ResourceMetadata>)
    -> [Item]
  {
    let order = items.indices.sorted {
      items[$0][keyPath: metadata].location < items[$1][keyPath: metadata].location
    }
    var result = items
    for (position, index) in order.enumerated()
    where items[index][keyPath: metadata].creationTimestamp == nil {
      result[index][keyPath: metadata].creationTimestamp = UTCTime(
        seconds: start + Int64(position))
    }
    return result
  }
}

/// A Linkerd version, as far as semantics changed between versions.
///
/// Sources: linkerd2 pull requests #12845 (`accessPolicy`, edge-24.7.4), #12785 (inbound GRPCRoute,
/// edge-24.7.4), #9091 (`probeNetworks`, edge-22.8.1), #12291 (IPv6 in the chart's networks, edge-24.3.4),
/// #13676 (the oldest of overlapping Servers wins, edge-25.2.2), #13181 (EgressNetwork, edge-24.11.3), #13231 (HTTPLocalRateLimitPolicy,
/// edge-24.11.5), #13715 (all meshed traffic through port 4143, edge-25.3.2).
struct LinkerdVersion: Sendable, Comparable {
  /// Edge releases by date; stable ones by the edge release that they were cut from.
  private var year: Int
  private var month: Int
  private var patch: Int

  private init(_ year: Int, _ month: Int, _ patch: Int) {
    self.year = year
    self.month = month
    self.patch = patch
  }

  static let newest = LinkerdVersion(.max, 12, 0)
  static let probeNetworks = LinkerdVersion(22, 8, 1)
  static let ipv6Networks = LinkerdVersion(24, 3, 4)
  static let accessPolicy = LinkerdVersion(24, 7, 4)
  static let inboundGRPCRoute = LinkerdVersion(24, 7, 4)
  static let egressNetwork = LinkerdVersion(24, 11, 3)
  static let rateLimit = LinkerdVersion(24, 11, 5)
  static let orderedServers = LinkerdVersion(25, 2, 2)
  static let transportHeaderByDefault = LinkerdVersion(25, 3, 2)

  /// Reads `edge-25.3.2`, `stable-2.14.10`, `enterprise-2.17.1`, `2.16` and `version-2.18`.
  init?(_ text: String) {
    let bare = text.split(separator: "-").first { $0.first?.isNumber ?? false } ?? ""
    let numbers = bare.split(separator: ".").prefix(3).compactMap { Int($0) }
    guard numbers.count >= 2 else { return nil }
    guard numbers[0] == 2 else {
      guard numbers[0] >= 18 else { return nil }
      self.init(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 0)
      return
    }
    // By the dates of the tags stable-2.11.0 to version-2.20.
    switch numbers[1] {
    case ...11: self.init(21, 9, 5)
    case 12: self.init(22, 8, 3)
    case 13: self.init(23, 4, 1)
    case 14: self.init(23, 8, 3)
    case 15: self.init(24, 2, 4)
    case 16: self.init(24, 8, 1)
    case 17: self.init(24, 12, 1)
    case 18: self.init(25, 4, 1)
    default: self = .newest
    }
  }

  static func < (left: LinkerdVersion, right: LinkerdVersion) -> Bool {
    (left.year, left.month, left.patch) < (right.year, right.month, right.patch)
  }
}
