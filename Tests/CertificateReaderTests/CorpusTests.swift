import Foundation
import MeshModel
import Testing

@testable import CertificateReader

/// The corpus of Tests/Generators/certificates.py: each file with what must come out of it.
@Suite struct CorpusTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var json: Data

    var testDescription: String { file }

    var values: [String: Any] {
      (try? JSONSerialization.jsonObject(with: json)) as? [String: Any] ?? [:]
    }
    func strings(_ name: String) -> [String] { values[name] as? [String] ?? [] }
  }

  static let cases: [Case] = {
    guard let bytes = try? TestData.bytes("corpus.json"),
      let list = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]]
    else { return [] }
    return list.compactMap { entry in
      guard let file = entry["file"] as? String,
        let json = try? JSONSerialization.data(withJSONObject: entry)
      else { return nil }
      return Case(file: file, json: json)
    }
  }()

  static let certificates = cases.filter { $0.values["status"] != nil }
  static let files = cases.filter { $0.values["rows"] != nil }

  @Test func theCorpusIsWhole() throws {
    #expect(Self.certificates.count >= 130)
    #expect(Self.files.count >= 50)
    #expect(try TestData.names(in: "corpus") == Self.cases.map(\.file).sorted())
  }

  @Test(arguments: certificates) func readsEveryFact(_ testCase: Case) throws {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(
      try TestData.bytes("corpus/" + testCase.file), path: testCase.file, into: sink)
    try #require(inventory.certificates.count == 1)
    let facts = inventory.certificates[0].facts
    #expect(facts.parseStatus.rawValue == testCase.values["status"] as? String)
    #expect(facts.anomalies.map(\.rawValue) == testCase.strings("anomalies"))
    #expect(sink.diagnostics.map(\.code) == testCase.strings("diagnostics"))
    let texts = FactTexts.all(facts)
    for (name, value) in testCase.values["facts"] as? [String: Any] ?? [:] {
      #expect(texts[name] == FactTexts.text(value), "\(name)")
    }
  }

  @Test(arguments: certificates) func readsTheSameOutOfPEM(_ testCase: Case) throws {
    let bytes = try TestData.bytes("corpus/" + testCase.file)
    let pem =
      "-----BEGIN CERTIFICATE-----\n\(Data(bytes).base64EncodedString())\n"
      + "-----END CERTIFICATE-----\n"
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(Array(pem.utf8), path: "a.pem", into: sink)
    let direct = CertificateReader.read(bytes, path: "a.der", into: DiagnosticSink())
    try #require(inventory.certificates.count == 1 && direct.certificates.count == 1)
    #expect(inventory.certificates[0].facts == direct.certificates[0].facts)
    #expect(inventory.certificates[0].der == direct.certificates[0].der)
  }

  @Test(arguments: files) func readsEveryFile(_ testCase: Case) throws {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(
      try TestData.bytes("corpus/" + testCase.file), path: testCase.file, into: sink)
    #expect(inventory.certificates.count == testCase.values["rows"] as? Int)
    #expect(inventory.privateKeys.count == testCase.values["keys"] as? Int)
    #expect(sink.diagnostics.map(\.code) == testCase.strings("diagnostics"))
    #expect(inventory.privateKeys.map(\.kind.rawValue) == testCase.strings("keyKinds"))
    if let encrypted = testCase.values["keyEncrypted"] as? [Bool] {
      #expect(inventory.privateKeys.map(\.isEncrypted) == encrypted)
    }
    if let lines = testCase.values["lines"] as? [Int] {
      #expect(inventory.certificates.map(\.sighting.place.location.line) == lines)
    }
    if let positions = testCase.values["positions"] as? [Int] {
      #expect(inventory.certificates.map(\.sighting.position) == positions)
    }
    for record in inventory.certificates where record.facts.parseStatus == .complete {
      #expect(record.der != nil)
    }
  }

  @Test func readsTheCertificatesOfARealEnvoy() throws {
    let sink = DiagnosticSink()
    var identities: [String: String] = [:]
    for name in try TestData.names(in: "envoy") {
      let inventory = CertificateReader.read(
        try TestData.bytes("envoy/" + name), path: name, into: sink)
      try #require(!inventory.certificates.isEmpty)
      for record in inventory.certificates {
        #expect(record.facts.parseStatus == .complete)
        if let identity = record.facts.identity { identities[name] = identity }
      }
    }
    #expect(sink.diagnostics.isEmpty)
    #expect(identities["planner.pem"] == "spiffe://cluster.local/ns/agents/sa/planner")
  }
}
