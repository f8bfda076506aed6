import MeshModel
import Testing

@testable import CertificateReader

@Suite struct SVIDAssessmentTests {
  private func assessment(_ name: String, role: CertificateRole? = nil) throws -> SVIDAssessment {
    let inventory = CertificateReader.read(
      try TestData.bytes("corpus/\(name).der"), path: name, into: DiagnosticSink())
    let record = try #require(inventory.certificates.first)
    return SVIDAssessment(record.facts, role: role ?? .leaf)
  }

  @Test(
    arguments: [
      ("base", []), ("istio-ecdsa-leaf", []), ("spire-subject", []),
      ("san-two-uris", [.oneURI]), ("san-not-critical", [.criticalSAN]),
      ("san-trust-domain-only", [.leafPath]), ("san-escape", [.validSPIFFEID]),
      ("san-upper-case-scheme", []), ("linkerd-leaf", []),
      ("leaf-is-ca", [.signingUse, .leafFlag]),
      ("leaf-may-sign", [.leafUsages]), ("ext-key-usage-absent", [.criticalKeyUsage]),
      ("ext-key-usage-not-critical", [.criticalKeyUsage]),
      ("ext-key-usage-all", [.leafUsages]), ("eku-any", [.bothPurposes]),
      ("eku-empty", [.extendedKeyUsage]), ("eku-odd", [.bothPurposes]),
      ("without-basic-constraints", []), ("san-wildcard", []),
    ] as [(String, [SVIDRequirement])])
  func namesTheRequirementsThatALeafBreaks(_ name: String, _ failed: [SVIDRequirement]) throws {
    let assessment = try assessment(name)
    #expect(assessment.failed == failed)
    #expect(assessment.unknown.isEmpty)
  }

  @Test func signersAreJudgedAsSigners() throws {
    #expect(try assessment("ca-self-issued", role: .anchor).failed.isEmpty)
    #expect(try assessment("ca-path-length", role: .intermediate).failed.isEmpty)
    #expect(try assessment("ca-spiffe-path", role: .intermediate).failed == [.signingPath])
    #expect(
      try assessment("leaf-is-ca", role: .intermediate).failed == [.signingFlags, .signingPath])
    #expect(try assessment("base", role: .anchor).failed == [.signingFlags, .signingPath])
  }

  @Test func whatCouldNotBeReadIsUnknown() throws {
    #expect(
      try assessment("ext-key-usage-broken").unknown
        == [.criticalKeyUsage, .digitalSignature, .leafUsages])
    #expect(try assessment("ext-basic-constraints-broken").unknown == [.leafFlag])
  }

  @Test func linkerdLeavesHaveAProfileOfTheirOwn() {
    var facts = CertificateFacts(id: "a", parseStatus: .complete)
    facts.subject = "CN=other"
    facts.subjectCommonName = "other"
    facts.subjectAlternativeNames = [
      .init(.dns, "web.v2.agents.serviceaccount.identity.linkerd.cluster.local"),
      .init(.ip, "10.0.0.1"),
    ]
    facts.isSANCritical = false
    facts.keyUsages = ["digitalSignature"]
    facts.isKeyUsageCritical = true
    facts.extendedKeyUsages = ["serverAuth", "clientAuth"]
    facts.hasBasicConstraints = false
    facts.keyAlgorithm = "RSA"
    facts.signatureAlgorithm = "sha256WithRSAEncryption"
    let assessment = SVIDAssessment(facts, role: .leaf)
    #expect(assessment.profile == .linkerd)
    #expect(
      assessment.failed
        == [.linkerdOneName, .linkerdCommonName, .linkerdKey, .linkerdSignature])
    facts.subjectAlternativeNames = [.init(.dns, "agents.serviceaccount.identity.linkerd")]
    #expect(SVIDAssessment(facts, role: .leaf).failed.contains(.linkerdPattern))
  }

  @Test(
    arguments: [
      ("spiffe://prod.example/ns/a/sa/b", []), ("spiffe://prod.example", []),
      ("SPIFFE://prod.example/a", []), ("https://prod.example/a", [.scheme]),
      ("spiffe:/prod.example", [.scheme]), ("spiffe:///a", [.authority]),
      ("spiffe://u@prod.example/a", [.authority]), ("spiffe://prod.example:8080/a", [.authority]),
      ("spiffe://Prod.example/a", [.trustDomainCharacter]), ("spiffe://prod.example/", [.path]),
      ("spiffe://prod.example/a//b", [.path]), ("spiffe://prod.example/a/", [.path]),
      ("spiffe://prod.example/a/../b", [.path]), ("spiffe://prod.example/a%20b", [.path]),
      ("spiffe://prod.example/a?x=1", [.scheme]), ("spiffe://prod.example/a#x", [.scheme]),
      ("spiffe://pröd.example/a", [.trustDomainCharacter]),
      ("spiffe://" + String(repeating: "a", count: 256) + "/a", [.length]),
      ("spiffe://a/" + String(repeating: "a", count: 2048), [.length]),
    ] as [(String, [SPIFFEIDDefect])])
  func namesTheDefectsOfASPIFFEID(_ uri: String, _ defects: [SPIFFEIDDefect]) {
    #expect(SPIFFEIDDefect.all(in: uri) == defects)
  }

  @Test func trustDomainsCompareWithoutCaseAndPathsWithIt() {
    #expect(SPIFFEIDDefect.areEqual("SPIFFE://Prod.example/a", "spiffe://prod.example/a"))
    #expect(!SPIFFEIDDefect.areEqual("spiffe://prod.example/A", "spiffe://prod.example/a"))
    #expect(!SPIFFEIDDefect.areEqual("spiffe://prod.example/a", "spiffe://prod.example/a/"))
  }
}
