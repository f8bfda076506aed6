import CertificateReader
import MeshModel

/// PEM, DER and containers, and the chains of what comes out.
///
/// Whatever the bytes are, reading ends; what goes in comes out as a certificate, a key or a diagnostic; and
/// the bytes of something unreadable, which may be a key, are not kept.
enum Certificates: FuzzTarget {
  static func read(_ bytes: [UInt8]) {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(bytes, path: "input", into: sink)
    precondition(
      inventory.itemCount > 0 || !sink.diagnostics.isEmpty, "the input is gone without a word")
    for record in inventory.certificates {
      precondition((record.der == nil) || record.facts.parseStatus != .failed, "bytes were kept")
      precondition(
        record.facts.parseStatus == .complete || !sink.diagnostics.isEmpty, "a defect is not told")
    }
    let chains = CertificateReader.chains(
      of: inventory.certificates, asOf: UTCTime(seconds: 1_795_150_800))
    precondition(chains.count <= inventory.certificates.count, "more chains than certificates")
    readAsideAndInParts(bytes, inventory)
  }
}

/// Certificates are the same when they come out of a bundle read in parts, and when they were kept aside.
private func readAsideAndInParts(_ bytes: [UInt8], _ inventory: CertificateInventory) {
  var records = inventory.certificates
  if PEMStream.fits(bytes) {
    var stream = PEMStream(path: "input", into: DiagnosticSink(), partByteCount: 150)
    stream.take(bytes.prefix(bytes.count / 2))
    records = stream.takeRecords()
    stream.take(bytes.dropFirst(bytes.count / 2))
    stream.finish()
    records += stream.takeRecords()
    precondition(
      records.map(\.facts) == inventory.certificates.map(\.facts), "parts make another whole")
    precondition(
      records.map(\.sighting) == inventory.certificates.map(\.sighting), "places are others")
  }
  for record in records {
    var encoder = CertificateEncoder()
    guard encoder.append(record) else { continue }
    var decoder = CertificateDecoder()
    let again = encoder.bytes.withUnsafeBytes {
      decoder.record(UnsafeRawBufferPointer(rebasing: $0.dropFirst(4))) { _ in true }
    }
    precondition(again?.facts == record.facts, "what was kept reads differently")
    precondition(again?.sighting == record.sighting, "what was kept stands elsewhere")
  }
}
