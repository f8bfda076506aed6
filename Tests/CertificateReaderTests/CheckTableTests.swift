import Foundation
import MeshModel
import Testing

@testable import CertificateReader

/// The checks that an audit of certificates is expected to make, row by row, each with what makes it: a code
/// that a file of the corpus shows, a diagnostic, a problem of a chain, a view, or a rule with its failing example.
@Suite struct CheckTableTests {
  enum Evidence: Sendable {
    /// `CertificateAnomaly` in a file of the corpus.
    case anomaly(CertificateAnomaly, String)
    /// The code of a diagnostic on a file of the corpus.
    case diagnostic(String, String)
    /// Rule with at least one failing example.
    case rule(String)
    case chain(CertificateChainProblem.Kind)
    case outcome(CertificateChain.Outcome)
    /// A requirement that a file of the corpus does not meet in this role.
    case requirement(SVIDRequirement, String, CertificateRole)
    /// A fact in a view; nobody is told off for it.
    case view(String)
    /// Left out, and why.
    case leftOut(String)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var number: Int
    var check: String
    var evidence: [Evidence]

    init(_ number: Int, _ check: String, _ evidence: Evidence...) {
      self.number = number
      self.check = check
      self.evidence = evidence
    }

    var testDescription: String { "\(number) \(check)" }
  }

