/// Finds YAML text that would take forever to compose.
///
/// Yams compares the keys of each mapping while it composes. A key that is an alias of a collection
/// of aliases is compared leaf by leaf, however often the leaves repeat, before any budget of ours
/// applies. No document of Kubernetes has such keys.
enum AliasGuard {
  /// So few aliases repeat what the text holds some twenty times at most.
  private static let harmlessAliasCount = 8

  /// Whether the text has an alias inside a key and enough aliases to make that expensive.
  ///
  /// Only aliases of anchors that the text defines count, so that prose and scripts do not.
  static func isSuspicious(_ text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: "*")), text.utf8.contains(UInt8(ascii: "&")) else {
      return false
    }
    let bytes = Array(text.utf8)
    let anchors = Set(names(after: UInt8(ascii: "&"), in: bytes).map(\.name))
    guard !anchors.isEmpty else { return false }
    let aliases = names(after: UInt8(ascii: "*"), in: bytes).filter { anchors.contains($0.name) }
    guard aliases.count > harmlessAliasCount else { return false }
    return hasExplicitKey(bytes) || aliases.contains { isKey(at: $0.end, in: bytes) }
      || hasCollectionAsKey(bytes)
  }

  private struct Name {
    var name: ArraySlice<UInt8>
    var end: Int
  }

  /// What stands after each `mark` that begins a token.
  private static func names(after mark: UInt8, in bytes: [UInt8]) -> [Name] {
    var names: [Name] = []
    var index = 0
    while index < bytes.count {
      defer { index += 1 }
      guard bytes[index] == mark, index == 0 || isSeparator(bytes[index - 1]) else { continue }
      let start = index + 1
      var end = start
      while end < bytes.count, !isSeparator(bytes[end]) { end += 1 }
      if end > start { names.append(Name(name: bytes[start..<end], end: end)) }
    }
    return names
  }

  /// `*name :` or, inside `{}`, `*name:`.
  private static func isKey(at end: Int, in bytes: [UInt8]) -> Bool {
    var index = end
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    return index < bytes.count && bytes[index] == UInt8(ascii: ":")
  }

  /// `? key` at the start of a token.
  private static func hasExplicitKey(_ bytes: [UInt8]) -> Bool {
    bytes.indices.contains { index in
      bytes[index] == UInt8(ascii: "?")
        && (index == 0 || isSeparator(bytes[index - 1]))
        && (index + 1 == bytes.count || isSpace(bytes[index + 1]))
    }
  }

  /// `[…]:` or `{…}:`.
  private static func hasCollectionAsKey(_ bytes: [UInt8]) -> Bool {
    bytes.indices.contains { index in
      (bytes[index] == UInt8(ascii: "]") || bytes[index] == UInt8(ascii: "}"))
        && isKey(at: index + 1, in: bytes)
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"), UInt8(ascii: ","):
      true
    default: false
    }
  }
}
