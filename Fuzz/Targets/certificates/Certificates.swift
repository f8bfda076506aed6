import CertificateReader
import MeshModel

/// PEM, DER and containers, and the chains of what comes out.
///
/// Whatever the bytes are, reading ends; what goes in comes out as a certificate, a key or a diagnostic; and
/// the bytes of something unreadable, which may be a key, are not kept.
@_cdecl("LLVMFuzzerTestOneInput")
func readCertificates(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
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
  return 0
}
