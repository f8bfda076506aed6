import CertificateReader
import MeshModel

/// Inventories of other tools: JSON, text of openssl, metrics, tables.
///
/// Whatever the bytes are, reading ends with something: an item or a diagnostic; and a file is recognised by its
/// beginning as what it is read as.
@_cdecl("LLVMFuzzerTestOneInput")
func readInventory(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let sink = DiagnosticSink()
  let inventory = CertificateReader.read(bytes, path: "input", into: sink)
  precondition(
    inventory.itemCount > 0 || !sink.diagnostics.isEmpty, "the input is gone without a word")
  precondition(
    CertificateReader.recognises(bytes) != nil || inventory.certificates.isEmpty,
    "an inventory was read that is not recognised")
  return 0
}
