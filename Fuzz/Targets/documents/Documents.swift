import AccessLogReader
import MeshModel

/// Documents that hold log lines: of Loki and Fluent Bit, exports of OpenTelemetry, objects over many lines; and
/// the lines in what collectors put around them.
///
/// It makes no difference where blocks end, and each line that comes out is accounted for.
enum Documents: FuzzTarget {
  static func read(_ bytes: [UInt8]) {
    guard bytes.count > 1 else { return }
    // The first byte says where blocks end.
    let block = Int(bytes[0]) + 1
    let content = Array(bytes.dropFirst())
    guard let kind = content.withUnsafeBytes({ LogDocument.kind(of: $0) }) else {
      return account(content)
    }
    let whole = lines(of: content, kind, block: content.count)
    precondition(
      lines(of: content, kind, block: block) == whole, "it makes a difference where blocks end")
    account(whole.bytes)
  }

  private struct Lines: Equatable {
    var bytes: [UInt8] = []
    var isWhole = false
  }

  private static func lines(of content: [UInt8], _ kind: LogDocument.Kind, block: Int) -> Lines {
    var document = LogDocument(kind)
    var lines = Lines()
    var position = 0
    while position < content.count {
      let end = min(position + block, content.count)
      content[position..<end].withUnsafeBytes { part in
        document.take(part) { lines.bytes.append(contentsOf: $0) }
      }
      position = end
    }
    document.finish { lines.bytes.append(contentsOf: $0) }
    lines.isWhole = document.isWhole
    return lines
  }

  private static func account(_ bytes: [UInt8]) {
    var options = AccessLogOptions()
    options.longestLine = 8192
    var scanner = AccessLogScanner(
      options: options, directory: TrafficDirectory(), path: "input")
    bytes.withUnsafeBytes { scanner.consume($0) }
    let result = scanner.finish()
    let total = result.requests.values.reduce(0) { $0 + $1.count }
    precondition(result.problem != nil || total == result.counts.read, "requests are gone")
  }
}
