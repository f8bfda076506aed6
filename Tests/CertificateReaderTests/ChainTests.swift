import Foundation
import MeshModel
import Testing

@testable import CertificateReader

/// Chains of the corpus `Tests/Data/certificates/chains`, made by `Tests/Generators`.
@Suite struct ChainTests {
  static let asOf = UTCTime("2026-11-20T06:00:00Z") ?? UTCTime(seconds: 0)

  struct Expected: Decodable {
    var outcome: String
    var problems: [String]
    var path: Int?
    var paths: Int?
    var anchors: Int?
  }

  static let corpus: [String: Expected] = {
    let bytes = (try? TestData.bytes("chains/chains.json")) ?? []
    return (try? JSONDecoder().decode([String: Expected].self, from: Data(bytes))) ?? [:]
  }()

  static func records(_ name: String) throws -> [CertificateRecord] {
    let sink = DiagnosticSink()
    return CertificateReader.read(
      try TestData.bytes("chains/\(name).pem"), path: "\(name).pem", into: sink
    ).certificates
  }

  @Test func corpusIsThere() { #expect(Self.corpus.count >= 40) }

  @Test(arguments: corpus.keys.sorted()) func chainIsAsExpected(_ name: String) throws {
    let records = try Self.records(name)
    let wanted = try #require(Self.corpus[name])
    let chain = try #require(
      CertificateReader.chains(of: records, asOf: Self.asOf).first {
        $0.certificateID == records[0].facts.id
      })
    #expect(chain.outcome.rawValue == wanted.outcome)
    #expect(chain.problems.map(\.kind.rawValue) == wanted.problems)
    if let count = wanted.path { #expect(chain.path.count == count) }
    if let count = wanted.paths { #expect(chain.pathCount == count) }
    if let count = wanted.anchors { #expect(chain.anchorCount == count) }
    #expect((chain.anchorID != nil) == (wanted.outcome == "complete") || chain.anchorID != nil)
  }

  @Test(arguments: corpus.keys.sorted()) func orderOfTheInventoryDoesNotMatter(_ name: String)
    throws
  {
    let records = try Self.records(name)
    func chains(_ records: [CertificateRecord]) -> [String: CertificateChain] {
      Dictionary(
        CertificateReader.chains(of: records, asOf: Self.asOf).map { ($0.certificateID, $0) },
        uniquingKeysWith: { first, _ in first })
    }
    let forward = chains(records)
    #expect(forward == chains(records.reversed()))
    #expect(forward == chains(records + records))
  }

  @Test func aFlippedBitNeverCompletes() throws {
    let records = try Self.records("complete-direct")
    let der = try #require(records[0].der)
    for position in stride(from: 0, to: der.count, by: 7) {
      var bytes = der
      bytes[position] ^= 0x10
      let sink = DiagnosticSink()
      let mutated = CertificateReader.read(bytes, path: "leaf.der", into: sink).certificates
      let chains = CertificateReader.chains(of: mutated + records.dropFirst(), asOf: Self.asOf)
      #expect(!chains.contains { $0.outcome == .complete }, "byte \(position)")
    }
  }

  @Test func manyIssuersOfOneNameCostALimitedSearch() throws {
    let records = try Self.records("wrong-key")
    let wrong = records[1]
    var crowd = [records[0]]
    for number in 0..<500 {
      var other = wrong
      other.facts.id = "copy-\(number)"
      other.facts.spkiSHA256 = "key-\(number)"
      other.sighting.certificateID = other.facts.id
      crowd.append(other)
    }
    let chain = try #require(
      CertificateReader.chains(of: crowd, asOf: Self.asOf).first {
        $0.certificateID == records[0].facts.id
      })
    #expect(chain.outcome == .notVerifiable)
    #expect(chain.problems.map(\.kind) == [.limitReached])
  }

  @Test func theFittingKeyIDComesFirstAmongNamesakes() throws {
    let records = try Self.records("complete")
    var leaf = records[0]
    leaf.facts.issuer = "CN=one name"
    leaf.facts.authorityKeyID = "key-7"
    var namesakes: [CertificateRecord] = []
    for number in 0..<3000 {
      var issuer = records[1]
      issuer.facts.id = "issuer-\(number)"
      issuer.facts.subject = "CN=one name"
      issuer.facts.subjectKeyID = number == 11 ? nil : "key-\(number)"
      issuer.facts.notAfter = Self.asOf.adding(days: number)
      issuer.sighting.certificateID = issuer.facts.id
      namesakes.append(issuer)
    }
    let index = ChainIndex([leaf] + namesakes)
    let found = index.issuers(of: 0, limit: 5).map { index.nodes[$0].facts.id }
    #expect(found == ["issuer-7", "issuer-11", "issuer-2999", "issuer-2998", "issuer-2997"])
  }

  @Test func aRecordWithoutBytesIsNeverComplete() throws {
    var records = try Self.records("complete")
    records[0].der = nil
    let chain = try #require(
      CertificateReader.chains(of: records, asOf: Self.asOf).first {
        $0.certificateID == records[0].facts.id
      })
    #expect(chain.outcome == .notVerifiable)
    #expect(chain.problems.map(\.kind) == [.signatureNotVerifiable])
  }
}
