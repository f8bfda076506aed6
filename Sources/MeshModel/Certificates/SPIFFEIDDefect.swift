/// What breaks the SPIFFE-ID standard in a URI, by the section that it breaks.
package enum SPIFFEIDDefect: String, Hashable, Sendable, CaseIterable {
  /// The scheme is not `spiffe`, or there is a query or a fragment (SPIFFE-ID section 2).
  case scheme = "S1"
  /// The trust domain is empty, or has a user, a port or percent-encoding (2.1).
  case authority = "S2"
  /// The trust domain has a character other than a-z, 0-9, `.`, `-`, `_` (2.1).
  case trustDomainCharacter = "S3"
  /// The path has an empty segment, `.`, `..`, a trailing `/`, `%` or another character outside
  /// a-z, A-Z, 0-9, `.`, `-`, `_` (2.2).
  case path = "S4"
  /// Longer than 2,048 bytes, or a trust domain longer than 255 (2.3).
  case length = "S5"

  /// Every defect of a URI, in the order of the standard; empty for a valid SPIFFE ID.
  ///
  /// Scheme and trust domain compare without case (S6, section 2.4), so an upper-case scheme is no
  /// defect of the scheme, while an upper-case letter in the trust domain is one of S3: the standard
  /// asks for lower case when an ID is written.
  package static func all(in uri: String) -> [SPIFFEIDDefect] {
    let bytes = Array(uri.utf8)
    var found: Set<SPIFFEIDDefect> = []
    if bytes.count > 2048 { found.insert(.length) }
    if bytes.contains(UInt8(ascii: "?")) || bytes.contains(UInt8(ascii: "#")) {
      found.insert(.scheme)
    }
    let prefix = Array("spiffe://".utf8)
    guard bytes.count >= prefix.count,
      zip(bytes, prefix).allSatisfy({ lowered($0) == $1 })
    else {
      found.insert(.scheme)
      return allCases.filter(found.contains)
    }
    let rest = bytes[prefix.count...].prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    checkTrustDomain(rest[..<slash], &found)
    checkPath(rest[slash...], &found)
    return allCases.filter(found.contains)
  }

  /// Whether two URIs are the same SPIFFE ID: scheme and trust domain without case, path with it (S6).
  package static func areEqual(_ left: String, _ right: String) -> Bool {
    func parts(_ uri: String) -> (String, String) {
      let bytes = Array(uri.utf8)
      var slashes = 0
      let end = bytes.firstIndex { byte in
        if byte == UInt8(ascii: "/") { slashes += 1 }
        return slashes == 3
      }
      let cut = end ?? bytes.count
      return (
        String(decoding: bytes[..<cut].map(lowered), as: UTF8.self),
        String(decoding: bytes[cut...], as: UTF8.self)
      )
    }
    return parts(left) == parts(right)
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte + 32 : byte
  }

  private static func checkTrustDomain(
    _ domain: ArraySlice<UInt8>, _ found: inout Set<SPIFFEIDDefect>
  ) {
    if domain.isEmpty { found.insert(.authority) }
    if domain.count > 255 { found.insert(.length) }
    for byte in domain {
      switch byte {
      case 97...122, 48...57, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): continue
      case UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "%"): found.insert(.authority)
      default: found.insert(.trustDomainCharacter)
      }
    }
  }

  private static func checkPath(_ path: ArraySlice<UInt8>, _ found: inout Set<SPIFFEIDDefect>) {
    guard !path.isEmpty else { return }
    let segments = path.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for segment in segments {
      if segment.isEmpty || segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) {
        found.insert(.path)
      }
      for byte in segment {
        switch byte {
        case 97...122, 65...90, 48...57, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
          continue
        default: found.insert(.path)
        }
      }
    }
  }
}