  static let rows: [Row] = [
    Row(
      1, "unparseable PEM or DER", .diagnostic("certificate-unreadable", "pem-not-der.pem"),
      .diagnostic("pem-syntax", "pem-cut.pem")),
    Row(
      2, "not DER", .anomaly(.trailingBytes, "trailing-bytes.der"),
      .anomaly(.indefiniteLength, "indefinite-length.der"),
      .anomaly(.nonMinimalLength, "non-minimal-length.der"),
      .anomaly(.nonDERBoolean, "boolean-01.der"), .rule("IC-043")),
    Row(
      3, "private key among the inputs", .diagnostic("private-key-in-inventory", "key-pkcs8.pem"),
      .diagnostic("private-key-in-inventory", "key-encrypted.pem"), .rule("IC-033")),
    Row(4, "one certificate from several sources", .view("certificate_sighting")),
    Row(5, "missing intermediate", .outcome(.missingIssuer), .rule("IC-034")),
    Row(
      6, "container that is not read", .diagnostic("not-evaluated", "keystore.jks"),
      .diagnostic("not-evaluated", "request.pem"), .diagnostic("not-evaluated", "pkcs12-rc2.p12"),
      .diagnostic("not-evaluated", "pem-trusted-label.pem")),
    Row(
      7, "not exactly one URI name", .requirement(.oneURI, "san-two-uris.der", .leaf),
      .rule("IC-006")),
    Row(
      8, "URI of another scheme", .requirement(.validSPIFFEID, "san-escape.der", .leaf),
      .rule("IC-007")),
    Row(
      9, "malformed SPIFFE ID", .requirement(.validSPIFFEID, "san-escape.der", .leaf),
      .rule("IC-007")),
    Row(
      10, "leaf without path, CA with one",
      .requirement(.leafPath, "san-trust-domain-only.der", .leaf),
      .requirement(.signingPath, "ca-spiffe-path.der", .intermediate),
      .rule("IC-007"), .rule("IC-010")),
    Row(
      11, "empty subject and SAN not critical", .anomaly(.sanNotCritical, "san-not-critical.der"),
      .requirement(.criticalSAN, "san-not-critical.der", .leaf), .rule("IC-043")),
    Row(
      12, "SAN with other bytes", .anomaly(.sanControlCharacter, "san-nul.der"),
      .anomaly(.sanEncoding, "san-bad-utf8.der"), .rule("IC-043")),
    Row(13, "identity without a service account", .rule("IC-016")),
    Row(14, "identity of another namespace than its holder", .rule("IC-045")),
    Row(15, "trust domain not declared", .rule("IC-007"), .rule("IC-018"), .rule("IC-024")),
    Row(
      16, "Linkerd leaf with other names", .rule("IC-006"),
      .rule("IC-043")),
    Row(
      17, "wildcard on a certificate", .anomaly(.sanWildcard, "san-wildcard.der"), .rule("IC-027")),
    Row(18, "one identity under unrelated roots", .rule("IC-051"), .view("certificate_chain")),
    Row(
      19, "markup or escapes in a name", .anomaly(.nameMarkup, "name-markup.der"), .rule("IC-043")),
    Row(
      20, "version", .anomaly(.versionNot3, "version-1.der"),
      .anomaly(.unknownVersion, "version-4.der"),
      .anomaly(.extensionsWithoutVersion3, "version-1-with-extensions.der"), .rule("IC-043")),
    Row(
      21, "serial number", .anomaly(.serialZero, "serial-zero.der"),
      .anomaly(.serialNegative, "serial-negative.der"),
      .anomaly(.serialTooLong, "serial-30-bytes.der"), .rule("IC-043")),
    Row(22, "serial twice under one issuer", .rule("IC-015")),
    Row(23, "serial without randomness", .anomaly(.serialShort, "serial-one.der")),
    Row(
      24, "CA flag", .requirement(.leafFlag, "leaf-is-ca.der", .leaf),
      .requirement(.signingFlags, "base.der", .anchor),
      .anomaly(.basicConstraintsNotCritical, "ca-not-critical.der"), .rule("IC-008"),
      .rule("IC-010")),
    Row(
      25, "key usage absent or not critical",
      .requirement(.criticalKeyUsage, "ext-key-usage-absent.der", .leaf),
      .anomaly(.keyUsageNotCritical, "ext-key-usage-not-critical.der"), .rule("IC-009")),
    Row(
      26, "leaf that may not sign data, or may sign certificates",
      .requirement(.leafUsages, "leaf-may-sign.der", .leaf), .rule("IC-008"), .rule("IC-009")),
    Row(
      27, "CA without keyCertSign", .requirement(.signingFlags, "base.der", .anchor),
      .rule("IC-010")),
    Row(
      28, "extended usage without both sides", .requirement(.bothPurposes, "eku-any.der", .leaf),
      .rule("IC-009")),
    Row(
      29, "extended usage absent or any", .requirement(.extendedKeyUsage, "eku-empty.der", .leaf),
      .anomaly(.extendedKeyUsageAny, "eku-any.der"), .rule("IC-009")),
    Row(30, "usage unfit for the key", .anomaly(.keyUsageUnfitForKey, "linkerd-leaf.der")),
    Row(
      31, "key identifiers", .anomaly(.caWithoutSubjectKeyID, "ca-without-ski.der"),
      .anomaly(.withoutAuthorityKeyID, "without-aki.der"), .rule("IC-043")),
    Row(32, "extension twice", .anomaly(.duplicateExtension, "ext-duplicate.der"), .rule("IC-043")),
    Row(
      33, "critical extension that nobody knows",
      .anomaly(.unknownCriticalExtension, "ext-unknown-critical.der"),
      .chain(.unknownCriticalExtension), .rule("IC-043")),
    Row(
      34, "two signature algorithms",
      .anomaly(.signatureAlgorithmMismatch, "signature-mismatch.der"),
      .rule("IC-043")),
    Row(
      35, "name constraints", .anomaly(.nameConstraintsInLeaf, "name-constraints-in-leaf.der"),
      .anomaly(.nameConstraintsNotCritical, "name-constraints-not-critical.der"),
      .chain(.nameNotPermitted), .rule("IC-034"), .rule("IC-043")),
    Row(36, "path length of the issuing CA", .chain(.pathLengthExceeded), .rule("IC-034")),
    Row(
      37, "unique identifiers", .anomaly(.uniqueIdentifier, "unique-identifiers.der"),
      .rule("IC-043")),
    Row(38, "revocation sources", .view("certificate_revocation_source")),
    Row(
      39, "short RSA key", .anomaly(.keyRSAShort, "key-rsa-1024.der"),
      .anomaly(.keyRSAOddSize, "key-rsa-2047.der"), .rule("IC-011")),
    Row(40, "long RSA key", .anomaly(.keyRSALong, "key-rsa-16384.der")),
    Row(41, "RSA exponent", .anomaly(.keyRSAExponent, "key-rsa-exponent-3.der"), .rule("IC-011")),
    Row(
      42, "weak modulus", .anomaly(.keyRSASmallFactor, "key-rsa-small-factor.der"), .rule("IC-011")),
    Row(
      43, "curve", .anomaly(.keyCurveUnusual, "key-brainpool.der"),
      .anomaly(.keyExplicitParameters, "key-explicit-parameters.der"), .rule("IC-011")),
    Row(
      44, "point", .anomaly(.keyPointInvalid, "key-off-curve.der"),
      .anomaly(.keyPointCompressed, "key-compressed.der"), .rule("IC-011")),
    Row(
      45, "weak signature", .anomaly(.signatureDigestWeak, "signature-md5-rsa.der"), .rule("IC-012")
    ),
    Row(46, "RSASSA-PSS key", .anomaly(.keyAlgorithmUnusual, "key-rsa-pss.der")),
    Row(
      47, "Linkerd's algorithms",
      .rule("IC-043")),
    Row(48, "CA key weaker than the leaf's", .rule("IC-050")),
    Row(49, "post-quantum readiness", .view("certificate")),
    Row(
      50, "ends before it begins", .anomaly(.validityNotPositive, "time-reversed.der"),
      .rule("IC-043")),
    Row(51, "expired, or not begun", .rule("IC-001"), .rule("IC-029")),
    Row(52, "leaf lives long", .rule("IC-005")),
    Row(53, "renewal overdue", .rule("IC-002"), .rule("IC-026")),
    Row(54, "CA ends soon", .rule("IC-003"), .rule("IC-004")),
    Row(55, "CA lives long", .rule("IC-044")),
    Row(56, "leaf outlives its issuers", .rule("IC-037")),
    Row(
      57, "encoding of times", .anomaly(.timeType, "time-generalized-early.der"),
      .anomaly(.timeFraction, "time-fraction.der"), .anomaly(.timeMalformed, "time-offset.der"),
      .rule("IC-043")),
    Row(58, "chain does not hold", .outcome(.broken), .chain(.signatureInvalid), .rule("IC-034")),
    Row(59, "root signs leaves itself", .rule("IC-013")),
    Row(60, "issuer not in the inventory", .outcome(.missingIssuer)),
    Row(61, "self-signed leaf", .chain(.selfSigned), .rule("IC-034")),
    Row(
      62, "CA shown as a workload", .requirement(.signingUse, "leaf-is-ca.der", .leaf),
      .rule("IC-008")),
    Row(63, "bundles differ", .rule("IC-038")),
    Row(64, "anchor not on a list of approved ones", .rule("IC-049")),
    Row(65, "expired anchor in a bundle", .rule("IC-004")),
    Row(66, "one root for several trust domains", .rule("IC-039")),
    Row(67, "root key in the cluster", .rule("IC-013")),
    Row(
      68, "revocation lists", .rule("IC-046"), .rule("IC-047"), .rule("IC-048"),
      .view("revocation_list"), .view("revoked_serial")),
    Row(69, "keys of a SPIFFE bundle", .rule("IC-040")),
    Row(70, "webhook's CA", .leftOut("caBundle of webhooks is not read as an inventory")),
    Row(71, "no rotation", .rule("IC-002"), .rule("IC-026")),
    Row(72, "key kept over renewals", .rule("IC-035")),
    Row(73, "one key under two identities", .rule("IC-014")),
    Row(74, "gap between two certificates", .rule("IC-026")),
    Row(75, "CA renewed with its key", .rule("IC-035")),
    Row(76, "overlap of anchors", .rule("IC-025"), .rule("IC-038"), .rule("IC-052")),
    Row(77, "issued to nobody", .rule("IC-016")),
    Row(78, "seen in logs, in no inventory", .rule("IC-017")),
    Row(79, "evidence incomplete", .rule("IC-017"), .view("identity_presence")),
  ]

