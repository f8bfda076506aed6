import AccessLogReader
import MeshModel

/// Traffic summaries.
///
/// What is read can be written, and what was written is written the same again: times are kept in
/// milliseconds, so that only the first writing may lose something.
@_cdecl("LLVMFuzzerTestOneInput")
func readSummaries(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  guard let summary = read(bytes) else { return 0 }
  let written = summary.bytes
  let again = written.withUnsafeBytes { read($0) }
  precondition(again?.bytes == written, "what was written reads differently")
  return 0
}

private func read(_ bytes: UnsafeRawBufferPointer) -> TrafficSummary? {
  var reader = TrafficSummaryReader()
  reader.consume(bytes)
  return try? reader.finish()
}
