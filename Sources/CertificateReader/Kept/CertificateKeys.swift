package import MeshModel

/// What tells, without reading a certificate, whether others may depend on it.
///
/// Names stand as 64-bit digests: two that are equal may, very seldom, belong to different names, so that
/// they serve to choose what is looked at and never to decide.
package struct CertificateKeys: Sendable {
  /// Of `CertificateFacts.id`.
  package var id: UInt64
  /// Of the subject; 0 when it is empty or unknown.
  package var subject: UInt64
  /// Of the issuer; 0 when it is empty or unknown.
  package var issuer: UInt64
  /// The place uses it as a trust anchor, or it says so itself.
  package var isAnchor: Bool
  /// Its key is one of RSA.
  package var hasRSAKey: Bool
  /// Its bytes are at hand, too.
  package var hasBytes: Bool

  package init(_ record: CertificateRecord) {
    id = Self.digest(record.facts.id)
    subject = Self.digest(record.facts.subject)
    issuer = Self.digest(record.facts.issuer)
    isAnchor = record.sighting.role == .anchor
    hasRSAKey = record.facts.keyAlgorithm == "RSA"
    hasBytes = record.der != nil
  }

  init(id: UInt64, subject: UInt64, issuer: UInt64, isAnchor: Bool, hasRSAKey: Bool) {
    self.id = id
    self.subject = subject
    self.issuer = issuer
    self.isAnchor = isAnchor
    self.hasRSAKey = hasRSAKey
    hasBytes = true
  }

  /// FNV-1a (draft-eastlake-fnv-17 section 2); 0 without text.
  package static func digest(_ text: String?) -> UInt64 {
    guard let text, !text.isEmpty else { return 0 }
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return digest
  }
}
