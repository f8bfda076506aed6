import AccessLogReader
import MeshModel

/// Lines of access logs in every format, wrapped or not, and rows of engines.
///
/// Whatever the bytes are, each line is accounted for, and it makes no difference where blocks end.
enum AccessLogs: FuzzTarget {
  static func read(_ bytes: [UInt8]) {
    guard let first = bytes.first, bytes.count > 1 else { return }
    // The first byte says where blocks end and whether the formats of the seeds are declared.
    let block = Int(first >> 1) + 1
    var options = AccessLogOptions()
    options.longestLine = 8192
    if first & 1 == 1 { options.formats = formats }
    let log = bytes.dropFirst()
    let result = read(log, block: log.count, options)
    let counts = result.counts
    precondition(
      result.problem != nil
        || counts.lines >= counts.ambiguous + counts.tooLong + counts.unterminated, "lines are gone"
    )
    var total = 0
    for sum in result.requests.values { total += sum.count }
    precondition(result.problem != nil || total == counts.read, "requests are gone")

    precondition(
      read(log, block: block, options) == result, "it makes a difference where blocks end")
  }

  private static func read(
    _ log: ArraySlice<UInt8>, block: Int, _ options: AccessLogOptions
  ) -> AccessLogResult {
    var scanner = AccessLogScanner(options: options, directory: TrafficDirectory(), path: "input")
    var rest = log
    while !rest.isEmpty {
      rest.prefix(block).withUnsafeBytes { scanner.consume($0) }
      rest = rest.dropFirst(block)
    }
    return scanner.finish()
  }

  private static let formats = [
    AccessLogFormat(text: AccessLogFormat.istioTextFormat + " %DOWNSTREAM_PEER_URI_SAN%"),
    AccessLogFormat(
      jsonText: """
        {"t":"%START_TIME%","m":"%REQ(:METHOD)%","p":"%REQ(:PATH)%","who":"%DOWNSTREAM_PEER_URI_SAN%"}
        """),
  ].compactMap(\.self)
}
