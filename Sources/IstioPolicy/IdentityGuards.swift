import MeshModel

/// What an identity is compared by before a rule is evaluated.
struct IdentityKey {
  let text: String
  let hash: UInt64
  /// Of the namespace of an identity in Istio's exact form, nil for others.
  let namespaceHash: UInt64?

  init(_ text: String) {
    self.text = text
    (hash, namespaceHash) = text.withBytes { bytes in
      var parts = ZtunnelIdentity(bytes)
      // In "spiffe://ns/ns/…" the trust domain reads as a namespace too.
      if parts?.namespace.lowerBound == 15, bytes[9] == UInt8(ascii: "n"),
        bytes[10] == UInt8(ascii: "s")
      {
        parts = nil
      }
      return (
        IdentityKey.hash(bytes),
        parts.map { IdentityKey.hash(UnsafeBufferPointer(rebasing: bytes[$0.namespace])) }
      )
    }
  }

  /// FNV-1a over eight bytes at a time; equal bytes have equal hashes, which is all that is needed.
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(truncatingIfNeeded: bytes.count)
    var index = 0
    while index + 8 <= bytes.count {
      let word = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped).loadUnaligned(
        fromByteOffset: index, as: UInt64.self)
      hash = (hash ^ word) &* 0x0000_0100_0000_01b3
      hash ^= hash >> 29
      index += 8
    }
    while index < bytes.count {
      hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3
      index += 1
    }
    return hash
  }
}

/// A test that is true wherever rules can match: most rules are left out by it without looking at
/// them, and without counting references.
///
/// A rule is guarded when one of its clauses names an identity in every alternative; it can then
/// match only peers that one of those identities fits.
struct IdentityGuards: Sendable {
  private enum Kind: UInt8 {
    case exact
    case prefix
    /// A namespace without wildcard: of an identity in Istio's exact form only its own namespace
    /// stands between `/ns/` and `/`.
    case namespace
    /// Fits any identity: the rule itself tells.
    case any
  }

  private struct Guard {
    var hash: UInt64
    var offset: Int32
    var count: Int32
    var kind: Kind
  }

  private struct Slice {
    var start: Int32
    var count: Int32
  }

  private var guards: [Guard] = []
  /// By rule; a negative count is a rule without guards.
  private var slices: [Slice] = []
  private var pool: [UInt8] = []

  mutating func append(_ rule: CompiledRule) {
    guard let clause = rule.clauses.first(where: Self.isIdentifying) else {
      slices.append(Slice(start: 0, count: -1))
      return
    }
    let start = guards.count
    for alternative in clause.alternatives {
      for test in alternative {
        guard case .identity(let patterns) = test.subject, !test.isNegated else { continue }
        for pattern in patterns { add(pattern) }
        break
      }
    }
    slices.append(Slice(start: Int32(start), count: Int32(guards.count - start)))
  }

  /// Whether a rule may match a peer; false is certain.
  @inline(__always)
  func mayMatch(_ rule: Int32, _ key: IdentityKey?) -> Bool {
    let slice = slices[Int(rule)]
    if slice.count < 0 { return true }
    guard let key else { return false }
    for index in Int(slice.start)..<Int(slice.start + slice.count) {
      let one = guards[index]
      switch one.kind {
      case .exact: if one.hash == key.hash { return true }
      case .namespace:
        if key.namespaceHash == nil || key.namespaceHash == one.hash { return true }
      case .any: return true
      case .prefix: if hasPrefix(one, key) { return true }
      }
    }
    return false
  }

  private func hasPrefix(_ one: Guard, _ key: IdentityKey) -> Bool {
    key.text.withBytes { text in
      guard text.count >= Int(one.count) else { return false }
      for index in 0..<Int(one.count) where text[index] != pool[Int(one.offset) + index] {
        return false
      }
      return true
    }
  }

  private static func isIdentifying(_ clause: CompiledRule.Clause) -> Bool {
    clause.alternatives.allSatisfy { alternative in
      alternative.contains { test in
        guard case .identity = test.subject else { return false }
        return !test.isNegated
      }
    }
  }

  private mutating func add(_ pattern: IdentityPattern) {
    switch pattern {
    case .exact(let bytes):
      let hash = bytes.withUnsafeBufferPointer(IdentityKey.hash)
      guards.append(Guard(hash: hash, offset: 0, count: 0, kind: .exact))
    case .prefix(let bytes):
      guards.append(
        Guard(hash: 0, offset: Int32(pool.count), count: Int32(bytes.count), kind: .prefix))
      pool += bytes
    case .pieces(let pieces, dotIsAny: false)
    where pieces.count == 1 && pieces[0].count(where: { $0 == UInt8(ascii: "/") }) == 3:
      let name = Array(pieces[0].dropFirst("/ns/".utf8.count).dropLast())
      let hash = name.withUnsafeBufferPointer(IdentityKey.hash)
      guards.append(Guard(hash: hash, offset: 0, count: 0, kind: .namespace))
    case .ztunnelNamespace(.exact(let name)):
      let hash = name.withUnsafeBufferPointer(IdentityKey.hash)
      guards.append(Guard(hash: hash, offset: 0, count: 0, kind: .namespace))
    default: guards.append(Guard(hash: 0, offset: 0, count: 0, kind: .any))
    }
  }
}
