import MeshModel
import Testing

@testable import CertificateReader

/// Whatever the bytes are, reading ends, and what goes in comes out.
@Suite struct MutationTests {
  /// SplitMix64: the same seed always gives the same mutations.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  static let seed: UInt64 = 20_261_124

  static func mutated(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard !bytes.isEmpty else { return bytes }
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      case 3: bytes.remove(at: place)
      case 4:
        let end = min(bytes.count, place + Int.random(in: 1...64, using: &generator))
        bytes.insert(contentsOf: bytes[place..<end], at: place)
      default: bytes.removeSubrange(place..<min(bytes.count, place + 40))
      }
    }
    return bytes
  }

  @Test func everyBlockGivesARowAKeyOrADiagnostic() throws {
    print("mutation seed \(Self.seed)")
    var generator = Generator(state: Self.seed)
    let names = try TestData.names(in: "corpus").filter { $0.hasSuffix(".pem") }
    let inputs = try names.map { try TestData.bytes("corpus/" + $0) }.filter { !$0.isEmpty }
    for round in 0..<10_000 {
      let bytes = Self.mutated(inputs[round % inputs.count], &generator)
      let sink = DiagnosticSink()
      var collector = CertificateCollector(sink: sink)
      let place = CertificatePlace(source: .pem, location: SourceLocation(path: "a"))
      let count = collector.addPEM(bytes, at: place, hasOwnLines: true)
      let inventory = collector.inventory
      let out =
        inventory.certificates.count + inventory.privateKeys.count + inventory.revocationLists.count
        + sink.diagnostics.count
      #expect(out >= count, "round \(round) of seed \(Self.seed)")
      let complete = inventory.certificates.filter { $0.facts.parseStatus == .complete }.count
      let told = inventory.certificates.count - complete
      #expect(sink.diagnostics.count >= told, "round \(round) of seed \(Self.seed)")
    }
  }

  @Test func everyDERGivesARowAKeyOrADiagnostic() throws {
    var generator = Generator(state: Self.seed &+ 1)
    let names = try TestData.names(in: "corpus").filter { $0.hasSuffix(".der") }
    let inputs = try names.map { try TestData.bytes("corpus/" + $0) }.filter { $0.count < 3000 }
    for round in 0..<10_000 {
      let bytes = Self.mutated(inputs[round % inputs.count], &generator)
      let sink = DiagnosticSink()
      let inventory = CertificateReader.read(bytes, path: "a", into: sink)
      let out =
        inventory.certificates.count + inventory.privateKeys.count + inventory.revocationLists.count
        + sink.diagnostics.count
      #expect(out >= 1, "round \(round) of seed \(Self.seed)")
      for record in inventory.certificates {
        #expect(record.facts.sha256?.utf8.count == 64)
        #expect(record.facts.parseStatus == .complete || !sink.diagnostics.isEmpty)
        #expect((record.der == nil) == (record.facts.parseStatus == .failed))
      }
    }
  }

  @Test func noInventoryFormatTraps() throws {
    var generator = Generator(state: Self.seed &+ 2)
    let inputs = try TestData.names(in: "formats").map { try TestData.bytes("formats/" + $0) }
    for round in 0..<3_000 {
      let bytes = Self.mutated(inputs[round % inputs.count], &generator)
      let sink = DiagnosticSink()
      let inventory = CertificateReader.read(bytes, path: "a", into: sink)
      #expect(inventory.itemCount > 0 || !sink.diagnostics.isEmpty, "round \(round)")
    }
  }
}
