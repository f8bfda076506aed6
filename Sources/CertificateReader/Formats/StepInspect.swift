import DocumentReader
import MeshModel

/// Reads `step certificate inspect --format json` (smallstep certinfo over zcrypto's JSON): one object,
/// or a list with `--bundle`.
///
/// The format carries no criticality flags: whether SAN and key usage are critical is unknown.
enum StepInspect {
  static func recognises(_ root: DocumentNode) -> Bool {
    let first = root.items?.first ?? root
    return first["subject_key_info"] != nil && first["validity"] != nil
  }

  static func read(_ root: DocumentNode, into collector: inout CertificateCollector) {
    for (position, node) in (root.items ?? [root]).enumerated() {
      collector.inventory.itemCount += 1
      var facts = facts(of: node)
      if facts.notAfter == nil || facts.serial == nil {
        facts.anomalies = [.recordField]
        collector.sink.report(
          .warning, "certificate-partial",
          "certificate \(position + 1) has no readable \(facts.serial == nil ? "serial_number" : "validity")",
          at: node.location,
          hint: "export it again: step certificate inspect --format json")
      }
      collector.append(
        RecordFacts.named(facts), der: nil,
        at: CertificatePlace(source: .stepInspect, location: node.location), position: position)
    }
  }

  private static func facts(of node: DocumentNode) -> CertificateFacts {
    var facts = RecordFacts.make(sha256: node["fingerprint_sha256"]?.string)
    facts.version = node["version"]?.scalar.flatMap { Int($0.text) }
    facts.serial = node["serial_number"]?.scalar.flatMap { RecordFacts.serial(decimal: $0.text) }
    facts.subject = node["subject_dn"]?.string.map { OpenSSLName.rfc4514($0) }
    facts.issuer = node["issuer_dn"]?.string.map { OpenSSLName.rfc4514($0) }
    facts.subjectCommonName = node["subject"]?["common_name"]?.items?.last?.string
    facts.notBefore = node["validity"]?["start"]?.string.flatMap { UTCTime($0) }
    facts.notAfter = node["validity"]?["end"]?.string.flatMap { UTCTime($0) }
    if let subject = facts.subject, let issuer = facts.issuer {
      facts.isSelfIssued = subject == issuer
    }
    readKey(node["subject_key_info"], into: &facts)
    readSignature(node["signature_algorithm"]?["name"]?.string, into: &facts)
    // Without the member the certificate has no extensions at all; with it, what is left out is absent.
    readExtensions(node["extensions"], into: &facts)
    return facts
  }

  private static func readKey(_ node: DocumentNode?, into facts: inout CertificateFacts) {
    facts.spkiSHA256 = node?["fingerprint_sha256"]?.string.flatMap { RecordFacts.fingerprint($0) }
    switch node?["key_algorithm"]?["name"]?.string {
    case "ECDSA":
      facts.keyAlgorithm = "EC"
      facts.curve = node?["ecdsa_public_key"]?["curve"]?.string
      facts.keySize = node?["ecdsa_public_key"]?["length"]?.scalar.flatMap { Int($0.text) }
    case "RSA":
      facts.keyAlgorithm = "RSA"
      facts.keySize = node?["rsa_public_key"]?["length"]?.scalar.flatMap { Int($0.text) }
      facts.rsaExponent = node?["rsa_public_key"]?["exponent"]?.scalar?.text
      if let size = facts.keySize, size < 2048 { facts.anomalies.append(.keyRSAShort) }
    case let other: facts.keyAlgorithm = other
    }
  }

  /// zcrypto's names (`ECDSA-SHA256`, `SHA256-RSA`) in the words of the standards.
  private static func readSignature(_ name: String?, into facts: inout CertificateFacts) {
    guard let name else { return }
    let digests = [
      "SHA256": "SHA-256", "SHA384": "SHA-384", "SHA512": "SHA-512", "SHA1": "SHA-1",
      "SHA224": "SHA-224", "MD5": "MD5", "MD2": "MD2",
    ]
    let parts = name.split(separator: "-").map(String.init)
    guard parts.count == 2 else {
      facts.signatureAlgorithm = name
      return
    }
    let digest = parts.first { digests[$0] != nil } ?? ""
    facts.signatureDigest = digests[digest]
    if parts.contains("ECDSA") {
      facts.signatureAlgorithm = "ecdsa-with-\(digest)"
    } else if parts.contains("RSA") {
      facts.signatureAlgorithm = "\(digest.lowercased())WithRSAEncryption"
    } else {
      facts.signatureAlgorithm = name
    }
    if let known = facts.signatureDigest, SignatureAlgorithm.weakDigests.contains(known) {
      facts.anomalies.append(.signatureDigestWeak)
    }
  }

  private static func readExtensions(_ node: DocumentNode?, into facts: inout CertificateFacts) {
    let usages = node?["key_usage"]
    facts.keyUsages = [
      ("digital_signature", "digitalSignature"), ("content_commitment", "contentCommitment"),
      ("key_encipherment", "keyEncipherment"), ("data_encipherment", "dataEncipherment"),
      ("key_agreement", "keyAgreement"), ("certificate_sign", "keyCertSign"),
      ("crl_sign", "cRLSign"), ("encipher_only", "encipherOnly"),
      ("decipher_only", "decipherOnly"),
    ].filter { usages?[$0.0]?.scalar?.value == .bool(true) }.map(\.1)
    let purposes = node?["extended_key_usage"]
    facts.extendedKeyUsages =
      [
        ("server_auth", "serverAuth"), ("client_auth", "clientAuth"),
        ("code_signing", "codeSigning"),
        ("email_protection", "emailProtection"), ("time_stamping", "timeStamping"),
        ("ocsp_signing", "OCSPSigning"), ("any", "anyExtendedKeyUsage"),
      ].filter { purposes?[$0.0]?.scalar?.value == .bool(true) }.map(\.1)
      + (purposes?["unknown"]?.items?.compactMap(\.string) ?? [])
    let constraints = node?["basic_constraints"]
    facts.hasBasicConstraints = constraints != nil
    facts.isCA = constraints?["is_ca"]?.scalar?.value.boolValue
    facts.pathLength = constraints?["max_path_len"]?.scalar.flatMap { Int($0.text) }
    facts.subjectKeyID = node?["subject_key_id"]?.string.map { RecordFacts.hex($0) }
    facts.authorityKeyID = node?["authority_key_id"]?.string.map { RecordFacts.hex($0) }
    facts.hasNameConstraints = node?["name_constraints"] != nil
    facts.hasCRLDistributionPoints = node?["crl_distribution_points"] != nil
    facts.hasAuthorityInfoAccess = node?["authority_info_access"] != nil
    let access = node?["authority_info_access"]
    facts.revocationSources = [
      (RevocationSource.Kind.crl, node?["crl_distribution_points"]), (.ocsp, access?["ocsp_urls"]),
      (.issuer, access?["issuer_urls"]),
    ].flatMap { kind, list in
      (list?.items ?? []).compactMap(\.string).map { RevocationSource(kind, $0) }
    }
    let names = node?["subject_alt_name"]
    facts.subjectAlternativeNames = [
      ("uniform_resource_identifiers", SubjectAlternativeName.Kind.uri), ("dns_names", .dns),
      ("ip_addresses", .ip), ("email_addresses", .email),
    ].flatMap { member, kind in
      (names?[member]?.items ?? []).compactMap(\.string).map { .init(kind, $0) }
    }
  }
}
