/// A certificate revocation list (RFC 5280 section 5) at one place.
package struct RevocationList: Hashable, Sendable {
  /// Whether the CA that the list names made its signature.
  package enum Signature: String, Hashable, Sendable, CaseIterable {
    case valid
    /// CAs of that name are among the inputs, and none of their keys made it.
    case invalid
    /// No CA of that name is among the inputs.
    case issuerMissing = "issuer-missing"
    /// A CA of that name is there; its key or the algorithm is one that is not verified.
    case notVerifiable = "not-verifiable"
  }

  /// SHA-256 of its DER.
  package var id: String
  package var issuer: String
  package var thisUpdate: UTCTime?
  /// When the next list is due at the latest; nil when the list does not say.
  package var nextUpdate: UTCTime?
  /// The CRL number in hexadecimal.
  package var number: String?
  package var authorityKeyID: String?
  /// It holds changes to another list only.
  package var isDelta = false
  /// It may hold certificates of other issuers: then issuer and serial say nothing together.
  package var isIndirect = false
  /// Critical extensions that are not known: such a list decides nothing (RFC 5280 5.2).
  package var unknownCriticalExtensions: [String] = []
  package var entries: [RevokedCertificate] = []
  package var signature = Signature.issuerMissing
  /// The bytes, until the signature was looked at.
  package var der: [UInt8]?
  package var place: CertificatePlace

  package init(id: String, issuer: String, place: CertificatePlace) {
    self.id = id
    self.issuer = issuer
    self.place = place
  }
}

/// A certificate that its issuer took back.
package struct RevokedCertificate: Hashable, Sendable {
  /// CRLReason (RFC 5280 5.3.1).
  package enum Reason: Int, Hashable, Sendable, CaseIterable {
    case unspecified = 0
    case keyCompromise = 1
    case caCompromise = 2
    case affiliationChanged = 3
    case superseded = 4
    case cessationOfOperation = 5
    case certificateHold = 6
    case removeFromCRL = 8
    case privilegeWithdrawn = 9
    case aaCompromise = 10

    /// As RFC 5280 writes it.
    package var name: String { "\(self)" }
  }

  /// In lower-case hexadecimal, as `CertificateFacts.serial`.
  package var serial: String
  package var revokedAt: UTCTime?
  /// Unspecified when the entry does not say.
  package var reason: Reason

  package init(serial: String, revokedAt: UTCTime?, reason: Reason = .unspecified) {
    self.serial = serial
    self.revokedAt = revokedAt
    self.reason = reason
  }
}
