import AccessLogReader
import MeshModel

/// Lines of access logs in every format, wrapped or not, and rows of engines.
///
/// Whatever the bytes are, each line is accounted for, and it makes no difference where blocks end.
@_cdecl("LLVMFuzzerTestOneInput")
func readAccessLogs(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 1, let start else { return 0 }
  // The first byte says where blocks end and whether the formats of the seeds are declared.
  let block = Int(start[0] >> 1) + 1
  let bytes = UnsafeRawBufferPointer(start: start + 1, count: count - 1)
  var options = AccessLogOptions()
  options.longestLine = 8192
  if start[0] & 1 == 1 { options.formats = formats }
  let result = read(bytes, block: bytes.count, options)
  let counts = result.counts
  precondition(
    result.problem != nil
      || counts.lines >= counts.ambiguous + counts.tooLong + counts.unterminated, "lines are gone")
  var total = 0
  for sum in result.requests.values { total += sum.count }
  precondition(result.problem != nil || total == counts.read, "requests are gone")

  precondition(
    read(bytes, block: block, options) == result, "it makes a difference where blocks end")
  return 0
}

private func read(_ bytes: UnsafeRawBufferPointer, block: Int, _ options: AccessLogOptions)
  -> AccessLogResult
{
  var scanner = AccessLogScanner(options: options, directory: TrafficDirectory(), path: "input")
  var position = 0
  while position < bytes.count {
    let end = min(position + block, bytes.count)
    scanner.consume(UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
    position = end
  }
  return scanner.finish()
}

private let formats = [
  AccessLogFormat(text: AccessLogFormat.istioTextFormat + " %DOWNSTREAM_PEER_URI_SAN%"),
  AccessLogFormat(
    jsonText: """
      {"t":"%START_TIME%","m":"%REQ(:METHOD)%","p":"%REQ(:PATH)%","who":"%DOWNSTREAM_PEER_URI_SAN%"}
      """),
].compactMap(\.self)
