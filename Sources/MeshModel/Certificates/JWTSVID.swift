/// What the header and the claims of a JWT-SVID say.
///
/// The token itself is a secret for as long as it lives: neither it nor its signature nor a digest of them
/// is kept.
package struct JWTSVID: Hashable, Sendable {
  /// The requirements of the JWT-SVID standard on one token; raw values are stored and asked for by rules.
  package enum Requirement: String, Hashable, Sendable, CaseIterable {
    /// The header has no member but `alg`, `kid` and `typ` (sections 2 and 5.1).
    case header = "J1"
    /// `alg` is one of RS, ES and PS with 256, 384 or 512 (2.1).
    case algorithm = "J2-alg"
    /// `typ` is absent, `JWT` or `JOSE` (2.3).
    case type = "J2-typ"
    /// `sub` is a SPIFFE ID (3.1).
    case subject = "J3-sub"
    /// `aud` names somebody (3.2).
    case audience = "J3-aud"
    /// `exp` is there (3.3).
    case expiry = "J3-exp"
  }

  /// RFC 7518 3.1 without `none` and the algorithms with a shared secret.
  private static let algorithms = Set(
    ["RS", "ES", "PS"].flatMap { family in ["256", "384", "512"].map { family + $0 } })
  private static let headerMembers: Set<String> = ["alg", "kid", "typ"]

  package var headerMembers: [String]
  package var algorithm: String?
  package var type: String?
  package var keyID: String?
  /// `sub` as written.
  package var subject: String?
  package var audiences: [String]
  package var issuedAt: UTCTime?
  package var expiresAt: UTCTime?
  package var location: SourceLocation

  package init(
    headerMembers: [String], algorithm: String?, type: String?, keyID: String?, subject: String?,
    audiences: [String], issuedAt: UTCTime?, expiresAt: UTCTime?, location: SourceLocation
  ) {
    self.headerMembers = headerMembers
    self.algorithm = algorithm
    self.type = type
    self.keyID = keyID
    self.subject = subject
    self.audiences = audiences
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
    self.location = location
  }

  /// Nil when `sub` is no SPIFFE ID.
  package var spiffeID: SPIFFEID? {
    subject.flatMap { SPIFFEIDDefect.all(in: $0).isEmpty ? SPIFFEID($0) : nil }
  }

  /// In the order of `Requirement.allCases`.
  package var failed: [Requirement] {
    Requirement.allCases.filter { requirement in
      switch requirement {
      case .header: !JWTSVID.headerMembers.isSuperset(of: headerMembers)
      case .algorithm: !JWTSVID.algorithms.contains(algorithm ?? "")
      case .type: type.map { $0 != "JWT" && $0 != "JOSE" } ?? false
      case .subject: spiffeID == nil
      case .audience: audiences.isEmpty
      case .expiry: expiresAt == nil
      }
    }
  }
}
