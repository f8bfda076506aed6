/// The way from one certificate up to a trust anchor, within the certificates of a run.
package struct CertificateChain: Hashable, Sendable {
  package enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// At least one path to an anchor holds, every signature verified.
    case complete
    /// No certificate of the run can have issued the last one of the path.
    case missingIssuer = "missing-issuer"
    /// Several issuers fit by name and nothing tells which one signed.
    case ambiguous
    /// Issuers are there, and none of the paths over them holds.
    case broken
    /// One path leads to an anchor, and not all of it could be verified.
    case notVerifiable = "not-verifiable"
  }

  /// `CertificateFacts.id` of the certificate that the chain is for.
  package var certificateID: String
  package var outcome: Outcome
  /// Ids from the certificate up; the last one is the anchor when there is one.
  ///
  /// Of several paths the best one: one that holds before one that does not, then the one that comes
  /// furthest.
  package var path: [String]
  /// Nil when the path does not end at an anchor.
  package var anchorID: String?
  /// The trust domain that the certificate's identity is in; nil when it names none.
  package var trustDomain: String?
  /// Paths that hold.
  package var pathCount: Int
  /// Different keys among the anchors of the paths that hold: more than one says that an issuer is
  /// cross-signed (a root is being rotated), which is no defect.
  package var anchorCount: Int
  /// What is wrong with the path, from the certificate up.
  package var problems: [CertificateChainProblem]

  package init(
    certificateID: String, outcome: Outcome, path: [String], anchorID: String? = nil,
    trustDomain: String? = nil, pathCount: Int = 0, anchorCount: Int = 0,
    problems: [CertificateChainProblem] = []
  ) {
    self.certificateID = certificateID
    self.outcome = outcome
    self.path = path
    self.anchorID = anchorID
    self.trustDomain = trustDomain
    self.pathCount = pathCount
    self.anchorCount = anchorCount
    self.problems = problems
  }
}

/// Why a path does not hold, at which of its certificates.
package struct CertificateChainProblem: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The issuer's key did not make the signature.
    case signatureInvalid = "signature-invalid"
    /// The algorithm, the key or the bytes are not at hand to check a signature.
    case signatureNotVerifiable = "signature-not-verifiable"
    /// The issuer is no CA (RFC 5280 6.1.4 (k)).
    case issuerNotCA = "issuer-not-ca"
    /// The issuer's key usage lacks keyCertSign (RFC 5280 6.1.4 (n)).
    case issuerMayNotSign = "issuer-may-not-sign"
    /// More intermediates stand below than the path length allows (RFC 5280 6.1.4 (l), (m)).
    case pathLengthExceeded = "path-length-exceeded"
    /// An issuer has ended, or not begun, at the moment of the check (RFC 5280 6.1.3 (a)(2)).
    case issuerExpired = "issuer-expired"
    case issuerNotYetValid = "issuer-not-yet-valid"
    /// When the issuer begins or ends is unknown.
    case validityUnknown = "validity-unknown"
    /// A name is outside what an issuer is constrained to (RFC 5280 6.1.3 (b), (c)).
    case nameNotPermitted = "name-not-permitted"
    /// An issuer constrains names in a way that is not evaluated here.
    case nameConstraintNotEvaluated = "name-constraint-not-evaluated"
    /// An extension that must be understood and is not (RFC 5280 6.1.4 (o)).
    case unknownCriticalExtension = "unknown-critical-extension"
    /// The anchor is one of another trust domain (X509-SVID section 5.1).
    case otherTrustDomain = "other-trust-domain"
    /// A certificate that is no CA is signed with its own key and no anchor.
    case selfSigned = "self-signed"
    /// The authority key identifier names another key than the one that signed.
    case keyIDMismatch = "key-id-mismatch"
    /// Looking on would cost more than a path may cost.
    case limitReached = "limit-reached"

    /// Whether a path with it cannot hold.
    package var breaks: Bool { !leavesOpen && self != .keyIDMismatch }

    /// Whether it keeps a path from being verified, without showing that the path is wrong.
    package var leavesOpen: Bool {
      switch self {
      case .signatureNotVerifiable, .validityUnknown, .nameConstraintNotEvaluated, .limitReached:
        true
      default: false
      }
    }
  }

  package var kind: Kind
  /// The certificate at which it stands.
  package var certificateID: String

  package init(_ kind: Kind, at certificateID: String) {
    self.kind = kind
    self.certificateID = certificateID
  }
}
