import Foundation
import MeshModel
import Testing

@testable import CertificateReader

/// Lists of the rule examples, which Python's `cryptography` made.
@Suite struct RevocationListTests {
  private static let rules = TestData.folder.deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("rules/identity-certificates")

  private func inventory(_ file: String) throws -> CertificateInventory {
    let bytes = Array(try Data(contentsOf: Self.rules.appendingPathComponent(file)))
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(bytes, path: file, into: sink)
    #expect(sink.diagnostics.isEmpty)
    return inventory
  }

  private func lists(_ file: String) throws -> [RevocationList] {
    let inventory = try inventory(file)
    return CertificateReader.verified(
      inventory.revocationLists, against: inventory.certificates)
  }

  @Test func readsEveryFieldOfAList() throws {
    let inventory = try inventory(
      "IC-046-revoked-certificate/examples/fail-key-compromise.pem")
    let list = try #require(
      CertificateReader.verified(
        inventory.revocationLists, against: inventory.certificates
      ).first)
    #expect(list.issuer == "CN=prod issuing")
    #expect(list.thisUpdate?.text == "2026-11-19T06:00:00Z")
    #expect(list.nextUpdate?.text == "2026-11-26T06:00:00Z")
    #expect(list.number == "07")
    #expect(list.signature == .valid)
    #expect(list.der == nil)
    #expect(!list.isDelta && !list.isIndirect && list.unknownCriticalExtensions.isEmpty)
    let issuer = try #require(
      inventory.certificates.first { $0.facts.subject == list.issuer }?.facts)
    #expect(list.authorityKeyID == issuer.subjectKeyID)
    let stolen = try #require(inventory.certificates.first?.facts)
    #expect(
      list.entries == [
        RevokedCertificate(
          serial: try #require(stolen.serial), revokedAt: UTCTime("2026-11-19T05:00:00Z"),
          reason: .keyCompromise)
      ])
  }

  @Test func tellsSignaturesApart() throws {
    let folder = "IC-047-stale-revocation-list/examples/"
    #expect(try lists(folder + "pass-current.pem").map(\.signature) == [.valid])
    #expect(try lists(folder + "fail-forged.pem").map(\.signature) == [.invalid])
    #expect(
      try lists(folder + "not-assessed-issuer-missing.pem").map(\.signature) == [.issuerMissing])
  }

  @Test func aKeyWithoutBytesLeavesTheSignatureOpen() throws {
    let inventory = try inventory("IC-047-stale-revocation-list/examples/pass-current.pem")
    let records = inventory.certificates.map(\.withoutBytes)
    let lists = CertificateReader.verified(inventory.revocationLists, against: records)
    #expect(lists.map(\.signature) == [.notVerifiable])
  }

  @Test func aChangedListIsNotItsIssuers() throws {
    let inventory = try inventory(
      "IC-046-revoked-certificate/examples/fail-key-compromise.pem")
    var list = try #require(inventory.revocationLists.first)
    let signed = try #require(list.der)
    for index in signed.indices where index % 7 == 0 {
      var bytes = signed
      bytes[index] ^= 1
      list.der = bytes
      let answer = CertificateReader.verified([list], against: inventory.certificates)
      #expect(answer.first?.signature != .valid, "byte \(index)")
    }
  }

  @Test func aListThatIsCutIsNotReadAtAll() throws {
    let inventory = try inventory(
      "IC-046-revoked-certificate/examples/fail-key-compromise.pem")
    let list = try #require(inventory.revocationLists.first?.der)
    let place = CertificatePlace(source: .der, location: SourceLocation(path: "a.crl"))
    for count in 0..<list.count {
      #expect(throws: DERError.self) {
        try RevocationListParser.read(Array(list[..<count]), at: place)
      }
    }
    var collector = CertificateCollector(sink: DiagnosticSink())
    collector.addRevocationList(Array(list.dropLast()), at: place)
    #expect(collector.inventory.revocationLists.isEmpty)
    #expect(collector.sink.diagnostics.map(\.code) == ["revocation-list-unreadable"])
  }
}