  private static let repository = TestData.folder.deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func everyRowIsThereOnce() {
    #expect(Self.rows.map(\.number) == Array(1...79))
    #expect(Self.rows.allSatisfy { !$0.evidence.isEmpty })
  }

  @Test(arguments: rows) func isMadeByWhatItNames(_ row: Row) throws {
    for evidence in row.evidence { try check(evidence) }
  }

  private func check(_ evidence: Evidence) throws {
    switch evidence {
    case .anomaly(let anomaly, let file):
      let inventory = CertificateReader.read(
        try TestData.bytes("corpus/" + file), path: file, into: DiagnosticSink())
      #expect(inventory.certificates.first?.facts.anomalies.contains(anomaly) == true)
    case .diagnostic(let code, let file):
      let sink = DiagnosticSink()
      _ = CertificateReader.read(try TestData.bytes("corpus/" + file), path: file, into: sink)
      #expect(sink.diagnostics.contains { $0.code == code })
    case .rule(let id):
      let rules = Self.repository.appendingPathComponent("rules/identity-certificates")
      let folder = try #require(try names(in: rules).first { $0.hasPrefix(id + "-") })
      let examples = try names(
        in: rules.appendingPathComponent(folder).appendingPathComponent("examples"))
      #expect(examples.contains { $0.hasPrefix("fail-") })
    case .view(let name):
      let views = try names(in: Self.repository.appendingPathComponent("Sources/AuditStore/Views"))
      let words = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
      #expect(views.contains(words.joined() + "View.swift"))
    case .requirement(let requirement, let file, let role):
      let inventory = CertificateReader.read(
        try TestData.bytes("corpus/" + file), path: file, into: DiagnosticSink())
      let facts = try #require(inventory.certificates.first).facts
      #expect(SVIDAssessment(facts, role: role).failed.contains(requirement))
    case .chain(let kind):
      #expect(try TestData.text("chains/chains.json").contains("\"\(kind.rawValue)\""))
    case .outcome(let outcome):
      #expect(try TestData.text("chains/chains.json").contains("\"\(outcome.rawValue)\""))
    case .leftOut(let reason): #expect(!reason.isEmpty)
    }
  }

  private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
  }
}
