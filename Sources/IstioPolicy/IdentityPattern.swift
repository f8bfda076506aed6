import MeshModel

/// A matcher of a peer's verified identity, a URI such as `spiffe://td/ns/agents/sa/planner`.
///
/// Envoy forms: Istio pilot/pkg/security/authz/model/generator.go and matcher/string.go, regular
/// expressions matched in full (RE2). ztunnel forms: ztunnel src/rbac.rs.
enum IdentityPattern: Hashable, Sendable {
  /// Any authenticated identity (`.+`).
  case any
  case exact([UInt8])
  case prefix([UInt8])
  /// `spiffe://.*SUFFIX`; with `dotIsAny` as in releases that put the suffix unescaped into the
  /// regular expression.
  case schemeSuffix([UInt8], dotIsAny: Bool)
  /// The pieces follow each other with anything between, before and after them: `.*/ns/X/.*`.
  case pieces([[UInt8]], dotIsAny: Bool)
  /// `spiffe://.+/ns/NS/(.+/|)sa/SA(/.+)?` as `/ns/NS/` and `sa/SA`.
  case serviceAccount(namespace: [UInt8], account: [UInt8], dotIsAny: Bool)
  /// `spiffe://A[^/]*B/.*`.
  case trustDomain(prefix: [UInt8], suffix: [UInt8])
  /// ztunnel: the namespace of an identity in Istio's exact form.
  case ztunnelNamespace(TextPattern)
  /// ztunnel: namespace and service account of an identity in Istio's exact form.
  case ztunnelServiceAccount(namespace: [UInt8], account: [UInt8])
  /// An old release puts this value into a regular expression whose meaning is not worked out here.
  case unprovable

  private static let scheme = Array("spiffe://".utf8)

  func matches(_ identity: String) -> Truth {
    if case .unprovable = self { return .maybe }
    return identity.withBytes { matches($0) } ? .yes : .no
  }

  private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch self {
    case .any: return !text.isEmpty
    case .exact(let bytes): return bytes.count == text.count && ASCII.isEqual(text, 0, bytes)
    case .prefix(let bytes): return ASCII.hasPrefix(text, bytes)
    case .schemeSuffix(let bytes, let dotIsAny):
      return text.count >= Self.scheme.count + bytes.count && ASCII.hasPrefix(text, Self.scheme)
        && ASCII.isEqual(text, text.count - bytes.count, bytes, dotIsAny: dotIsAny)
    case .pieces(let pieces, let dotIsAny):
      var start = 0
      for piece in pieces {
        guard
          let index = ASCII.firstIndex(of: piece, in: text, from: start, dotIsAny: dotIsAny)
        else { return false }
        start = index + piece.count
      }
      return true
    case .serviceAccount(let namespace, let account, let dotIsAny):
      return Self.hasServiceAccount(text, namespace, account, dotIsAny)
    case .trustDomain(let prefix, let suffix):
      guard ASCII.hasPrefix(text, Self.scheme) else { return false }
      var end = Self.scheme.count
      while end < text.count, text[end] != UInt8(ascii: "/") { end += 1 }
      guard end < text.count, end - Self.scheme.count >= prefix.count + suffix.count else {
        return false
      }
      return ASCII.isEqual(text, Self.scheme.count, prefix)
        && ASCII.isEqual(text, end - suffix.count, suffix)
    case .ztunnelNamespace(let pattern):
      guard let parts = ZtunnelIdentity(text) else { return false }
      return pattern.matches(UnsafeBufferPointer(rebasing: text[parts.namespace]))
    case .ztunnelServiceAccount(let namespace, let account):
      guard let parts = ZtunnelIdentity(text) else { return false }
      return parts.namespace.count == namespace.count && parts.account.count == account.count
        && ASCII.isEqual(text, parts.namespace.lowerBound, namespace)
        && ASCII.isEqual(text, parts.account.lowerBound, account)
    case .unprovable: return true
    }
  }

  private static func hasServiceAccount(
    _ text: UnsafeBufferPointer<UInt8>, _ namespace: [UInt8], _ account: [UInt8],
    _ dotIsAny: Bool
  ) -> Bool {
    guard ASCII.hasPrefix(text, scheme) else { return false }
    // `.+` takes at least one character of trust domain.
    var search = scheme.count + 1
    while let found = ASCII.firstIndex(
      of: namespace, in: text, from: search, dotIsAny: dotIsAny)
    {
      let tail = found + namespace.count
      var start = tail
      while let place = ASCII.firstIndex(of: account, in: text, from: start, dotIsAny: dotIsAny) {
        let slash = UInt8(ascii: "/")
        let startsSegment = place == tail || (place >= tail + 2 && text[place - 1] == slash)
        let end = place + account.count
        let endsSegment = end == text.count || (text[end] == slash && end + 1 < text.count)
        if startsSegment, endsSegment { return true }
        start = place + 1
      }
      search = found + 1
    }
    return false
  }
}

/// Where namespace and service account stand in an identity of Istio's exact form; ztunnel knows no
/// other (ztunnel src/identity/manager.rs, `Identity::from_str`).
struct ZtunnelIdentity {
  let namespace: Range<Int>
  let account: Range<Int>

  init?(_ text: UnsafeBufferPointer<UInt8>) {
    // spiffe: / / td / ns / N / sa / S
    guard text.count > 9, Self.has(text, 0, "spiffe://") else { return nil }
    guard let first = Self.slash(text, 9), Self.has(text, first, "/ns/"),
      let second = Self.slash(text, first + 4), Self.has(text, second, "/sa/"),
      Self.slash(text, second + 4) == nil
    else { return nil }
    namespace = (first + 4)..<second
    account = (second + 4)..<text.count
  }

  private static func has(
    _ text: UnsafeBufferPointer<UInt8>, _ offset: Int, _ word: StaticString
  ) -> Bool {
    guard offset + word.utf8CodeUnitCount <= text.count else { return false }
    for index in 0..<word.utf8CodeUnitCount where text[offset + index] != word.utf8Start[index] {
      return false
    }
    return true
  }

  private static func slash(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var index = start
    while index < text.count {
      if text[index] == UInt8(ascii: "/") { return index }
      index += 1
    }
    return nil
  }
}
