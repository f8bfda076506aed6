import Foundation
import MeshModel
import Testing

@testable import CertificateReader

/// The files of Tests/Generators/certificate_formats.py: the same certificates in every format.
@Suite struct FormatTests {
  static let expected: [String: String] =
    (try? JSONSerialization.jsonObject(with: Data(try TestData.bytes("formats/facts.json"))))
    as? [String: String] ?? [:]

  private func read(_ name: String) throws -> (CertificateInventory, [Diagnostic]) {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(
      try TestData.bytes("formats/" + name), path: name, into: sink)
    return (inventory, sink.diagnostics)
  }

  private func digests(_ names: String...) -> [String?] { names.map { Self.expected[$0] } }

  @Test(arguments: [
    ("envoy-istioctl.json", CertificateFormat.envoySecrets),
    ("envoy-config-dump.json", .envoySecrets), ("ztunnel-istioctl.json", .ztunnel),
    ("ztunnel-config-dump.json", .ztunnel), ("bundle.json", .spiffeBundle),
    ("bundle-set.json", .spiffeBundle), ("step.json", .stepInspect),
    ("step-bundle.json", .stepInspect), ("openssl.txt", .opensslText),
    ("linkerd-identity.txt", .opensslText), ("spire-entries.json", .spireEntries),
    ("exporter.prom", .metrics), ("cert-manager.prom", .metrics), ("inventory.csv", .table),
    ("inventory.jsonl", .table),
  ]) func recognisesByContent(_ name: String, _ format: CertificateFormat) throws {
    #expect(CertificateReader.recognises(try TestData.bytes("formats/" + name)) == format)
  }

