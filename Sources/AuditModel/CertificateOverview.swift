package import MeshModel

/// The certificates of a run as reports tell of them: by trust domain, who issues, who holds, until
/// when.
package struct CertificateOverview: Codable, Sendable, Hashable {
  /// A trust anchor or an issuing certificate.
  package struct Authority: Codable, Sendable, Hashable {
    package var name: String
    package var role: CertificateRole
    package var notBefore: UTCTime?
    package var notAfter: UTCTime?
    /// Certificates of this run whose path leads over it.
    package var chainCount: Int

    package init(
      name: String, role: CertificateRole, notBefore: UTCTime?, notAfter: UTCTime?,
      chainCount: Int
    ) {
      self.name = name
      self.role = role
      self.notBefore = notBefore
      self.notAfter = notAfter
      self.chainCount = chainCount
    }
  }

  /// An identity with its newest certificate, and what is known of the ones before it.
  package struct Identity: Codable, Sendable, Hashable {
    package var name: String
    package var serial: String?
    package var notBefore: UTCTime?
    package var notAfter: UTCTime?
    package var chain: CertificateChain.Outcome?
    /// Certificates of it that were met, in this run and in earlier ones.
    package var certificateCount: Int
    /// Seconds without a valid certificate between two; 0 when they follow one another, nil when no
    /// inventory shows two side by side.
    package var longestGapSeconds: Int64?
    /// Seconds from one certificate to the next, as a rule; nil as above.
    package var usualIntervalSeconds: Int64?
    /// Whether a renewal kept the key of the certificate before it; nil when only one is known.
    package var keepsKey: Bool?

    package init(
      name: String, serial: String?, notBefore: UTCTime?, notAfter: UTCTime?,
      chain: CertificateChain.Outcome?, certificateCount: Int, longestGapSeconds: Int64?,
      usualIntervalSeconds: Int64? = nil, keepsKey: Bool?
    ) {
      self.name = name
      self.serial = serial
      self.notBefore = notBefore
      self.notAfter = notAfter
      self.chain = chain
      self.certificateCount = certificateCount
      self.longestGapSeconds = longestGapSeconds
      self.usualIntervalSeconds = usualIntervalSeconds
      self.keepsKey = keepsKey
    }
  }

  /// The certificates of one trust domain; nil for those that name none, a gateway's for example.
  package struct Domain: Codable, Sendable, Hashable {
    package var trustDomain: String?
    /// Those that end first come first.
    package var authorities: [Authority]
    /// Those that end first come first; no more than `CertificateOverview.identityLimit`.
    package var identities: [Identity]
    package var identityCount: Int

    package init(
      trustDomain: String?, authorities: [Authority], identities: [Identity], identityCount: Int
    ) {
      self.trustDomain = trustDomain
      self.authorities = authorities
      self.identities = identities
      self.identityCount = identityCount
    }
  }

  /// Whether an authority was followed by one of the same name that ends later.
  ///
  /// Outside a trust domain any will do: a CA's newest may have issued for workloads only.
  package func isFollowed(_ authority: Authority, in domain: Domain) -> Bool {
    guard let end = authority.notAfter else { return false }
    let others = domain.trustDomain == nil ? domains.flatMap(\.authorities) : domain.authorities
    return others.contains { other in
      other.name == authority.name && other.role == authority.role
        && other.notAfter.map { $0 > end } ?? false
    }
  }

  /// Whether less than a third of a certificate's life is left, as rule IC-002 judges it; nil when
  /// that cannot be told.
  package static func isInLastThird(_ identity: Identity, at moment: UTCTime) -> Bool? {
    guard let start = identity.notBefore, let end = identity.notAfter else { return nil }
    return end.secondsSince(moment) * 3 < end.secondsSince(start)
  }

  /// The certificates with one kind of key.
  package struct KeyLine: Codable, Sendable, Hashable {
    /// `EC P-256`, `RSA 2048`, `ML-DSA-65`, or `unknown`.
    package var algorithm: String
    /// Whether a quantum computer is not known to break it: ML-DSA (FIPS 204) or SLH-DSA (FIPS 205).
    package var isPostQuantum: Bool
    package var certificateCount: Int
    package var authorityCount: Int
    /// Until when the last of the CAs holds; nil without a CA.
    package var lastAuthorityEnd: UTCTime?

    package init(algorithm: String) {
      self.algorithm = algorithm
      isPostQuantum = algorithm.hasPrefix("ML-DSA") || algorithm.hasPrefix("SLH-DSA")
      certificateCount = 0
      authorityCount = 0
    }
  }

  /// Identities of one trust domain that a report lists.
  package static let identityLimit = 200

  /// By name; the one without a trust domain comes last.
  package var domains: [Domain]
  /// By algorithm; nil in reports of versions before this one.
  package var keys: [KeyLine]?

  package init(domains: [Domain], keys: [KeyLine]? = nil) {
    self.domains = domains
    self.keys = keys
  }
}
