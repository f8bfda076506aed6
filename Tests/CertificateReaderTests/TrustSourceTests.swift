import MeshModel
import Testing

@testable import CertificateReader

@Suite struct TrustSourceTests {
  private func source(_ kind: TrustSource.Kind, _ material: String) -> TrustSource {
    var source = TrustSource(
      resource: ResourceReference(
        kind: ResourceKind(group: "trust.cert-manager.io", kind: "Bundle"), namespace: "",
        name: "roots"),
      kind: kind, location: SourceLocation(path: "trust.yaml", line: 7, column: 5))
    source.trustDomain = kind == .bundleEndpoint ? "partner.example" : nil
    source.material = material
    return source
  }

  @Test func aFederatedBundleBelongsToItsTrustDomain() throws {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.certificates(
      of: source(.bundleEndpoint, try TestData.text("formats/bundle.json")), into: sink)
    let record = try #require(inventory.certificates.first)
    #expect(record.sighting.role == .anchor)
    #expect(record.sighting.place.trustDomain == "partner.example")
    #expect(record.sighting.place.location.line == 7)
    #expect(inventory.bundleKeys.allSatisfy { $0.trustDomain == "partner.example" })
  }

  @Test func certificatesWrittenIntoABundleAreAnchors() throws {
    let der = try TestData.bytes("corpus/ca-self-issued.der")
    let pem =
      "-----BEGIN CERTIFICATE-----\n\(Base64Text.encoded(der))\n-----END CERTIFICATE-----\n"
    let inventory = CertificateReader.certificates(of: source(.inLine, pem), into: DiagnosticSink())
    let record = try #require(inventory.certificates.first)
    #expect(record.sighting.role == .anchor)
    #expect(record.sighting.place.source == .trustManagerBundle)
    #expect(record.sighting.place.name == "roots")
  }

  @Test func aBrokenBundleIsReportedAtItsPlace() {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.certificates(
      of: source(.bundleEndpoint, #"{"keys": [{"use": "x509-svid", "x5c": ["%%%"]}]}"#), into: sink)
    #expect(inventory.certificates.isEmpty)
    #expect(sink.diagnostics.map(\.code) == ["certificate-unreadable"])
    #expect(sink.diagnostics.first?.location?.line == 7)
  }

  @Test(
    arguments: [
      ("x509-svid", nil, 1, []), ("x509-svid", nil, 0, [.certificateCount]),
      ("x509-svid", nil, 2, [.certificateCount]), ("x509-svid", "a", 1, [.keyIDPresent]),
      ("x509-svid", "a", 2, [.certificateCount, .keyIDPresent]), ("jwt-svid", "a", 0, []),
      ("jwt-svid", nil, 0, [.keyIDMissing]), ("jwt-svid", "", 0, [.keyIDMissing]),
      ("sig", "a", 1, [.useUnknown]), (nil, "a", 1, [.useUnknown]),
    ] as [(String?, String?, Int, [TrustBundleKey.Defect])])
  func namesTheDefectsOfAKey(
    _ use: String?, _ keyID: String?, _ count: Int, _ defects: [TrustBundleKey.Defect]
  ) {
    let key = TrustBundleKey(
      trustDomain: nil, use: use, keyID: keyID, keyType: "EC", certificateCount: count, position: 0,
      location: SourceLocation(path: "a"))
    #expect(key.defects == defects)
  }
}
