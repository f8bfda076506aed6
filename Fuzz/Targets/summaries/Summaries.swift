import AccessLogReader
import MeshModel

/// Traffic summaries.
///
/// What is read can be written, and what was written is written the same again: times are kept in
/// milliseconds, so that only the first writing may lose something.
enum Summaries: FuzzTarget {
  static func read(_ bytes: [UInt8]) {
    guard let summary = Self.summary(of: bytes) else { return }
    let written = summary.bytes
    let again = Self.summary(of: written)
    precondition(again?.bytes == written, "what was written reads differently")
  }

  private static func summary(of bytes: [UInt8]) -> TrafficSummary? {
    var reader = TrafficSummaryReader()
    bytes.withUnsafeBytes { reader.consume($0) }
    return try? reader.finish()
  }
}
