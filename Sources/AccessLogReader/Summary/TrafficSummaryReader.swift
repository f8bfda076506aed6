import Foundation
import MeshModel

/// Why a traffic summary cannot be used.
package struct TrafficSummaryError: Error, Equatable, Sendable {
  package enum Code: String, Sendable {
    /// It is of another version of the format.
    case version
    /// A line is not what the format says.
    case line
    /// The header tells another number of records or requests than there are: it was cut or changed.
    case incomplete
  }

  package var code: Code
  /// What was wrong, for a diagnostic.
  package var message: String

  package static func == (left: TrafficSummaryError, right: TrafficSummaryError) -> Bool {
    left.code == right.code
  }
}

/// Reads one traffic summary, block by block.
///
/// A summary is taken whole or not at all: half of one would be traffic that seems not to be.
package struct TrafficSummaryReader: ~Copyable {
  private let decoder = JSONDecoder()
  private var plain = PlainSummaryRecord()
  /// The last day that was found to be one.
  private var knownDay = ""
  private var carry: [UInt8] = []
  private var lineNumber = 0
  private var summary: TrafficSummary?
  private var expectedCount = 0
  private var recordCount = 0
  private var requestCount = 0
  private var problem: TrafficSummaryError?

  /// The most that one count may be: far beyond any log, and small enough that sums fit.
  private static let largest = 1_000_000_000_000
  /// The most requests of which halves may be kept.
  private static let mostPairs = 1 << 24
  /// A line with the digests of many logs is long; none is as long as this.
  private static let longestLine = 256 << 20

  package init() {}

  /// Whether a file that starts with these bytes is a traffic summary, of whatever version.
  package static func recognises(_ prefix: [UInt8]) -> Bool {
    let start = prefix.prefix(256)
    guard start.first == UInt8(ascii: "{") else { return false }
    let text = String(decoding: start, as: UTF8.self)
    return text.contains("\"meshaudit-traffic/")
  }

  /// Reads the next bytes; blocks may end anywhere.
  package mutating func consume(_ block: UnsafeRawBufferPointer) {
    guard var position = block.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    let end = position + block.count
    while problem == nil, let newline = memchr(position, 10, end - position) {
      let count = UnsafePointer(newline.assumingMemoryBound(to: UInt8.self)) - position
      if carry.isEmpty {
        readLine(Bytes(position, count))
      } else {
        carry.append(contentsOf: UnsafeBufferPointer(start: position, count: count))
        readCarriedLine()
      }
      position += count + 1
    }
    guard problem == nil else { return }
    carry.append(contentsOf: UnsafeBufferPointer(start: position, count: end - position))
    if carry.count > TrafficSummaryReader.longestLine { fail("it is too long") }
  }

  /// Ends the summary and says what is in it.
  package consuming func finish() throws(TrafficSummaryError) -> TrafficSummary {
    if problem == nil, !carry.isEmpty { readCarriedLine() }
    if let problem { throw problem }
    guard var summary else {
      throw TrafficSummaryError(code: .incomplete, message: "it has no header line")
    }
    guard recordCount == expectedCount else {
      throw TrafficSummaryError(
        code: .incomplete,
        message: "its header tells \(expectedCount) records, and \(recordCount) follow")
    }
    guard requestCount == summary.result.counts.read else {
      throw TrafficSummaryError(
        code: .incomplete,
        message:
          "its header tells \(summary.result.counts.read) lines read, and its records add up to "
          + "\(requestCount)")
    }
    summary.result.limitNames()
    return summary
  }

  private mutating func fail(_ reason: String) {
    problem = TrafficSummaryError(code: .line, message: "line \(lineNumber): \(reason)")
  }

  private mutating func readCarriedLine() {
    var line: [UInt8] = []
    swap(&line, &carry)
    line.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      readLine(Bytes(base, buffer.count))
    }
    line.removeAll(keepingCapacity: true)
    swap(&line, &carry)
  }

  private mutating func readLine(_ line: Bytes) {
    lineNumber += 1
    var line = line
    if line.count > 0, line[line.count - 1] == 13 { line.count -= 1 }
    guard line.count > 0 else { return }
    guard summary != nil else { return readHeader(line) }
    guard let record = plain.read(line) ?? decoded(TrafficSummaryRecord.self, line) else {
      return fail("it is no record of a traffic summary")
    }
    recordCount += 1
    if record.coverage != nil {
      readCoverage(record)
    } else if record.pathDepth != nil {
      readPathDepth(record)
    } else {
      readRequest(record)
    }
  }

  private func decoded<Value: Decodable>(_ type: Value.Type, _ line: Bytes) -> Value? {
    try? decoder.decode(type, from: Data(bytes: line.pointer, count: line.count))
  }

  private mutating func readHeader(_ line: Bytes) {
    guard let header = decoded(TrafficSummaryHeader.self, line) else {
      return fail("the header is not that of a traffic summary")
    }
    guard header.schema == TrafficSummary.schema else {
      problem = TrafficSummaryError(
        code: .version,
        message:
          "it is of the version \"\(header.schema)\"; this program reads \"\(TrafficSummary.schema)\""
      )
      return
    }
    var counts = AccessLogCounts()
    counts.lines = header.lines.total
    counts.read = header.lines.read
    counts.ambiguous = header.lines.ambiguous ?? 0
    counts.rejected = header.lines.rejected ?? 0
    counts.tooLong = header.lines.tooLong ?? 0
    counts.other = header.lines.other ?? 0
    counts.unterminated = header.lines.unterminated ?? 0
    counts.bytes = header.bytes ?? 0
    counts.claimedAddresses = header.unknown?.claimedAddresses ?? 0
    counts.unknownSources = header.unknown?.sources ?? 0
    counts.unknownDestinations = header.unknown?.destinations ?? 0
    counts.readByFormat = header.formats ?? [:]
    let numbers = [
      counts.lines, counts.read, counts.ambiguous, counts.rejected, counts.tooLong, counts.other,
      counts.unterminated, counts.claimedAddresses, counts.unknownSources,
      counts.unknownDestinations, header.failedInputs ?? 0, header.records,
      header.limits?.paths ?? 0, header.limits?.hosts ?? 0,
    ]
    guard numbers.allSatisfy({ (0...TrafficSummaryReader.largest).contains($0) }),
      (0...(TrafficSummaryReader.largest << 10)).contains(counts.bytes),
      counts.readByFormat.values.allSatisfy({ (0...TrafficSummaryReader.largest).contains($0) })
    else { return fail("a count of the header is out of range") }
    var options = AccessLogOptions()
    if let limit = header.limits?.paths { options.pathLimit = limit }
    if let limit = header.limits?.hosts { options.hostLimit = limit }
    // A summary without lines that could be joined limits no other.
    options.pairLimit = header.pairs?.limit ?? TrafficSummaryReader.mostPairs
    counts.pairableServerLines = header.pairs?.serverLines ?? 0
    counts.pairableClientLines = header.pairs?.clientLines ?? 0
    var result = AccessLogResult(options: options)
    result.counts = counts
    if let pairs = header.pairs {
      guard (0...TrafficSummaryReader.mostPairs).contains(pairs.limit),
        (0...PairSample.deepestLevel).contains(pairs.level),
        (0...counts.read).contains(pairs.serverLines),
        (0...counts.read).contains(pairs.clientLines),
        let ambiguous = PairText.ambiguous(
          pairs.ambiguous ?? "", largest: TrafficSummaryReader.largest)
      else { return fail("what it says of pairs cannot be") }
      result.pairs.add(ambiguous, keyLimit: pairs.limit, level: pairs.level)
    }
    result.hasTooManyHosts = header.hasTooManyHosts ?? false
    for (text, path) in [
      (header.first, \AccessLogResult.firstSeen), (header.last, \AccessLogResult.lastSeen),
    ] {
      guard let text else { continue }
      guard let time = UTCTime(text) else { return fail("\"\(text)\" is no time") }
      result[keyPath: path] = time
    }
    let contents = header.contents ?? []
    guard contents.allSatisfy({ TrafficSummaryReader.isDigest($0.blake3) && $0.byteCount >= 0 })
    else { return fail("a digest of its contents is none") }
    expectedCount = header.records
    summary = TrafficSummary(
      tool: header.tool, result: result,
      contents: Set(contents.map { .init(digest: $0.blake3, byteCount: $0.byteCount) }),
      isIdentified: header.isIdentified ?? false, failedInputCount: header.failedInputs ?? 0)
  }

  private mutating func readRequest(_ record: TrafficSummaryRecord) {
    guard let day = record.day, day == knownDay || UTCTime(day)?.dayText == day else {
      return fail("it has no day")
    }
    knownDay = day
    guard let side = record.side.flatMap(ObservedRequestKey.Side.init(rawValue:)),
      let outcome = record.outcome.flatMap(ObservedRequestKey.Outcome.init(rawValue:)),
      let protocolName = record.protocol, ["http", "grpc", "tcp"].contains(protocolName),
      let response = record.response, let format = record.format
    else { return fail("side, outcome, protocol, response or format is missing or not known") }
    guard let identitySource = IdentitySource(rawValue: record.identitySource ?? "none") else {
      return fail("the identity source \"\(record.identitySource ?? "")\" is not known")
    }
    guard let source = TrafficSummaryReader.party(record.source),
      let destination = TrafficSummaryReader.party(record.destination)
    else { return fail("a workload is not written as namespace/name") }
    guard let count = record.count, (1...TrafficSummaryReader.largest).contains(count),
      (0...65_535).contains(record.port ?? 0), (record.bytesReceived ?? 0) >= 0,
      (record.bytesSent ?? 0) >= 0
    else { return fail("a number is missing or out of range") }
    guard let first = record.first?.time,
      let last = record.last?.time,
      first <= last
    else { return fail("first and last are no times in order") }
    guard let latency = TrafficSummaryReader.latency(record.latency?.counts ?? []) else {
      return fail("the latency holds what is no bucket")
    }
    requestCount += count
    let key = ObservedRequestKey(
      day: day, side: side, source: source, destination: destination, port: record.port,
      protocolName: protocolName, method: record.method, pathTemplate: record.path,
      responseClass: response, outcome: outcome, deniedBy: record.deniedBy,
      identitySource: identitySource, isPathTrusted: record.isPathTrusted ?? false,
      isMTLS: record.isMTLS, format: format)
    let sum = ObservedRequestSum(
      count: count, firstSeen: first, lastSeen: last, bytesReceived: record.bytesReceived ?? 0,
      bytesSent: record.bytesSent ?? 0, latency: latency)
    guard let halves = record.halves else {
      summary?.result.add(sum, to: key)
      return
    }
    readHalves(halves, record, sum, of: key)
  }

  private mutating func readHalves(
    _ text: String, _ record: TrafficSummaryRecord, _ sum: ObservedRequestSum,
    of key: ObservedRequestKey
  ) {
    guard let halves = PairText.halves(text), halves.count <= sum.count else {
      return fail("its halves of pairs are none")
    }
    var rest: PairRows.Times?
    if halves.count < sum.count {
      guard let first = record.restFirst?.time,
        let last = record.restLast?.time, sum.firstSeen <= first, first <= last,
        last <= sum.lastSeen
      else { return fail("it does not tell when its other lines were") }
      rest = PairRows.Times(first: first, last: last)
    }
    guard let row = summary?.result.add(sum, rest: rest, to: key) else { return }
    summary?.result.pairs.add(
      halves.lazy.map { hash, half in
        var entry = PairSample.Entry(hash: hash)
        entry[key.side] = half
        entry[key.side]?.row = row
        return entry
      })
  }

  private mutating func readCoverage(_ record: TrafficSummaryRecord) {
    guard let workload = record.coverage.flatMap(TrafficSummaryRecord.workload),
      let first = record.first?.time, let last = record.last?.time,
      let lines = record.lines, (0...TrafficSummaryReader.largest).contains(lines)
    else { return fail("the coverage of a workload lacks its name, first, last or lines") }
    var hoursByDay: [Int: UInt32] = [:]
    for (text, hours) in record.hours ?? [:] {
      guard let day = UTCTime(text), day.dayText == text, (0..<1 << 24).contains(hours) else {
        return fail("the hours of \"\(text)\" are none")
      }
      hoursByDay[Int(day.seconds / 86_400)] = UInt32(hours)
    }
    summary?.result.cover(
      workload,
      LogCoverage(firstSeen: first, lastSeen: last, lineCount: lines, hoursByDay: hoursByDay))
  }

  private mutating func readPathDepth(_ record: TrafficSummaryRecord) {
    guard let destination = TrafficSummaryReader.party(record.destination),
      let depth = record.pathDepth, depth >= 0, let response = record.response,
      let outcome = record.outcome.flatMap(ObservedRequestKey.Outcome.init(rawValue:))
    else { return fail("the depth of paths lacks its destination, outcome or response") }
    let group = PathGroup(destination: destination, outcome: outcome, responseClass: response)
    summary?.result.pathDepths.merge([group: depth], uniquingKeysWith: min)
  }

  private static func party(_ party: TrafficSummaryRecord.Party?) -> ObservedParty? {
    guard let party else { return ObservedParty() }
    return party.party
  }

  private static func latency(_ counts: [(lower: Int?, count: Int)]) -> LatencyHistogram? {
    guard !counts.isEmpty else { return LatencyHistogram() }
    var buckets = [UInt64](repeating: 0, count: LatencyHistogram.bucketCount)
    for (lower, count) in counts {
      guard let lower, lower >= 0, (0...largest).contains(count) else { return nil }
      let bucket = LatencyHistogram.bucket(milliseconds: lower)
      guard LatencyHistogram.lowerBound(bucket: bucket) == lower else { return nil }
      buckets[bucket] += UInt64(count)
    }
    return LatencyHistogram(buckets: buckets)
  }

  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
