/// What can be odd about one certificate, found while it is read.
///
/// The raw values are stable codes: they are stored with the certificate (a JSON list in the column
/// `anomalies`) and rules ask for them in SQL. A code states a fact, not a verdict: every leaf of
/// Linkerd and ztunnel, for example, has `key-usage-unfit-for-key`.
package enum CertificateAnomaly: String, Hashable, Sendable, CaseIterable {
  // Encoding (DER, X.690 section 10).
  case truncated
  case trailingBytes = "trailing-bytes"
  case indefiniteLength = "indefinite-length"
  case nonMinimalLength = "non-minimal-length"
  case nonMinimalInteger = "non-minimal-integer"
  case nonDERBoolean = "non-der-boolean"
  case nonDERBitString = "non-der-bit-string"
  /// A field with its default value is written out (X.690 11.5).
  case explicitDefault = "explicit-default"
  /// A field is missing, of another type, or stands where none belongs.
  case malformedStructure = "malformed-structure"

  // Version, serial, unique identifiers (RFC 5280 4.1.2).
  case versionNot3 = "version-not-3"
  case unknownVersion = "unknown-version"
  case extensionsWithoutVersion3 = "extensions-without-version-3"
  case serialZero = "serial-zero"
  case serialNegative = "serial-negative"
  /// More than 20 bytes (RFC 5280 4.1.2.2).
  case serialTooLong = "serial-too-long"
  /// Fewer than 8 bytes: cannot hold 64 bits of randomness. Normal for Linkerd.
  case serialShort = "serial-short"
  case uniqueIdentifier = "unique-identifier"

  // Signature.
  /// The signature algorithm outside the signed part is another than inside (RFC 5280 4.1.1.2).
  case signatureAlgorithmMismatch = "signature-algorithm-mismatch"
  case signatureAlgorithmUnknown = "signature-algorithm-unknown"
  /// Parameters that the algorithm does not allow, or RSA without NULL (RFC 4055, RFC 5758).
  case signatureParameters = "signature-parameters"
  /// MD2, MD4, MD5, SHA-1 or SHA-224.
  case signatureDigestWeak = "signature-digest-weak"

  // Names.
  case issuerEmpty = "issuer-empty"
  case nameEncoding = "name-encoding"
  case nameControlCharacter = "name-control-character"
  case nameMarkup = "name-markup"
  /// TeletexString, BMPString or UniversalString (RFC 5280 4.1.2.4: not in new certificates).
  case nameStringType = "name-string-type"

  // Validity (RFC 5280 4.1.2.5).
  case timeMalformed = "time-malformed"
  /// UTCTime from 2050 on or GeneralizedTime before it.
  case timeType = "time-type"
  case timeFraction = "time-fraction"
  case validityNotPositive = "validity-not-positive"

  // Key.
  case keyRSAShort = "key-rsa-short"
  case keyRSALong = "key-rsa-long"
  /// The modulus is not a whole number of bytes long.
  case keyRSAOddSize = "key-rsa-odd-size"
  /// The exponent is 1, even, negative, or below 65537.
  case keyRSAExponent = "key-rsa-exponent"
  /// The modulus has a prime factor below 24.
  case keyRSASmallFactor = "key-rsa-small-factor"
  /// Its primes lie so close together that Fermat's method finds them (CVE-2022-26320).
  case keyRSAClosePrimes = "key-rsa-close-primes"
  /// The modulus has the shape of ROCA (CVE-2017-15361).
  case keyRSAKnownShape = "key-rsa-roca"
  /// The modulus has a prime factor in common with that of another key of the inventory.
  case keyRSASharedFactor = "key-rsa-shared-factor"
  case keyCurveUnusual = "key-curve-unusual"
  case keyExplicitParameters = "key-explicit-parameters"
  case keyPointCompressed = "key-point-compressed"
  /// The point has a wrong length or does not lie on its curve.
  case keyPointInvalid = "key-point-invalid"
  case keyAlgorithmUnusual = "key-algorithm-unusual"
  case keyParameters = "key-parameters"

  // Extensions (RFC 5280 4.2).
  case duplicateExtension = "duplicate-extension"
  case unknownCriticalExtension = "unknown-critical-extension"
  case tooManyExtensions = "too-many-extensions"
  case extensionsEmpty = "extensions-empty"
  case extensionMalformed = "extension-malformed"
  case sanEmpty = "san-empty"
  case sanEncoding = "san-encoding"
  case sanControlCharacter = "san-control-character"
  case sanWildcard = "san-wildcard"
  /// The subject is empty and the SAN is not critical (RFC 5280 4.1.2.6).
  case sanNotCritical = "san-not-critical"
  /// Neither a subject nor a SAN: the certificate names nobody.
  case nameless
  case basicConstraintsNotCritical = "basic-constraints-not-critical"
  case pathLengthWithoutCA = "path-length-without-ca"
  case keyUsageEmpty = "key-usage-empty"
  case keyUsageNotCritical = "key-usage-not-critical"
  /// keyCertSign without CA:TRUE (RFC 5280 4.2.1.9).
  case keyCertSignWithoutCA = "key-cert-sign-without-ca"
  case caWithoutKeyCertSign = "ca-without-key-cert-sign"
  /// keyEncipherment or dataEncipherment on an EC or Ed25519 key (RFC 5480 section 3, RFC 8410).
  case keyUsageUnfitForKey = "key-usage-unfit-for-key"
  case extendedKeyUsageEmpty = "extended-key-usage-empty"
  case extendedKeyUsageAny = "extended-key-usage-any"
  case caWithoutSubjectKeyID = "ca-without-subject-key-id"
  case withoutAuthorityKeyID = "without-authority-key-id"
  case nameConstraintsNotCritical = "name-constraints-not-critical"
  case nameConstraintsInLeaf = "name-constraints-in-leaf"

  // Record formats.
  /// A fact of a record could not be read and is unknown.
  case recordField = "record-field"

  private static let ranks = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

  /// Its place among all cases: certificates have few of them, and there are many certificates.
  package var rank: Int { Self.ranks[self] ?? Self.ranks.count }
}