  @Test func leavesManifestsAndOtherFilesAlone() {
    let others = [
      "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    -----BEGIN CERTIFICATE-----\n",
      #"{"apiVersion":"v1","kind":"List","items":[{"spiffe_id":1}]}"#, "", "{", "[]", "a,b\n1,2\n",
      #"{"start_time":"2026-01-01T00:00:00Z","method":"GET"}"#, "# HELP go_gc\ngo_gc 1\n",
    ]
    for text in others { #expect(CertificateReader.recognises(Array(text.utf8)) == nil, "\(text)") }
  }

  @Test(arguments: ["envoy-istioctl.json", "envoy-config-dump.json"])
  func readsEnvoySecrets(_ name: String) throws {
    let (inventory, diagnostics) = try read(name)
    #expect(
      inventory.certificates.map(\.facts.sha256) == digests("leaf", "mid", "root", "root"))
    #expect(
      inventory.certificates.map(\.sighting.role) == [.leaf, .intermediate, .anchor, .anchor])
    #expect(
      inventory.certificates.map(\.sighting.place.name) == [
        "default", "default", "ROOTCA", "spiffe",
      ])
    #expect(inventory.certificates[3].sighting.place.trustDomain == "prod.example")
    #expect(inventory.privateKeys.isEmpty)
    #expect(diagnostics.map(\.code) == ["secret-not-delivered"])
    let pod = name == "envoy-config-dump.json" ? "planner-7d9f" : nil
    #expect(inventory.certificates[0].sighting.place.pod == pod)
    #expect(inventory.certificates[0].sighting.place.namespace == (pod == nil ? nil : "agents"))
  }

  @Test func anEmptyInventoryIsNamed() {
    for text in ["{\"dynamicActiveSecrets\":[]}", "# TYPE x509_cert_not_after gauge\n"] {
      let sink = DiagnosticSink()
      let inventory = CertificateReader.read(Array(text.utf8), path: "a", into: sink)
      #expect(inventory.certificates.isEmpty)
      #expect(sink.diagnostics.map(\.code) == ["inventory-empty"])
    }
  }

  @Test func reportsAKeyInAConfigDump() throws {
    let (inventory, diagnostics) = try read("envoy-leaked-key.json")
    #expect(inventory.privateKeys.map(\.kind) == [.pkcs8])
    #expect(inventory.privateKeys.first?.place.key == "privateKey")
    #expect(diagnostics.map(\.code) == ["private-key-in-inventory", "secret-not-delivered"])
  }

  @Test func readsZtunnelCertificates() throws {
    let (inventory, diagnostics) = try read("ztunnel-istioctl.json")
    #expect(inventory.certificates.map(\.facts.sha256) == digests("leaf", "mid", "root"))
    #expect(inventory.certificates.map(\.sighting.role) == [.leaf, .intermediate, .anchor])
    #expect(inventory.certificates[0].sighting.place.namespace == "agents")
    #expect(diagnostics.map(\.code) == ["secret-not-delivered"])

    let (legacy, none) = try read("ztunnel-config-dump.json")
    #expect(none.isEmpty)
    #expect(legacy.certificates.map(\.sighting.role) == [.leaf, .intermediate, .anchor])
    #expect(legacy.certificates[0].facts.serial == Self.expected["leafSerial"])
    #expect(legacy.certificates[0].facts.parseStatus == .record)
    #expect(legacy.certificates[0].facts.keyUsages == nil)
  }

  @Test func readsSPIFFEBundles() throws {
    let (inventory, diagnostics) = try read("bundle.json")
    #expect(inventory.certificates.map(\.facts.sha256) == digests("root"))
    #expect(inventory.certificates.map(\.sighting.role) == [.anchor])
    #expect(diagnostics.isEmpty)
    let (odd, problems) = try read("bundle-odd.json")
    #expect(odd.certificates.count == 2)
    #expect(odd.privateKeys.count == 1)
    #expect(
      problems.map(\.code)
        == ["spiffe-bundle-key", "spiffe-bundle-key", "private-key-in-inventory"])
    let (set, _) = try read("bundle-set.json")
    #expect(set.certificates.first?.sighting.place.trustDomain == "prod.example")
  }

  @Test func readsStepJSONWithCriticalityUnknown() throws {
    let (inventory, diagnostics) = try read("step-bundle.json")
    #expect(diagnostics.isEmpty)
    try #require(inventory.certificates.count == 2)
    let facts = inventory.certificates[0].facts
    #expect(facts.id == Self.expected["leaf"])
    #expect(facts.spkiSHA256 == Self.expected["leafSPKI"])
    #expect(facts.serial == Self.expected["leafSerial"])
    #expect(facts.spiffeID?.description == "spiffe://prod.example/ns/agents/sa/planner")
    #expect(facts.keyAlgorithm == "RSA" && facts.keySize == 2048)
    #expect(facts.signatureAlgorithm == "ecdsa-with-SHA256" && facts.signatureDigest == "SHA-256")
    #expect(facts.keyUsages == ["digitalSignature", "keyEncipherment"])
    #expect(facts.isKeyUsageCritical == nil && facts.isSANCritical == nil)
    let assessment = SVIDAssessment(facts, role: .leaf)
    #expect(assessment.failed.isEmpty)
    #expect(assessment.unknown == [.criticalSAN, .criticalKeyUsage])
    #expect(inventory.certificates[1].facts.identity?.hasPrefix("web.agents.") == true)
  }

  @Test func readsOpenSSLTextAsTheCertificateItself() throws {
    let (inventory, diagnostics) = try read("openssl.txt")
    #expect(diagnostics.isEmpty)
    let (direct, _) = try read("envoy-istioctl.json")
    try #require(inventory.certificates.count == 3)
    for (printed, real) in zip(inventory.certificates, direct.certificates) {
      var left = FactTexts.all(printed.facts)
      var right = FactTexts.all(real.facts)
      left["sha256"] = nil
      right["sha256"] = nil
      #expect(left == right)
      #expect(printed.sighting.role == real.sighting.role)
    }
  }

  @Test func readsLinkerdIdentityText() throws {
    let (inventory, diagnostics) = try read("linkerd-identity.txt")
    #expect(diagnostics.isEmpty)
    #expect(inventory.certificates.map(\.sighting.place.pod) == ["web-7d9f", "web-9c2a"])
    #expect(inventory.certificates[0].facts.serial == "03")
    #expect(inventory.certificates[0].facts.id == inventory.certificates[1].facts.id)
    #expect(inventory.certificates[0].facts.notAfter?.text == "2026-08-21T10:00:20Z")
  }

  @Test func readsRegistrationEntries() throws {
    let (inventory, diagnostics) = try read("spire-entries.json")
    #expect(diagnostics.isEmpty)
    try #require(inventory.registrationEntries.count == 2)
    let first = inventory.registrationEntries[0]
    #expect(first.spiffeID == "spiffe://prod.example/ns/agents/sa/planner")
    #expect(first.selectors == ["k8s:ns:agents", "k8s:sa:planner"])
    #expect(!first.isAdmin && first.x509TTLSeconds == 0 && first.expiresAt == nil)
    let second = inventory.registrationEntries[1]
    #expect(second.isAdmin && second.isDownstream)
    #expect(second.x509TTLSeconds == 7200 && second.jwtTTLSeconds == 600)
    #expect(second.expiresAt?.seconds == 1_800_000_000)
    #expect(second.federatesWith == ["other.example"] && second.dnsNames == ["ops"])
  }

  @Test func readsMetrics() throws {
    let (inventory, diagnostics) = try read("exporter.prom")
    #expect(diagnostics.map(\.code) == ["certificate-unreadable"])
    try #require(inventory.certificates.count == 1)
    let record = inventory.certificates[0]
    #expect(record.facts.serial == Self.expected["leafSerial"])
    #expect(record.facts.notBefore?.text == "2026-08-20T10:00:00Z")
    #expect(record.facts.notAfter?.text == "2026-08-21T10:00:00Z")
    #expect(
      record.facts.subject == #"CN=planner \"x\""# && record.facts.issuer == "CN=prod.example mid")
    #expect(record.facts.subjectAlternativeNames == nil && record.facts.role == .unknown)
    #expect(record.sighting.place.namespace == "agents" && record.sighting.place.key == "tls.crt")
    let (manager, _) = try read("cert-manager.prom")
    #expect(manager.certificates.map(\.sighting.place.name) == ["web"])
    #expect(manager.certificates.first?.facts.notAfter?.text == "2026-08-21T10:00:00Z")
  }

  @Test func readsTables() throws {
    let (inventory, diagnostics) = try read("inventory.csv")
    try #require(inventory.certificates.count == 2)
    let facts = inventory.certificates[0].facts
    #expect(facts.id == Self.expected["leaf"] && facts.serial == Self.expected["leafSerial"])
    #expect(facts.names(.uri) == ["spiffe://prod.example/ns/agents/sa/planner"])
    #expect(facts.names(.dns) == ["planner.agents"])
    #expect(inventory.certificates[1].facts.serial == "0a1b")
    #expect(inventory.certificates[1].facts.notBefore?.text == "2026-08-20T00:00:00Z")
    #expect(inventory.certificates[1].sighting.place.location.line == 3)
    #expect(diagnostics.map(\.code) == ["certificate-partial"])
    let (lines, none) = try read("inventory.jsonl")
    #expect(none.isEmpty)
    #expect(lines.certificates.count == 2)
    #expect(lines.certificates[0].facts.serial == Self.expected["leafSerial"])
    #expect(lines.certificates[0].facts.id.hasPrefix("record:"))
  }

  @Test func revocationSourcesAreReadFromEveryFormatThatTellsThem() throws {
    let wanted: [RevocationSource] = [
      .init(.crl, "http://crl.example/a"), .init(.ocsp, "http://ocsp.example"),
    ]
    let step = """
      {"version": 3, "serial_number": "1", "validity": {"end": "2027-01-01T00:00:00Z"},
       "subject_key_info": {}, "extensions": {
         "crl_distribution_points": ["http://crl.example/a"],
         "authority_info_access": {"ocsp_urls": ["http://ocsp.example"]}}}
      """
    let text = """
      Certificate:
          Data:
              Serial Number: 1 (0x1)
              Validity
                  Not Before: Jan  1 00:00:00 2026 GMT
                  Not After : Jan  1 00:00:00 2027 GMT
              X509v3 extensions:
                  X509v3 CRL Distribution Points:
                      Full Name:
                        URI:http://crl.example/a

                  Authority Information Access:
                      OCSP - URI:http://ocsp.example

      """
    for bytes in [
      try TestData.bytes("corpus/crl-and-aia.der"), Array(step.utf8), Array(text.utf8),
    ] {
      let certificates = CertificateReader.read(bytes, path: "a", into: DiagnosticSink())
        .certificates
      #expect(certificates.first?.facts.revocationSources == wanted)
    }
  }

  @Test(
    arguments: [
      ("2026-12-01T10:00:00Z", "2026-12-01T10:00:00Z"), ("2026-12-01", "2026-12-01T00:00:00Z"),
      ("2026-12-01 10:00:00", "2026-12-01T10:00:00Z"), ("2026-12-01 10:05", "2026-12-01T10:05:00Z"),
      ("2026-12-01T12:00:00+02:00", "2026-12-01T10:00:00Z"), ("01.12.2026", nil),
      ("next week", nil),
    ] as [(String, String?)])
  func readsTimesOfTables(_ text: String, _ expected: String?) throws {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(
      Array("cn,expires\nplanner,\(text)\n".utf8), path: "a.csv", into: sink)
    #expect(try #require(inventory.certificates.first).facts.notAfter?.text == expected)
    #expect(sink.diagnostics.count == (expected == nil ? 1 : 0))
  }

  @Test func aRowWithoutAnEndIsReported() {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(
      Array("cn,expires\n\"planner,2026-12-01\nbrowser,2026-12-01\n".utf8), path: "a.csv",
      into: sink)
    #expect(inventory.certificates.count == 1)
    #expect(sink.diagnostics.map(\.code) == ["certificate-partial"])
  }

  @Test func aRecordGoesByItsNameWhereNothingBetterNamesIt() throws {
    let inventory = CertificateReader.read(
      Array(
        #"""
        # TYPE certmanager_certificate_expiration_timestamp_seconds gauge
        certmanager_certificate_expiration_timestamp_seconds{name="web",namespace="agents"} 1.795e+09
        """#.utf8), path: "a.prom", into: DiagnosticSink())
    #expect(try #require(inventory.certificates.first).facts.holderName == "agents/web")
  }

  @Test func namesOfMetricsAreWrittenAsInCertificates() throws {
    let inventory = CertificateReader.read(
      Array(
        #"""
        x509_cert_not_after{issuer_CN="mid",issuer_O="Acme, Inc.",subject_CN=" a#b",serial_number="7"} 1.79e+09
        """#.utf8), path: "a.prom", into: DiagnosticSink())
    let facts = try #require(inventory.certificates.first).facts
    #expect(facts.issuer == #"CN=mid,O=Acme\, Inc."#)
    #expect(facts.subject == #"CN=\ a#b"#)
  }
}
