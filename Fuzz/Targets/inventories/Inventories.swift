import CertificateReader
import MeshModel

/// Inventories of other tools: JSON, text of openssl, metrics, tables.
///
/// Whatever the bytes are, reading ends with something: an item or a diagnostic; and a file is recognised by its
/// beginning as what it is read as.
enum Inventories: FuzzTarget {
  static func read(_ bytes: [UInt8]) {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(bytes, path: "input", into: sink)
    precondition(
      inventory.itemCount > 0 || !sink.diagnostics.isEmpty, "the input is gone without a word")
    precondition(
      CertificateReader.recognises(bytes) != nil || inventory.certificates.isEmpty,
      "an inventory was read that is not recognised")
  }
}
