/// One key of a SPIFFE trust bundle: a JWK with what the standards ask of it.
package struct TrustBundleKey: Hashable, Sendable {
  /// What a key does not meet; raw values are stored and asked for by rules.
  package enum Defect: String, Hashable, Sendable, CaseIterable {
    /// `use` is neither `x509-svid` nor `jwt-svid`: consumers pass the key over (SPIFFE Trust Domain and
    /// Bundle 4.2.2).
    case useUnknown = "use-unknown"
    /// X18: not exactly one certificate in `x5c` (X509-SVID 6.1).
    case certificateCount = "certificate-count"
    /// X18: a `kid` on a key of use `x509-svid` (X509-SVID 6.1).
    case keyIDPresent = "key-id-present"
    /// J4: no `kid` on a key of use `jwt-svid` (JWT-SVID 6.1).
    case keyIDMissing = "key-id-missing"
  }

  /// Nil where the bundle does not say whose it is.
  package var trustDomain: String?
  /// `x509-svid`, `jwt-svid`, other text, or nil when it is absent.
  package var use: String?
  package var keyID: String?
  /// `EC`, `RSA`, … (RFC 7517 4.1).
  package var keyType: String?
  package var certificateCount: Int
  /// 0-based place in its bundle.
  package var position: Int
  package var location: SourceLocation

  package init(
    trustDomain: String?, use: String?, keyID: String?, keyType: String?, certificateCount: Int,
    position: Int, location: SourceLocation
  ) {
    self.trustDomain = trustDomain
    self.use = use
    self.keyID = keyID
    self.keyType = keyType
    self.certificateCount = certificateCount
    self.position = position
    self.location = location
  }

  /// In the order of `Defect.allCases`.
  package var defects: [Defect] {
    switch use {
    case "x509-svid":
      (certificateCount == 1 ? [] : [.certificateCount]) + (keyID == nil ? [] : [.keyIDPresent])
    case "jwt-svid": keyID == nil || keyID == "" ? [.keyIDMissing] : []
    default: [.useUnknown]
    }
  }
}
