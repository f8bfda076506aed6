import MeshModel

/// Reads the text that `openssl x509 -text` prints, alone or in the blocks of
/// `linkerd identity -n NS POD` (`POD web-7d… (1 of 3)`), one certificate per `Certificate:` line.
///
/// The text is not exact: a comma inside a name reads as the end of the name, and what stands between
/// the lines of a value is the tool's. The certificate itself, in PEM, is the better input.
struct OpenSSLText {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private var facts = RecordFacts.make()
  private var isOpen = false
  private var startLine = 0
  private var pod: String?
  private var count = 0
  /// The heading whose value stands on the next line.
  private var pending: String?
  private var pendingIsCritical = false

  static func recognises(_ text: Substring) -> Bool {
    text.contains("Certificate:\n") && text.contains("Validity")
      || text.contains("Certificate:\r\n") && text.contains("Validity")
  }

  static func read(_ text: String, path: String, into collector: inout CertificateCollector) {
    var reader = OpenSSLText()
    var number = 0
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let line = String(decoding: line, as: UTF8.self).trimmingSpaces()
      if line == "Certificate:" {
        reader.finish(path, into: &collector)
        reader.start(number)
      } else if line.hasPrefix("POD "), line.hasSuffix(")") {
        reader.finish(path, into: &collector)
        reader.pod = line.split(separator: " ").dropFirst().first.map(String.init)
      } else if reader.isOpen {
        reader.read(line)
      }
    }
    reader.finish(path, into: &collector)
  }

  private mutating func start(_ line: Int) {
    facts = RecordFacts.make()
    facts.subjectAlternativeNames = []
    facts.keyUsages = []
    facts.extendedKeyUsages = []
    facts.hasBasicConstraints = false
    facts.hasNameConstraints = false
    facts.hasCRLDistributionPoints = false
    facts.hasAuthorityInfoAccess = false
    isOpen = true
    startLine = line
    pending = nil
  }

  private mutating func finish(_ path: String, into collector: inout CertificateCollector) {
    guard isOpen else { return }
    isOpen = false
    collector.inventory.itemCount += 1
    let location = SourceLocation(path: path, line: startLine, column: 1)
    if facts.serial == nil || facts.notAfter == nil {
      facts.anomalies.append(.recordField)
      collector.sink.report(
        .warning, "certificate-partial",
        "certificate \(count + 1) has no readable \(facts.serial == nil ? "serial number" : "end")",
        at: location)
    }
    if let subject = facts.subject, let issuer = facts.issuer {
      facts.isSelfIssued = subject == issuer
    }
    collector.append(
      RecordFacts.named(facts), der: nil,
      at: CertificatePlace(source: .opensslText, location: location, pod: pod), position: count)
    count += 1
  }

  private mutating func read(_ line: String) {
    if let heading = pending {
      pending = nil
      readValue(of: heading, line)
      return
    }
    let (name, value) = Self.field(line)
    switch name {
    // Below the headings of the CRL distribution points and the authority information access.
    case "URI" where facts.hasCRLDistributionPoints == true:
      facts.revocationSources.append(RevocationSource(.crl, value))
    case "OCSP - URI": facts.revocationSources.append(RevocationSource(.ocsp, value))
    case "CA Issuers - URI": facts.revocationSources.append(RevocationSource(.issuer, value))
    case "Version": facts.version = value.split(separator: " ").first.flatMap { Int($0) }
    case "Serial Number":
      if value.isEmpty {
        pending = name
      } else if let decimal = value.split(separator: " ").first {
        facts.serial =
          decimal.hasPrefix("-")
          ? RecordFacts.serial(decimal: String(decimal.dropFirst())).map { "-" + $0 }
          : RecordFacts.serial(decimal: String(decimal))
      }
    case "Signature Algorithm" where facts.signatureAlgorithm == nil: readSignature(value)
    case "Issuer": facts.issuer = OpenSSLName.rfc4514(value, isForward: true)
    case "Subject":
      facts.subject = OpenSSLName.rfc4514(value, isForward: true)
      facts.subjectCommonName = Self.commonName(value)
    case "Not Before": facts.notBefore = Self.time(value)
    case "Not After": facts.notAfter = Self.time(value)
    case "Public Key Algorithm":
      facts.keyAlgorithm =
        ["id-ecPublicKey": "EC", "rsaEncryption": "RSA", "ED25519": "Ed25519"][
          value] ?? value
      if facts.keyAlgorithm == "Ed25519" { facts.keySize = 256 }
    case "Public-Key", "RSA Public-Key": readKeySize(value)
    case "Exponent": facts.rsaExponent = value.split(separator: " ").first.map(String.init)
    case "NIST CURVE": facts.curve = value
    case "ASN1 OID" where facts.curve == nil:
      facts.curve =
        ["prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"][value] ?? value
    default: readHeading(name, value)
    }
  }

  private mutating func readHeading(_ name: String, _ value: String) {
    pendingIsCritical = value == "critical"
    switch name {
    case "X509v3 Key Usage":
      facts.isKeyUsageCritical = pendingIsCritical
      pending = name
    case "X509v3 Subject Alternative Name":
      facts.isSANCritical = pendingIsCritical
      pending = name
    case "X509v3 Extended Key Usage", "X509v3 Basic Constraints", "X509v3 Subject Key Identifier",
      "X509v3 Authority Key Identifier":
      pending = name
    case "X509v3 Name Constraints": facts.hasNameConstraints = true
    case "X509v3 CRL Distribution Points": facts.hasCRLDistributionPoints = true
    case "Authority Information Access": facts.hasAuthorityInfoAccess = true
    default: break
    }
  }

  private mutating func readValue(of heading: String, _ line: String) {
    let items = line.split(separator: ",").map { $0.trimmingSpaces() }
    switch heading {
    case "Serial Number": facts.serial = RecordFacts.serial(hex: line)
    case "X509v3 Key Usage":
      let names = [
        "Digital Signature": "digitalSignature", "Non Repudiation": "contentCommitment",
        "Key Encipherment": "keyEncipherment", "Data Encipherment": "dataEncipherment",
        "Key Agreement": "keyAgreement", "Certificate Sign": "keyCertSign", "CRL Sign": "cRLSign",
        "Encipher Only": "encipherOnly", "Decipher Only": "decipherOnly",
      ]
      facts.keyUsages = items.map { names[$0] ?? $0 }
    case "X509v3 Extended Key Usage":
      let names = [
        "TLS Web Server Authentication": "serverAuth",
        "TLS Web Client Authentication": "clientAuth",
        "Code Signing": "codeSigning", "E-mail Protection": "emailProtection",
        "Time Stamping": "timeStamping", "OCSP Signing": "OCSPSigning",
        "Any Extended Key Usage": "anyExtendedKeyUsage",
      ]
      facts.extendedKeyUsages = items.map { names[$0] ?? $0 }
    case "X509v3 Basic Constraints":
      facts.hasBasicConstraints = true
      facts.isCA = items.contains("CA:TRUE")
      facts.pathLength = items.first { $0.hasPrefix("pathlen:") }.flatMap { Int($0.dropFirst(8)) }
    case "X509v3 Subject Key Identifier": facts.subjectKeyID = RecordFacts.hex(line)
    case "X509v3 Authority Key Identifier":
      facts.authorityKeyID = RecordFacts.hex(
        line.hasPrefix("keyid:") ? String(line.dropFirst(6)) : line)
    case "X509v3 Subject Alternative Name":
      facts.subjectAlternativeNames = items.map { RecordFacts.alternativeName($0) }
    default: break
    }
  }

  private mutating func readSignature(_ value: String) {
    facts.signatureAlgorithm = value == "ED25519" ? "Ed25519" : value
    let known = SignatureAlgorithm.byOID.values.first { $0.name == facts.signatureAlgorithm }
    facts.signatureDigest = known?.digest
    if let digest = known?.digest, SignatureAlgorithm.weakDigests.contains(digest) {
      facts.anomalies.append(.signatureDigestWeak)
    }
  }

  /// `(2048 bit)`.
  private mutating func readKeySize(_ value: String) {
    facts.keySize = Int(value.filter(\.isNumber))
    if facts.keyAlgorithm == "RSA", let size = facts.keySize, size < 2048 {
      facts.anomalies.append(.keyRSAShort)
    }
  }

  private static func field(_ line: String) -> (name: String, value: String) {
    guard let colon = line.firstIndex(of: ":") else { return (line, "") }
    return (
      line[..<colon].trimmingSpaces(), line[line.index(after: colon)...].trimmingSpaces()
    )
  }

  private static func commonName(_ text: String) -> String? {
    OpenSSLName.rfc4514(text).split(separator: ",").last { $0.hasPrefix("CN=") }
      .map { String($0.dropFirst(3)) }
  }

  /// `Jan  1 00:00:00 2026 GMT`.
  private static func time(_ text: String) -> UTCTime? {
    let parts = text.split(separator: " ")
    guard parts.count >= 4, let month = months.firstIndex(of: String(parts[0])),
      let day = Int(parts[1]), let year = Int(parts[3])
    else { return nil }
    let clock = parts[2].split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3 else { return nil }
    return UTCTime(
      year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1], second: clock[2])
  }
}
