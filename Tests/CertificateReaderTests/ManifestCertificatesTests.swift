import MeshModel
import Testing

@testable import CertificateReader

@Suite struct ManifestCertificatesTests {
  private static let place = SourceLocation(path: "mesh.yaml", line: 7, column: 12)

  private func metadata(_ kind: String, _ name: String) -> ResourceMetadata {
    ResourceMetadata(
      reference: ResourceReference(
        kind: ResourceKind(group: "", kind: kind), namespace: "agents", name: name),
      location: SourceLocation(path: "mesh.yaml", line: 1, column: 1))
  }

  private func pem() throws -> String { try TestData.text("corpus/pem-two.pem") }

  @Test func readsTheChainOfATLSSecret() throws {
    let secret = Secret(
      metadata: metadata("Secret", "planner-tls"), type: "kubernetes.io/tls",
      keys: ["ca.crt", "tls.crt", "tls.key"],
      certificates: [
        "tls.crt": Located(try pem(), at: Self.place), "ca.crt": Located(try pem(), at: Self.place),
      ], privateKeyKeys: ["tls.key"])
    let sink = DiagnosticSink()
    let inventory = CertificateReader.certificates(of: secret, into: sink)
    #expect(
      inventory.certificates.map(\.sighting.place.key) == [
        "ca.crt", "ca.crt", "tls.crt", "tls.crt",
      ])
    #expect(inventory.certificates.map(\.sighting.position) == [0, 1, 0, 1])
    #expect(inventory.certificates.allSatisfy { $0.sighting.place.location == Self.place })
    #expect(inventory.certificates[2].sighting.role == .leaf)
    #expect(inventory.certificates[2].sighting.place.namespace == "agents")
    #expect(inventory.privateKeys.map(\.place.key) == ["tls.key"])
    #expect(sink.diagnostics.map(\.code) == ["private-key-in-inventory"])
  }

  @Test func anIssuersCertificateInTLSCrtIsNoLeaf() throws {
    let der = try TestData.bytes("corpus/ca-path-length.der")
    let text =
      "-----BEGIN CERTIFICATE-----\n\(Base64Text.encoded(der))\n-----END CERTIFICATE-----\n"
    let secret = Secret(
      metadata: metadata("Secret", "linkerd-identity-issuer"), type: "kubernetes.io/tls",
      keys: ["tls.crt"], certificates: ["tls.crt": Located(text, at: Self.place)],
      privateKeyKeys: [])
    let inventory = CertificateReader.certificates(of: secret, into: DiagnosticSink())
    #expect(inventory.certificates.map(\.sighting.role) == [.intermediate])
  }

  @Test func readsTrustRootsOfConfigMaps() throws {
    let indented = "identityTrustAnchorsPEM: |\n  " + (try pem()).replacing("\n", with: "\n  ")
    let map = ConfigMap(
      metadata: metadata("ConfigMap", "linkerd-config"),
      data: [
        "values": Located(indented, at: Self.place), "other": Located("a: b", at: Self.place),
      ])
    let sink = DiagnosticSink()
    let inventory = CertificateReader.certificates(of: map, into: sink)
    #expect(inventory.certificates.count == 2)
    #expect(inventory.certificates.allSatisfy { $0.sighting.role == .anchor })
    #expect(inventory.certificates.allSatisfy { $0.sighting.place.source == .kubernetesConfigMap })
    #expect(sink.diagnostics.isEmpty)
  }

  @Test func keyStoresOfASecretAreOpenedOrNamed() throws {
    var secret = Secret(
      metadata: metadata("Secret", "stores"), type: "Opaque",
      keys: ["truststore.jks", "truststore.p12"],
      certificates: [:], privateKeyKeys: [])
    secret.containers = [
      "truststore.p12": Located(try TestData.bytes("corpus/pkcs12.p12"), at: Self.place),
      "truststore.jks": Located(try TestData.bytes("corpus/keystore.jks"), at: Self.place),
    ]
    let sink = DiagnosticSink()
    let inventory = CertificateReader.certificates(of: secret, into: sink)
    #expect(inventory.certificates.count == 2)
    #expect(inventory.certificates.allSatisfy { $0.sighting.place.key == "truststore.p12" })
    #expect(sink.diagnostics.map(\.code) == ["not-evaluated"])
    #expect(sink.diagnostics.first?.message.contains("\"truststore.jks\"") == true)
  }

  @Test func whatAnIssuerAnsweredIsRead() throws {
    var request = CertManagerCertificateRequest(
      metadata: metadata("CertificateRequest", "planner-1"))
    let pem = String(decoding: try TestData.bytes("chains/complete.pem"), as: UTF8.self)
    request.issued = ["certificate": Located(pem, at: Self.place)]
    let inventory = CertificateReader.certificates(of: request, into: DiagnosticSink())
    let first = try #require(inventory.certificates.first?.sighting.place)
    #expect(first.source == .certificateRequest)
    #expect(first.name == "planner-1" && first.key == "certificate")
  }
}
