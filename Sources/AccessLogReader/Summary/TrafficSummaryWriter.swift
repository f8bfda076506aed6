import CInflateShim
import MeshModel

extension TrafficSummary {
  /// The summary as JSON Lines in UTF-8: a header and one record a line, sorted; equal summaries give
  /// equal bytes.
  package var bytes: [UInt8] {
    var lines = SortedLines()
    let halves = result.pairs.halvesByRow
    for (key, sum) in result.requests {
      lines.add { writer in
        writer.request(key, sum, halves: halves[key] ?? [], rest: result.pairs.row(of: key)?.rest)
      }
    }
    for (workload, coverage) in result.coverage {
      lines.add { writer in writer.coverage(workload, coverage) }
    }
    for (group, depth) in result.pathDepths {
      lines.add { writer in writer.pathDepth(group, depth) }
    }
    var header = JSONLineWriter()
    header.header(self, recordCount: lines.count)
    return lines.sorted(after: header.bytes)
  }

  /// The summary as gzip (RFC 1952); nil when there is no memory for it.
  package var gzipBytes: [UInt8]? {
    let plain = bytes
    let room = meshaudit_gzip_bound(plain.count)
    var count = 0
    let packed = [UInt8](unsafeUninitializedCapacity: room) { buffer, used in
      count = plain.withUnsafeBufferPointer {
        meshaudit_gzip($0.baseAddress, $0.count, buffer.baseAddress, room)
      }
      used = count
    }
    return count == 0 ? nil : packed
  }
}

/// Lines in one buffer, put in the order of their bytes at the end.
private struct SortedLines {
  private var writer = JSONLineWriter()
  private var starts: [Int] = []

  var count: Int { starts.count }

  mutating func add(_ write: (inout JSONLineWriter) -> Void) {
    starts.append(writer.bytes.count)
    write(&writer)
  }

  func sorted(after header: [UInt8]) -> [UInt8] {
    let bytes = writer.bytes
    var result = header
    result.reserveCapacity(header.count + bytes.count)
    bytes.withUnsafeBufferPointer { buffer in
      let lines = starts.indices.map { index in
        let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
        return UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[starts[index]..<end]))
      }
      for line in lines.sorted(by: SortedLines.isBefore) { result.append(contentsOf: line) }
    }
    return result
  }

  private static func isBefore(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer)
    -> Bool
  {
    guard let first = left.baseAddress, let second = right.baseAddress else {
      return left.count < right.count
    }
    let order = memcmp(first, second, min(left.count, right.count))
    return order == 0 ? left.count < right.count : order < 0
  }
}

/// Writes the records of a summary, members in a fixed order, absent ones left out.
struct JSONLineWriter {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  mutating func header(_ summary: TrafficSummary, recordCount: Int) {
    let counts = summary.result.counts
    open()
    member("schema", TrafficSummary.schema)
    member("tool", summary.tool)
    member("records", recordCount)
    member("first", summary.result.firstSeen?.millisecondText)
    member("last", summary.result.lastSeen?.millisecondText)
    nested("lines") { writer in
      writer.member("total", counts.lines)
      writer.member("read", counts.read)
      writer.member("ambiguous", counts.ambiguous)
      writer.member("rejected", counts.rejected)
      writer.member("tooLong", counts.tooLong)
      writer.member("other", counts.other)
      writer.member("unterminated", counts.unterminated)
    }
    nested("unknown") { writer in
      writer.member("claimedAddresses", counts.claimedAddresses)
      writer.member("sources", counts.unknownSources)
      writer.member("destinations", counts.unknownDestinations)
    }
    member("bytes", counts.bytes)
    nested("formats") { writer in
      for (format, count) in counts.readByFormat.sorted(by: { $0.key < $1.key }) {
        writer.member(format, count)
      }
    }
    nested("limits") { writer in
      writer.member("paths", summary.result.options.pathLimit)
      writer.member("hosts", summary.result.options.hostLimit)
    }
    member("hasTooManyHosts", summary.result.hasTooManyHosts)
    let sample = summary.result.pairs.sample
    if sample.keyLimit > 0, counts.pairableServerLines + counts.pairableClientLines > 0 {
      nested("pairs") { writer in
        writer.member("limit", sample.keyLimit)
        writer.member("level", sample.level)
        writer.member("serverLines", counts.pairableServerLines)
        writer.member("clientLines", counts.pairableClientLines)
        writer.member("ambiguous", PairText.text(ambiguous: sample.entries))
      }
    }
    member("failedInputs", summary.failedInputCount)
    member("isIdentified", summary.isIdentified)
    name("contents")
    put("[")
    for (index, content) in summary.contents.sorted().enumerated() {
      if index > 0 { put(",") }
      open()
      member("blake3", content.digest)
      member("byteCount", content.byteCount)
      close()
    }
    put("]")
    isFirst = false
    close()
    put("\n")
  }

