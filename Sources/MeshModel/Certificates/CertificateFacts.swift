/// What one X.509 certificate says, as far as the format in which it was met tells.
///
/// Three values are kept apart: *present* (a value), *absent* (an empty list, an empty string or
/// false) and *unknown* (nil: the format does not carry the fact, or it could not be read). A check
/// that needs an unknown fact is not assessed; it never passes.
package struct CertificateFacts: Hashable, Sendable {
  /// Names the certificate in the store: `sha256`, or `record:` and a digest of the facts when the
  /// format carries no fingerprint.
  ///
  /// Never issuer and serial: Linkerd's serials start at 1 in every process of its identity
  /// controller.
  package var id: String
  /// SHA-256 of the DER in lower-case hex.
  package var sha256: String?
  /// SHA-256 of the DER of the SubjectPublicKeyInfo in lower-case hex: equal for equal keys.
  package var spkiSHA256: String?

  /// 1, 2 or 3 (RFC 5280 4.1.2.1); other numbers as written.
  package var version: Int?
  /// The number in lower-case hex without leading zero bytes, `00` for 0, `-` before a negative one.
  package var serial: String?
  /// RFC 4514 text, most specific part first; empty when the name has no parts.
  package var subject: String?
  package var issuer: String?
  /// The last commonName of the subject, unescaped; nil when there is none.
  package var subjectCommonName: String?
  package var notBefore: UTCTime?
  package var notAfter: UTCTime?

  /// `RSA`, `EC`, `Ed25519`, `Ed448`, `X25519`, `DSA`, `RSASSA-PSS`, `ML-DSA-65`, … or a dotted OID.
  package var keyAlgorithm: String?
  /// Bits of the modulus or of the curve's field.
  package var keySize: Int?
  /// `P-256`, `P-384`, `P-521`, another curve's name or OID, `explicit` for written-out parameters.
  package var curve: String?
  /// The public exponent in decimal, in `0x` hex when it has more than 64 bits.
  package var rsaExponent: String?
  /// `ecdsa-with-SHA256`, `sha256WithRSAEncryption`, … as in RFC 5758 and RFC 4055, or a dotted OID.
  package var signatureAlgorithm: String?
  /// `SHA-256`, `SHA-1`, `MD5`, …; nil for algorithms that name none (Ed25519, ML-DSA).
  package var signatureDigest: String?

  /// In the order of the certificate; empty when it has none.
  package var subjectAlternativeNames: [SubjectAlternativeName]?
  package var isSANCritical: Bool?
  /// Nil when basic constraints are absent or unknown; `hasBasicConstraints` tells which.
  package var isCA: Bool?
  package var hasBasicConstraints: Bool?
  package var pathLength: Int?
  /// Names of RFC 5280 4.2.1.3 in the order of their bits; empty when the extension is absent.
  package var keyUsages: [String]?
  package var isKeyUsageCritical: Bool?
  /// `serverAuth`, `clientAuth`, … or dotted OIDs; empty when the extension is absent.
  package var extendedKeyUsages: [String]?
  /// Lower-case hex; nil when absent or unknown.
  package var subjectKeyID: String?
  package var authorityKeyID: String?
  package var hasNameConstraints: Bool?
  package var hasCRLDistributionPoints: Bool?
  package var hasAuthorityInfoAccess: Bool?
  /// In the order of the certificate; empty when it names none or the format does not tell.
  package var revocationSources: [RevocationSource] = []
  /// Dotted OIDs of extensions that are there more than once.
  package var duplicateExtensions: [String] = []
  /// Dotted OIDs of critical extensions that RFC 5280 does not define.
  package var unknownCriticalExtensions: [String] = []
  /// Whether issuer and subject are the same bytes.
  package var isSelfIssued: Bool?
  /// What its record is called in an inventory, such as `agents/web` for a Certificate of cert-manager.
  package var recordName: String?

  /// What is odd about the certificate, each code once, in the order of `CertificateAnomaly.allCases`.
  package var anomalies: [CertificateAnomaly] = []
  package var parseStatus: CertificateParseStatus

  package init(id: String, sha256: String? = nil, parseStatus: CertificateParseStatus) {
    self.id = id
    self.sha256 = sha256
    self.parseStatus = parseStatus
  }
}

/// How much of a certificate could be read.
package enum CertificateParseStatus: String, Hashable, Sendable, CaseIterable {
  /// Every field was read.
  case complete
  /// Some fields could not be read and are unknown.
  case partial
  /// No more than its bytes are known.
  case failed
  /// The inventory's format carries only some of the facts (`step` JSON, metrics, CSV).
  case record
}

