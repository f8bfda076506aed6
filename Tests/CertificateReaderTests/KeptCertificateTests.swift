import MeshModel
import Testing

@testable import CertificateReader

/// What is written aside and read again is what it was.
@Suite struct KeptCertificateTests {
  private static func records() throws -> [CertificateRecord] {
    var records: [CertificateRecord] = []
    for folder in ["corpus", "chains"] {
      for name in try TestData.names(in: folder) where !name.hasSuffix(".json") {
        records +=
          CertificateReader.read(
            try TestData.bytes("\(folder)/\(name)"), path: "\(folder)/\(name)",
            into: DiagnosticSink()
          ).certificates
      }
    }
    return records
  }

  private func decoded(
    _ bytes: [UInt8], where isWanted: (CertificateKeys) -> Bool = { _ in true }
  ) -> [CertificateRecord] {
    var decoder = CertificateDecoder()
    var records: [CertificateRecord] = []
    bytes.withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        let count = CertificateDecoder.byteCount(
          UnsafeRawBufferPointer(rebasing: bytes[position..<position + 4]))
        position += 4
        let entry = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
        if let record = decoder.record(entry, where: isWanted) { records.append(record) }
        position += count
      }
    }
    return records
  }

  @Test func factsAndPlacesAreTheSameAfterwards() throws {
    let records = try Self.records().filter(\.isRepeatable)
    #expect(records.count > 150)
    var encoder = CertificateEncoder()
    let taken = records.map { encoder.append($0) }
    #expect(!taken.contains(false))
    let again = decoded(encoder.bytes)
    #expect(again.map(\.facts) == records.map(\.facts))
    #expect(again.map(\.sighting) == records.map(\.sighting))
    #expect(again.map(\.der) == records.map(\.der))
  }

  @Test func placesOfManifestsAreKept() throws {
    var record = try #require(try Self.records().first { $0.isRepeatable })
    record.sighting.place = CertificatePlace(
      source: .kubernetesSecret, location: SourceLocation(path: "a.yaml", line: 7, column: 3),
      namespace: "agents", name: "", key: nil, pod: "web-0", trustDomain: "prod.example",
      usedAs: .anchor)
    record.sighting.role = .anchor
    var encoder = CertificateEncoder()
    let isTaken = encoder.append(record)
    #expect(isTaken)
    #expect(decoded(encoder.bytes).map(\.sighting) == [record.sighting])
  }

  /// The bytes behind a certificate may be anything, a key among them, and are not kept; reading it without
  /// them would find nothing odd.
  @Test func whatWouldReadDifferentlyIsNotTaken() throws {
    let inventory = CertificateReader.read(
      try TestData.bytes("corpus/base.der") + [1, 2, 3], path: "a", into: DiagnosticSink())
    let record = try #require(inventory.certificates.first)
    #expect(record.facts.anomalies.contains(.trailingBytes))
    var encoder = CertificateEncoder()
    let isTaken = encoder.append(record)
    #expect(!isTaken)
    #expect(encoder.bytes.isEmpty)
  }

  @Test func keysTellWithoutReading() throws {
    let records = try Self.records().filter(\.isRepeatable)
    var encoder = CertificateEncoder()
    for record in records { _ = encoder.append(record) }
    let subject = try #require(records.compactMap(\.facts.subject).first { !$0.isEmpty })
    let wanted = CertificateKeys.digest(subject)
    let found = decoded(encoder.bytes) { $0.subject == wanted }
    #expect(found.map(\.facts.id) == records.filter { $0.facts.subject == subject }.map(\.facts.id))
    #expect(
      decoded(encoder.bytes) { $0.hasRSAKey }.map(\.facts.id)
        == records.filter { $0.facts.keyAlgorithm == "RSA" }.map(\.facts.id))
  }

  /// Found by the fuzzer: broken parameters of RSASSA-PSS were told of the first certificate only.
  @Test func aCertificateReadsTheSameWhereverItStands() throws {
    let name = "remembered-parameters.pem"
    let records = CertificateReader.read(
      try TestData.bytes("crashes/\(name)"), path: name, into: DiagnosticSink()
    ).certificates.filter(\.isRepeatable)
    #expect(!records.isEmpty)
    for record in records {
      let alone = CertificateReader.read(
        try #require(record.der), path: name, into: DiagnosticSink())
      #expect(alone.certificates.map(\.facts) == [record.facts])
    }
  }

  @Test func everyCertificateOfTheCorpusReadsTheSameAfterAnyOther() throws {
    let records = try Self.records().filter(\.isRepeatable)
    for record in records {
      var encoder = CertificateEncoder()
      for _ in 0..<2 { _ = encoder.append(record) }
      #expect(decoded(encoder.bytes).map(\.facts) == [record.facts, record.facts])
    }
  }
}