  mutating func request(
    _ key: ObservedRequestKey, _ sum: ObservedRequestSum,
    halves: [(hash: UInt64, half: PairHalf)] = [], rest: PairRows.Times? = nil
  ) {
    open()
    member("day", key.day)
    member("side", key.side.rawValue)
    party("source", key.source)
    party("destination", key.destination)
    member("port", key.port)
    member("protocol", key.protocolName)
    member("method", key.method)
    member("path", key.pathTemplate)
    member("response", key.responseClass)
    member("outcome", key.outcome.rawValue)
    member("deniedBy", key.deniedBy)
    member("identitySource", key.identitySource.rawValue)
    member("isPathTrusted", key.isPathTrusted)
    member("isMTLS", key.isMTLS)
    member("format", key.format)
    member("count", sum.count)
    member("first", sum.firstSeen.millisecondText)
    member("last", sum.lastSeen.millisecondText)
    member("bytesReceived", Int(sum.bytesReceived))
    member("bytesSent", Int(sum.bytesSent))
    if !sum.latency.buckets.isEmpty {
      nested("latency") { writer in
        for (bucket, count) in sum.latency.buckets.enumerated() where count > 0 {
          writer.member(String(LatencyHistogram.lowerBound(bucket: bucket)), Int(clamping: count))
        }
      }
    }
    if !halves.isEmpty {
      member("restFirst", rest?.first.millisecondText)
      member("restLast", rest?.last.millisecondText)
      member("halves", PairText.text(halves))
    }
    close()
    put("\n")
  }

  mutating func coverage(_ workload: WorkloadID, _ coverage: LogCoverage) {
    open()
    member("coverage", workload.description)
    member("lines", coverage.lineCount)
    member("first", coverage.firstSeen.millisecondText)
    member("last", coverage.lastSeen.millisecondText)
    nested("hours") { writer in
      for (day, hours) in coverage.hoursByDay.sorted(by: { $0.key < $1.key }) {
        writer.member(UTCTime(seconds: Int64(day) * 86_400).dayText, Int(hours))
      }
    }
    close()
    put("\n")
  }

  mutating func pathDepth(_ group: PathGroup, _ depth: Int) {
    open()
    member("pathDepth", depth)
    party("destination", group.destination)
    member("outcome", group.outcome.rawValue)
    member("response", group.responseClass)
    close()
    put("\n")
  }

  private mutating func party(_ name: String, _ party: ObservedParty) {
    guard party != ObservedParty() else { return }
    nested(name) { writer in
      writer.member("principal", party.principal)
      writer.member("workload", party.workload?.description)
      writer.member("host", party.host)
    }
  }

  private mutating func nested(_ name: String, _ write: (inout JSONLineWriter) -> Void) {
    self.name(name)
    open()
    write(&self)
    close()
  }

  private mutating func open() {
    put("{")
    isFirst = true
  }

  private mutating func close() {
    put("}")
    isFirst = false
  }

  private mutating func name(_ name: String) {
    if !isFirst { put(",") }
    isFirst = false
    text(name)
    put(":")
  }

  private mutating func member(_ name: String, _ value: String?) {
    guard let value else { return }
    self.name(name)
    text(value)
  }

  private mutating func member(_ name: String, _ value: Int?) {
    guard let value else { return }
    self.name(name)
    number(value)
  }

  private mutating func member(_ name: String, _ value: Bool?) {
    guard let value else { return }
    self.name(name)
    put(value ? "true" : "false")
  }

  private mutating func number(_ value: Int) {
    guard value >= 0, value < 10 else { return put(String(value)) }
    bytes.append(UInt8(ascii: "0") + UInt8(value))
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// A JSON string (RFC 8259 section 7).
  private mutating func text(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    defer { bytes.append(UInt8(ascii: "\"")) }
    let isPlain = value.utf8.withContiguousStorageIfAvailable { text in
      for byte in text
      where byte < 32 || byte == 127 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        return false
      }
      bytes.append(contentsOf: text)
      return true
    }
    guard isPlain != true else { return }
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<32, 127:
        put("\\u00")
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
  }
}
