import CertificateReader
import MeshModel

/// Revocation lists beside the certificates of their issuers.
///
/// Whatever the bytes are, reading ends; a list that is read has an issuer's name and a time, and what its
/// signature is worth is said without keeping its bytes.
enum RevocationLists: FuzzTarget {
  static func read(_ bytes: [UInt8]) {
    let sink = DiagnosticSink()
    let inventory = CertificateReader.read(bytes, path: "input", into: sink)
    precondition(
      inventory.itemCount > 0 || !sink.diagnostics.isEmpty, "the input is gone without a word")
    let lists = CertificateReader.verified(
      inventory.revocationLists, against: inventory.certificates)
    precondition(lists.count == inventory.revocationLists.count, "a list is gone")
    for list in lists {
      precondition(
        list.thisUpdate != nil && list.der == nil, "a list without a time, or with bytes")
      precondition(
        list.signature == .issuerMissing || !inventory.certificates.isEmpty,
        "a signature was verified with no key")
    }
  }
}
