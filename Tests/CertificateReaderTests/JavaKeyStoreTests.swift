import MeshModel
import Testing

@testable import CertificateReader

@Suite struct JavaKeyStoreTests {
  /// Writes the format of `sun.security.provider.JavaKeyStore`, version 2.
  private struct Writer {
    var bytes: [UInt8]

    init(magic: [UInt8] = [0xFE, 0xED, 0xFE, 0xED], version: Int = 2, count: Int) {
      bytes = magic
      number(version)
      number(count)
    }

    mutating func number(_ value: Int) {
      for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func text(_ value: String) {
      bytes += [0, UInt8(value.utf8.count)] + Array(value.utf8)
    }

    mutating func entry(_ kind: Int, _ alias: String) {
      number(kind)
      text(alias)
      bytes += [UInt8](repeating: 0, count: 8)
    }

    mutating func certificate(_ der: [UInt8], type: String = "X.509") {
      text(type)
      number(der.count)
      bytes += der
    }

    mutating func privateKey(_ alias: String, chain: [[UInt8]]) {
      entry(1, alias)
      number(32)
      bytes += [UInt8](repeating: 0xAB, count: 32)
      number(chain.count)
      for der in chain { certificate(der) }
    }

    var closed: [UInt8] { bytes + [UInt8](repeating: 0, count: 20) }
  }

  private func read(_ bytes: [UInt8]) -> (CertificateInventory, [Diagnostic]) {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(bytes, path: "store.jks", into: sink)
    return (inventory, sink.diagnostics)
  }

  private func whole() throws -> [UInt8] {
    var writer = Writer(count: 2)
    writer.entry(2, "mesh root")
    writer.certificate(try TestData.bytes("corpus/base.der"))
    writer.privateKey(
      "web",
      chain: [
        try TestData.bytes("corpus/linkerd-leaf.der"),
        try TestData.bytes("corpus/key-rsa-1024.der"),
      ])
    return writer.closed
  }

  @Test func certificatesAreReadWithoutThePassword() throws {
    let (inventory, diagnostics) = read(try whole())
    #expect(inventory.certificates.map(\.sighting.place.key) == ["mesh root", "web", "web"])
    #expect(inventory.certificates.map(\.sighting.role.rawValue).first == "anchor")
    #expect(inventory.certificates.map(\.sighting.position) == [0, 0, 1])
    #expect(inventory.certificates.allSatisfy { $0.sighting.place.source == .javaKeyStore })
    #expect(inventory.certificates.allSatisfy { $0.facts.parseStatus == .complete })
    #expect(inventory.privateKeys.map(\.isEncrypted) == [true])
    #expect(diagnostics.map(\.code) == ["private-key-in-inventory"])
  }

  @Test func aStoreCutAnywhereIsSaidToBe() throws {
    let bytes = try whole()
    for count in 4..<bytes.count - 20 {
      let (_, diagnostics) = read(Array(bytes.prefix(count)))
      #expect(diagnostics.contains { $0.code == "container-unreadable" }, "cut to \(count) bytes")
    }
  }

  @Test func whatStandsBeforeASecretKeyIsRead() throws {
    var writer = Writer(magic: [0xCE, 0xCE, 0xCE, 0xCE], count: 2)
    writer.entry(2, "root")
    writer.certificate(try TestData.bytes("corpus/base.der"))
    writer.entry(3, "cookie")
    writer.bytes += [UInt8](repeating: 7, count: 300)
    let (inventory, diagnostics) = read(writer.closed)
    #expect(inventory.certificates.count == 1)
    #expect(diagnostics.map(\.code) == ["container-unreadable"])
    #expect(diagnostics[0].message.contains("\"cookie\""))
  }

  @Test func versionOneHasNoTypesAndOthersAreRefused() throws {
    let der = try TestData.bytes("corpus/base.der")
    var first = Writer(version: 1, count: 1)
    first.entry(2, "root")
    first.number(der.count)
    first.bytes += der
    #expect(read(first.closed).0.certificates.count == 1)
    let (inventory, diagnostics) = read(Writer(version: 3, count: 1).closed)
    #expect(inventory.certificates.isEmpty)
    #expect(diagnostics.map(\.code) == ["container-unreadable"])
  }
}
