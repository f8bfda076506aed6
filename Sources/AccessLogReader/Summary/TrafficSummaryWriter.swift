import CInflateShim
import MeshModel

extension TrafficSummary {
  /// The summary as JSON Lines in UTF-8: a header and one record a line, sorted; equal summaries give
  /// equal bytes.
  package var bytes: [UInt8] {
    var result: [UInt8] = []
    write { result.append(contentsOf: $0) }
    return result
  }

  /// Writes the summary piece by piece.
  package func write(_ put: (UnsafeRawBufferPointer) -> Void) {
    var lines = SortedLines(
      capacity: result.requests.count * 512 + result.pairs.sample.entries.count * 64)
    let pairs = result.pairs
    let halves = pairs.halvesByRow
    for (key, sum) in result.requests {
      lines.add { writer in
        if let row = pairs.number(of: key) {
          writer.request(key, sum, halves: halves[row], rest: pairs.rows[Int(row)].rest)
        } else {
          writer.request(key, sum)
        }
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
    lines.write(after: header.bytes, put)
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
  private static let pieceByteCount = 256 << 10
  private var writer: JSONLineWriter
  private var starts: [Int] = []

  init(capacity: Int) {
    writer = JSONLineWriter(capacity: capacity)
  }

  var count: Int { starts.count }

  mutating func add(_ write: (inout JSONLineWriter) -> Void) {
    starts.append(writer.bytes.count)
    write(&writer)
  }

  func write(after header: [UInt8], _ put: (UnsafeRawBufferPointer) -> Void) {
    var piece = header
    piece.reserveCapacity(max(header.count, SortedLines.pieceByteCount) + 1024)
    writer.bytes.withUnsafeBytes { buffer in
      let lines = starts.indices.map { index in
        let end = index + 1 < starts.count ? starts[index + 1] : buffer.count
        return UnsafeRawBufferPointer(rebasing: buffer[starts[index]..<end])
      }
      for line in lines.sorted(by: SortedLines.isBefore) {
        piece.append(contentsOf: line)
        guard piece.count >= SortedLines.pieceByteCount else { continue }
        piece.withUnsafeBytes(put)
        piece.removeAll(keepingCapacity: true)
      }
    }
    if !piece.isEmpty { piece.withUnsafeBytes(put) }
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

/// The lines of a summary, members in a fixed order.
extension JSONLineWriter {
  mutating func header(_ summary: TrafficSummary, recordCount: Int) {
    let counts = summary.result.counts
    open()
    member("schema", TrafficSummary.schema)
    member("tool", summary.tool)
    member("records", recordCount)
    member("first", summary.result.firstSeen)
    member("last", summary.result.lastSeen)
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
        writer.member(format, of: count)
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
    list("contents", summary.contents.sorted()) { writer, content in
      writer.member("blake3", content.digest)
      writer.member("byteCount", content.byteCount)
    }
    close()
    endLine()
  }

  mutating func request(
    _ key: ObservedRequestKey, _ sum: ObservedRequestSum,
    halves: ArraySlice<PairHalvesByRow.Half> = [], rest: PairRows.Times? = nil
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
    member("first", sum.firstSeen)
    member("last", sum.lastSeen)
    member("bytesReceived", Int(sum.bytesReceived))
    member("bytesSent", Int(sum.bytesSent))
    if !sum.latency.buckets.isEmpty {
      nested("latency") { writer in
        for (bucket, count) in sum.latency.buckets.enumerated() where count > 0 {
          writer.member(LatencyHistogram.lowerBound(bucket: bucket), Int(clamping: count))
        }
      }
    }
    if !halves.isEmpty {
      member("restFirst", rest?.first)
      member("restLast", rest?.last)
      member("halves", plain: { PairText.write(halves, to: &$0) })
    }
    close()
    endLine()
  }

  mutating func coverage(_ workload: WorkloadID, _ coverage: LogCoverage) {
    open()
    member("coverage", workload.description)
    member("lines", coverage.lineCount)
    member("first", coverage.firstSeen)
    member("last", coverage.lastSeen)
    nested("hours") { writer in
      for (day, hours) in coverage.hoursByDay.sorted(by: { $0.key < $1.key }) {
        writer.member(UTCTime(seconds: Int64(day) * 86_400).dayText, of: Int(hours))
      }
    }
    close()
    endLine()
  }

  mutating func pathDepth(_ group: PathGroup, _ depth: Int) {
    open()
    member("pathDepth", depth)
    party("destination", group.destination)
    member("outcome", group.outcome.rawValue)
    member("response", group.responseClass)
    close()
    endLine()
  }

  private mutating func party(_ name: StaticString, _ party: ObservedParty) {
    guard party != ObservedParty() else { return }
    nested(name) { writer in
      writer.member("principal", party.principal)
      writer.member("workload", party.workload?.description)
      writer.member("host", party.host)
    }
  }
}
