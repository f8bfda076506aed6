import MeshModel
import Testing

@testable import CertificateReader

/// Reading in parts gives what reading the whole gives.
@Suite struct PEMStreamTests {
  private static let texts: [String] = {
    let folders = ["corpus", "chains"]
    return folders.flatMap { folder in
      ((try? TestData.names(in: folder)) ?? []).filter { $0.hasSuffix(".pem") }
        .map { "\(folder)/\($0)" }
    }
  }()

  private struct Reading: Equatable {
    var facts: [CertificateFacts]
    var sightings: [CertificateSighting]
    var keys: [PrivateKeySighting]
    var itemCount: Int
    var diagnostics: [Diagnostic]

    init(_ records: [CertificateRecord], _ inventory: CertificateInventory, _ sink: DiagnosticSink)
    {
      facts = records.map(\.facts)
      sightings = records.map(\.sighting)
      keys = inventory.privateKeys
      itemCount = inventory.itemCount
      diagnostics = sink.diagnostics
    }
  }

  private static func whole(_ bytes: [UInt8]) -> Reading {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(bytes, path: "a.pem", into: sink)
    return Reading(inventory.certificates, inventory, sink)
  }

  private static func parts(_ bytes: [UInt8], of count: Int) -> Reading {
    let sink = DiagnosticSink()
    var stream = PEMStream(path: "a.pem", into: sink, partByteCount: count)
    var records: [CertificateRecord] = []
    var start = 0
    while start < bytes.count {
      stream.take(bytes[start..<min(start + count, bytes.count)])
      records += stream.takeRecords()
      start += count
    }
    stream.finish()
    records += stream.takeRecords()
    return Reading(records, stream.inventory, sink)
  }

  @Test func corpusIsThere() { #expect(Self.texts.count >= 60) }

  @Test(arguments: texts) func partsOfAnySizeMakeTheWhole(_ name: String) throws {
    let bytes = try TestData.bytes(name)
    guard PEMStream.fits(bytes) else { return }
    let whole = Self.whole(bytes)
    for count in [1, 7, 64, 200, 1_000, 5_000, bytes.count] {
      let parts = Self.parts(bytes, of: count)
      #expect(parts == whole, "in parts of \(count) bytes")
    }
  }

  @Test func severalFilesInOneWithTextAroundThem() throws {
    var bytes: [UInt8] = Array("Certificates of a mesh\r\n\r".utf8)
    for name in Self.texts.prefix(40) {
      let text = try TestData.bytes(name)
      guard text.first != 0xFF, text.first != 0xFE else { continue }
      bytes += text
      bytes += Array("\n# \(name)\n".utf8)
    }
    let whole = Self.whole(bytes)
    #expect(whole.facts.count > 40)
    for count in [97, 333, 4_096] {
      #expect(Self.parts(bytes, of: count) == whole, "in parts of \(count) bytes")
    }
  }

  @Test func aBlockLargerThanAPartIsRead() {
    let body = String(repeating: "QUJD", count: 3_000)
    let bytes = Array("-----BEGIN NOTE-----\n\(body)\n-----END NOTE-----\n".utf8)
    #expect(Self.parts(bytes, of: 100) == Self.whole(bytes))
  }

  @Test func onlyBundlesOfPEMAreReadInParts() throws {
    #expect(PEMStream.fits(Array("-----BEGIN CERTIFICATE-----\n".utf8)))
    #expect(!PEMStream.fits(try TestData.bytes("corpus/base.der")))
    #expect(!PEMStream.fits(Array("{\"dynamicActiveSecrets\": [\"-----BEGIN C-----\"]}".utf8)))
    #expect(!PEMStream.fits([0xFF, 0xFE] + Array("-----BEGIN".utf8).flatMap { [$0, 0] }))
  }
}