/// The part that a certificate plays in a chain.
package enum CertificateRole: String, Hashable, Sendable, Codable, CaseIterable {
  case leaf
  case intermediate
  /// A root, or what a trust bundle treats as one.
  case anchor
  case unknown
}

/// One entry of the subject alternative name (RFC 5280 4.2.1.6).
package struct SubjectAlternativeName: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case uri
    case dns
    case ip
    case email
    case directory
    case other
  }

  package var kind: Kind
  /// As text; bytes that are not printable ASCII are written as `\xHH`.
  package var value: String

  package init(_ kind: Kind, _ value: String) {
    self.kind = kind
    self.value = value
  }
}

/// Where a certificate says that its revocation, or its issuer, can be asked for.
package struct RevocationSource: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// CRL distribution points (RFC 5280 4.2.1.13).
    case crl
    /// Authority information access, id-ad-ocsp (RFC 5280 4.2.2.1).
    case ocsp
    /// Authority information access, id-ad-caIssuers (the same).
    case issuer
  }

  package var kind: Kind
  /// As text; bytes that are not printable ASCII are written as `\xHH`.
  package var address: String

  package init(_ kind: Kind, _ address: String) {
    self.kind = kind
    self.address = address
  }
}

extension CertificateFacts {
  /// The values of the subject alternative names of one kind; empty when absent or unknown.
  package func names(_ kind: SubjectAlternativeName.Kind) -> [String] {
    (subjectAlternativeNames ?? []).filter { $0.kind == kind }.map(\.value)
  }

  /// The SPIFFE ID of an X.509-SVID: its only URI SAN, when that is a valid SPIFFE ID
  /// (X509-SVID.md section 2: one URI SAN, no more).
  package var spiffeID: SPIFFEID? {
    let uris = names(.uri)
    return uris.count == 1 ? SPIFFEID(uris[0]) : nil
  }

  /// The mesh identity of a leaf: the SPIFFE ID, or the DNS name that Linkerd issues
  /// (`<sa>.<ns>.serviceaccount.identity.<control plane ns>.<trust domain>`).
  package var identity: String? {
    if let spiffeID { return spiffeID.description }
    let names = names(.dns).filter { $0.contains(".serviceaccount.identity.") }
    return names.count == 1 ? names[0] : nil
  }

  /// What findings call it, equal for all certificates of one holder: the identity of a workload, the
  /// subject of a CA, else the first URI or DNS name, the subject, the record's name, the serial or the
  /// fingerprint.
  package var holderName: String {
    let subject = subject.flatMap { $0.isEmpty ? nil : $0 }
    let namesHolder = spiffeID.map { !$0.path.isEmpty } ?? (identity != nil)
    if !namesHolder, isCA == true, let subject { return subject }
    return identity ?? (names(.uri) + names(.dns)).min() ?? subject ?? recordName
      ?? serial.map { "serial \($0)" } ?? sha256 ?? id
  }

  /// The trust domain of the identity: of the SPIFFE ID, or of a Linkerd name (what follows the
  /// namespace of the control plane).
  package var trustDomain: String? {
    if let spiffeID { return spiffeID.trustDomain }
    guard let labels = identity?.split(separator: "."),
      let mark = labels.firstIndex(of: "serviceaccount"), labels.count > mark + 3
    else { return nil }
    return labels[(mark + 3)...].joined(separator: ".")
  }

  /// Seconds from notBefore to notAfter; RFC 5280 4.1.2.5 counts both ends, issuers do not.
  package var lifetimeSeconds: Int64? {
    guard let notBefore, let notAfter else { return nil }
    return notAfter.secondsSince(notBefore)
  }

  /// Whether its identity is one that meshes give to workloads: `/ns/…/sa/…`, or a Linkerd name.
  package var namesWorkload: Bool {
    if let spiffeID { return spiffeID.namesServiceAccount }
    return identity != nil
  }

  /// The part that the certificate plays by what it says itself.
  ///
  /// Decision: a certificate that names a workload is a leaf, whatever its flags allow; a leaf that may
  /// sign is a defect of the leaf, not an intermediate. Without basic constraints, keyCertSign tells
  /// that it is meant to sign; a self-issued certificate of version 1 cannot tell at all.
  package var role: CertificateRole {
    if namesWorkload { return .leaf }
    let isMeantToSign =
      isCA == true
      || (hasBasicConstraints == false && (keyUsages ?? []).contains("keyCertSign"))
    if isMeantToSign {
      switch isSelfIssued {
      case true?: return .anchor
      case false?: return .intermediate
      case nil: return .unknown
      }
    }
    if isCA == false { return .leaf }
    guard hasBasicConstraints == false, let version else { return .unknown }
    return version < 3 && isSelfIssued == true ? .unknown : .leaf
  }
}
